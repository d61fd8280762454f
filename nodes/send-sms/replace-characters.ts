import { rewriteFields, writeMergeField } from "#contract/template.ts";

/**
 * The text with other characters in the places of some, also in what stands in for missing values. The braces of a field stay
 * readable: a default with a straight quotation mark stands in the other kind.
 */
export function replaceCharacters(text: string, instead: ReadonlyMap<string, string>): string {
  const replace = (piece: string) => [...piece].map((character) => instead.get(character) ?? character).join("");
  return rewriteFields(text, ({ raw, field, problem }) => {
    if (problem) return undefined;
    if (!field) return replace(raw);
    const filters = field.filters.map((filter) =>
      filter.name === "default" && typeof filter.argument === "string" ? { ...filter, argument: replace(filter.argument) } : filter,
    );
    return filters.every(({ argument }, at) => argument === field.filters[at]?.argument)
      ? undefined
      : writeMergeField({ ...field, filters });
  });
}
