import { type MergeField, templatePieces, writeMergeField } from "./template.ts";

/**
 * Puts words in the places of the merge fields of a text, for tools that read HTML and would take what is between braces for
 * text of their own. `show` puts the fields back: inside of a tag with marks that do not end the value of an attribute.
 */
export function hideFields(html: string): { hidden: string; show: (changed: string) => string } {
  const pieces = templatePieces(html);
  const word = unusedWord(html);
  const hidden: string[] = [];
  const fields: { raw: string; inTag: string }[] = [];
  for (const { raw, field } of pieces) {
    if (!field) {
      hidden.push(raw);
      continue;
    }
    hidden.push(`${word}${fields.length}x`);
    fields.push({ raw, inTag: fieldInTag(raw, field) });
  }
  const place = new RegExp(`${word}(\\d{1,6})x`, "g");
  const show = (changed: string) => {
    let isInTag = false;
    let from = 0;
    return changed.replace(place, (whole, index: string, at: number) => {
      // What was cleaned has no other brackets than those of tags.
      const passed = changed.slice(from, at);
      const [open, close] = [passed.lastIndexOf("<"), passed.lastIndexOf(">")];
      if (open !== -1 || close !== -1) isInTag = open > close;
      from = at + whole.length;
      const field = fields[Number(index)];
      return field ? (isInTag ? field.inTag : field.raw) : whole;
    });
  };
  return { hidden: hidden.join(""), show };
}

/** A field as it can stand inside of a tag: with marks that end neither the value of an attribute nor the tag. */
export const fieldInTag = (raw: string, field: MergeField): string =>
  /["<>]/.test(raw) ? writeMergeField({ ...field, filters: field.filters.map(withoutMarks) }, "'") : raw;

type Filter = MergeField["filters"][number];
const withoutMarks = (filter: Filter): Filter =>
  typeof filter.argument === "string"
    ? { ...filter, argument: filter.argument.replaceAll("'", "’").replaceAll("<", "‹").replaceAll(">", "›") }
    : filter;

/** A word that does not occur in a text. */
export function unusedWord(text: string): string {
  let word = "mergefield";
  while (text.includes(word)) word += "q";
  return word;
}
