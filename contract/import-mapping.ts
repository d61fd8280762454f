import { contactFields, fileName, importableFields } from "./contact-fields.ts";
import type { ImportMapping, ImportTarget } from "./imports.ts";
import { isForbiddenName } from "./paths.ts";

/** Columns that only say what kind of value the next one holds ("Phone 1 - Label"), or nothing at all. */
const labelOfValue = /^(e mail|phone|address|website|relation|event|im|custom field|organization) \d+ (label|type)$/;

export const isUsableHeader = (header: string): boolean => header.length > 0 && header.length <= 200 && !isForbiddenName(header);

/**
 * Guesses the target of each column of a CSV file. A guess drops nobody's data: a column that is not recognised becomes
 * metadata under its own name. Of several columns for one field, the one whose name stands first in the field's `headers`
 * gets it, and the others stay metadata. Consent is taken only from a column that says so.
 */
export function guessMapping(headers: readonly string[]): ImportMapping {
  const usable = [...new Set(headers.map((header) => header.trim()))].filter(isUsableHeader);
  const mapping = new Map<string, ImportTarget>(usable.map((header) => [header, labelOfValue.test(plain(header)) ? "ignore" : "metadata"]));
  for (const field of importableFields) {
    const found = contactFields[field].headers.flatMap((name) => usable.filter((header) => plain(header) === name))[0];
    if (found !== undefined) mapping.set(found, fileName(field));
  }
  return Object.fromEntries(mapping);
}

/** Lower case, without accents, words parted by single spaces: "E-mail 1 - Value" → "e mail 1 value". */
function plain(header: string): string {
  return header
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
