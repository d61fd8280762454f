/** Pieces of a path after its first name: `.key`, or a name of any characters in brackets and quotes. */
const piece = /\.([\p{L}\p{N}_-]+)|\[\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)')\s*\]/uy;
const firstName = /[\p{L}_][\p{L}\p{N}_-]*/uy;

/** The number of characters that the name of a custom field may have. */
export const longestFieldName = 200;

/**
 * Splits `contact.custom["Company Name"].x` into its names. A name with blanks, dots or signs stands in brackets and quotes;
 * a quotation mark inside of it is doubled. Undefined: the text is no such path.
 */
export function parseFieldPath(text: string): string[] | undefined {
  firstName.lastIndex = 0;
  const first = firstName.exec(text)?.[0];
  if (first === undefined) return undefined;
  const path = [first];
  piece.lastIndex = first.length;
  while (piece.lastIndex < text.length) {
    const found = piece.exec(text);
    if (!found) return undefined;
    const [, plain, double, single] = found;
    const name = plain ?? double?.replaceAll('""', '"') ?? single?.replaceAll("''", "'") ?? "";
    if (name === "" || name.length > longestFieldName) return undefined;
    path.push(name);
  }
  return path;
}

/** The names of a field that the configuration of a node names. Without brackets, dots part them, whatever is between. */
export const splitField = (field: string): readonly string[] =>
  (field.includes("[") ? parseFieldPath(field) : undefined) ?? field.split(".");

/** Writes a path as the author of a text writes it. The opposite of `parseFieldPath`. */
export const writeFieldPath = ([first = "", ...rest]: readonly string[]): string =>
  first + rest.map((name) => (/^[\p{L}\p{N}_-]+$/u.test(name) ? `.${name}` : `[${quote(name)}]`)).join("");

/** Marks that the name does not hold are taken, so that nothing needs to be doubled where it can be avoided. */
const quote = (name: string) => (name.includes('"') && !name.includes("'") ? `'${name}'` : `"${name.replaceAll('"', '""')}"`);
