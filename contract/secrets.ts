import { z } from "zod";
import { Timestamp, Uuid } from "./pagination.ts";

/**
 * The name by which a flow uses a secret: `{{ secrets.billing_key }}`, in the headers of a webhook and nowhere else.
 */
export const SecretName = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9_]{0,59}$/, "A name begins with a letter and holds up to 60 letters, digits and underscores");

/** The characters that a header may contain. */
export const SecretInput = z.strictObject({
  value: z
    .string()
    .min(1)
    .max(4096)
    .regex(/^[\x20-\x7e]+$/, "A secret holds letters, digits and signs of ASCII on one line"),
});

/** A secret as its workspace may see it, which is never the value. */
export const Secret = z.object({ name: z.string(), updatedBy: Uuid.nullable(), updatedAt: Timestamp });
export type Secret = z.infer<typeof Secret>;

export const mostSecrets = 100;
