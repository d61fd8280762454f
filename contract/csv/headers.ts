import { foldName } from "../fold.ts";
import { isForbiddenName } from "../paths.ts";
import { storableText } from "../storable.ts";

const longestName = 200;

/** A cell of the header as the settings of an import repeat it. */
export const headerText = (cell: string): string => storableText(cell).trim().slice(0, longestName);

/**
 * The name of each column: for messages, and for the custom field that it may become. A column without a usable name is
 * called by its place, and a name that stands twice gets a number, so that no value takes the place of another.
 */
export function columnNames(header: readonly string[]): string[] {
  const taken = new Set<string>();
  return header.map((cell, index) => {
    const own = storableText(cell).trim();
    const isUsable = own.length > 0 && own.length <= longestName && !isForbiddenName(own) && !own.includes("\u{FFFD}");
    const base = isUsable ? own : `Column ${index + 1}`;
    let name = base;
    for (let times = 2; taken.has(name); times += 1) name = `${base} (${times})`;
    taken.add(name);
    return name;
  });
}

/** Lower case, without accents, words parted by single spaces: "E-mail 1 - Value" → "e mail 1 value". */
export const plainWords = (text: string): string =>
  foldName(text)
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
