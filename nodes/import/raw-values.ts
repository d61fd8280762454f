import { isRecord } from "../graph/checked-node.ts";

export type Raw = Record<string, unknown>;

/** One form for every spelling of a name: `imageUrl`, `image_url` and `image-url` are `imageurl`. */
export const foldKey = (name: string): string => name.toLowerCase().replace(/[-_\s.]/g, "");

/** Reads settings of a step by any spelling of their names, and knows which of them nobody has read. */
export interface RawReader {
  /** The first of the values that is there. Names are folded ones. */
  take(...names: string[]): unknown;
  /** The same, as text. A number counts as the text of its digits. */
  text(...names: string[]): string | undefined;
  number(...names: string[]): number | undefined;
  list(...names: string[]): unknown[] | undefined;
  record(...names: string[]): Raw | undefined;
  /** What stands there, without counting as read. */
  peek(name: string): unknown;
  /** The keys that hold something and were not read, as they are spelled. */
  unread(): string[];
}

/** Reads several objects as one. What the first of them holds goes before what the others hold. */
export function readRaw(...sources: readonly Raw[]): RawReader {
  const entries = sources.flatMap((source) => Object.entries(source)).filter(([, value]) => !isNothing(value));
  const read = new Set<string>();
  const find = (names: string[], fits: (value: unknown) => boolean): unknown => {
    for (const name of names) {
      const found = entries.find(([key, value]) => foldKey(key) === name && fits(value));
      if (!found) continue;
      read.add(found[0]);
      return found[1];
    }
    return undefined;
  };
  return {
    take: (...names) => find(names, () => true),
    text: (...names) => toText(find(names, (value) => toText(value) !== undefined)),
    number: (...names) => toNumber(find(names, (value) => toNumber(value) !== undefined)),
    list: (...names) => find(names, (value) => Array.isArray(value)) as unknown[] | undefined,
    record: (...names) => find(names, isRecord) as Raw | undefined,
    peek: (name) => entries.find(([key]) => foldKey(key) === name)?.[1],
    unread: () => [...new Set(entries.map(([key]) => key))].filter((key) => !read.has(key)),
  };
}

/** Whether a value says nothing, as an empty field of a form does. */
const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);

const toText = (value: unknown): string | undefined =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;

function toNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  return typeof value === "string" && /^\s*-?\d{1,15}(\.\d{1,6})?\s*%?\s*$/.test(value) ? Number.parseFloat(value) : undefined;
}
