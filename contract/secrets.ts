import { z } from "zod";
import { Timestamp, Uuid } from "./pagination.ts";
import { typedText } from "./typed-text.ts";

/**
 * The name by which a flow uses a secret: `{{ secrets.billing_key }}`, in the headers of a webhook and nowhere else.
 */
export const SecretName = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9_]{0,59}$/, "A name begins with a letter and holds up to 60 letters, digits and underscores");

const hostWords = "A host is written as in an address, without a path: api.example.com, or api.example.com:8443";

/** A host as the parser of addresses writes it, with its port where that is not the usual one; undefined if it is none. */
export function readHost(text: string): string | undefined {
  const typed = typedText(text)
    .replace(/^https?:\/\//i, "")
    .replace(/\/$/, "");
  if (typed === "" || /[\s/?#@\\*]/.test(typed)) return undefined;
  return URL.parse(`https://${typed}/`)?.host;
}

const Host = z
  .string()
  .max(300)
  .transform((text, context) => {
    const host = readHost(text);
    if (host !== undefined) return host;
    context.addIssue({ code: "custom", message: hostWords });
    return z.NEVER;
  });

export const mostHosts = 20;

/**
 * A secret and the hosts to which webhooks may send it. Both are given together: a secret that could be aimed at another
 * host without being known could be read there.
 */
export const SecretInput = z.strictObject({
  value: z
    .string()
    .min(1)
    .max(4096)
    // The characters that a header may contain.
    .regex(/^[\x20-\x7e]+$/, "A secret holds letters, digits and signs of ASCII on one line"),
  hosts: z
    .array(Host)
    .min(1, "Name at least one host that may receive the secret")
    .max(mostHosts)
    .transform((hosts) => [...new Set(hosts)]),
});

/** A secret as its workspace may see it, which is never the value. */
export const Secret = z.object({ name: z.string(), hosts: z.array(z.string()), updatedBy: Uuid.nullable(), updatedAt: Timestamp });
export type Secret = z.infer<typeof Secret>;
