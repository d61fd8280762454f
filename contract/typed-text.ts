/**
 * Marks that nobody sees: directions of writing, joiners of width zero, byte order marks, soft hyphens. They come along when
 * a value is copied from an address book or a chat, and make a number or an address unreadable. The joiners that Persian
 * and emoji need (U+200C, U+200D, U+FE0E, U+FE0F) stay.
 */
const invisible = /[\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB]|[\uFE00-\uFE0D]/g;

/** A formula that only holds a text (`="0664 1"`, `=T("0664 1")`), as programs write it so that a spreadsheet keeps zeros. */
const formula = /^=\s*(?:T\s*\(\s*)?"((?:[^"]|"")*)"\s*\)?$/i;
const quoted = /^"([^"]*)"$/;
/** The apostrophe that a spreadsheet hides before a number, and that exports put before what would be a formula. */
const apostrophe = /^['‘’`´](?=[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]|[\d\s().\-/]+$)/;

/** The value that somebody typed or a file holds, without invisible marks and without what only wrapped it. */
export function typedText(text: string): string {
  let value = text.replace(invisible, "").trim();
  for (;;) {
    const inner = formula.exec(value)?.[1]?.replaceAll('""', '"') ?? quoted.exec(value)?.[1] ?? value.replace(apostrophe, "");
    const next = inner.trim();
    if (next === value) return value;
    value = next;
  }
}
