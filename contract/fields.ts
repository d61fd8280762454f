import { z } from "zod";
import { Uuid } from "./pagination.ts";

export const fieldGroups = ["contact", "custom", "trigger", "workspace"] as const;
/** `data`: an object or a list, of which a text names a part. */
export const fieldKinds = ["text", "number", "boolean", "date", "choice", "data"] as const;

/** A field that texts and tests of flows may name, and how often it has a value. */
export const CatalogueField = z.object({
  /** The name as it stands between the braces: `firstname`, `custom.plan`, `custom["Größe (cm)"]`. */
  path: z.string(),
  label: z.string(),
  group: z.enum(fieldGroups),
  kind: z.enum(fieldKinds),
  /** Of so many it has a value: contacts, or enrollments for what comes with a send. */
  filled: z.number().int(),
  looked: z.number().int(),
  /** Values in use, the most frequent first, where the field is a choice or holds the tags. */
  choices: z.array(z.string()).optional(),
});
export type CatalogueField = z.infer<typeof CatalogueField>;

export const FieldCatalogueQuery = z.strictObject({ flowId: Uuid.optional() });

export const FieldCatalogue = z.object({
  items: z.array(CatalogueField),
  /** The contacts that were counted. `isSample`: there are more, and these are the newest. */
  contacts: z.object({ looked: z.number().int(), isSample: z.boolean() }),
});
export type FieldCatalogue = z.infer<typeof FieldCatalogue>;
