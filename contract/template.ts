import { dateFormatProblem, suggestDateFormat, usualDateFormat } from "./date-format.ts";
import { parseFieldPath, writeFieldPath } from "./field-path.ts";
import { suggestReadable } from "./nearest-name.ts";
import { isForbiddenName } from "./paths.ts";

/**
 * Both halves read merge fields by this closed grammar: `{{ path | filter: literal | … }}` and nothing else. It has no
 * loops, conditions, nesting or calls. The scanner looks at each character once, so a text of any shape costs time in
 * proportion to its length. The engine renders a parsed template. docs/merge-fields.md describes it for authors.
 */
export const templateFilters = ["default", "upcase", "downcase", "capitalize", "date", "number", "url"] as const;
/** So many decimals the filter `number` writes at most. */
export const mostDecimals = 10;
export type TemplateFilterName = (typeof templateFilters)[number];

export interface TemplateFilter {
  name: TemplateFilterName;
  argument: string | number | undefined;
}

/** A merge field. `source` is its path as the author wrote it. */
export interface MergeField {
  path: readonly string[];
  source: string;
  filters: readonly TemplateFilter[];
}

/** A template consists of text that is kept as it is and of fields that are filled in. */
export type TemplatePart = { text: string } | MergeField;

/** A sentence for the author of a text, and the field that was probably meant, without braces. */
export interface TemplateProblem {
  message: string;
  suggestion?: string;
}

/** `fields` are the merge fields that could be read, also where others could not. */
export type ParsedTemplate =
  | { parts: readonly TemplatePart[]; fields: readonly MergeField[]; problem?: undefined; problems: readonly [] }
  | { parts?: undefined; fields: readonly MergeField[]; problem: string; problems: readonly TemplateProblem[] };
const namespaces = new Set(["contact", "custom", "metadata", "trigger", "input", "workspace", "variables", "steps"]);
const longestField = 300;

/** A piece of a text: what is kept as it is, or braces with what is between them. `raw` is the piece as it is written. */
export interface TemplatePiece {
  raw: string;
  field?: MergeField;
  problem?: TemplateProblem;
}

/** For so many names of a text that cannot be read the one is found that was meant. To find it takes longer than to read on. */
const mostCorrected = 50;

/** The pieces of a text in their order, which joined are the text. A field that does not end is the last one, with all behind it. */
export function templatePieces(text: string): TemplatePiece[] {
  const pieces: TemplatePiece[] = [];
  let position = 0;
  let wrong = 0;
  for (;;) {
    const open = text.indexOf("{{", position);
    if (open === -1) break;
    if (open > position) pieces.push({ raw: text.slice(position, open) });
    const close = findClose(text, open + 2);
    if (close === -1) {
      const message = `A merge field begins with "{{" and does not end: ${excerpt(text, open)}`;
      return [...pieces, { raw: text.slice(open), problem: { message } }];
    }
    const raw = text.slice(open, close + 2);
    const field = parseField(text.slice(open + 2, close), wrong < mostCorrected);
    if ("message" in field) wrong += 1;
    pieces.push("message" in field ? { raw, problem: field } : { raw, field });
    position = close + 2;
  }
  if (position < text.length) pieces.push({ raw: text.slice(position) });
  return pieces;
}

/** Splits a text into its parts. `problems` are all that it has, `problem` is the first of them, and then there are no parts. */
export function parseTemplate(text: string): ParsedTemplate {
  const pieces = templatePieces(text);
  const fields = pieces.flatMap(({ field }) => field ?? []);
  const problems = pieces.flatMap(({ problem }) => problem ?? []);
  const [first] = problems;
  if (first) return { fields, problem: first.message, problems };
  return { parts: pieces.map(({ raw, field }) => field ?? { text: raw }), fields, problems: [] };
}

/** The text with other braces where `rewrite` gives some: `{{ firstname }}` for a piece that it knows, undefined to leave it. */
export const rewriteFields = (text: string, rewrite: (piece: TemplatePiece) => string | undefined): string =>
  templatePieces(text)
    .map((piece) => rewrite(piece) ?? piece.raw)
    .join("");

/**
 * Writes a merge field as an author does. The opposite of `parseTemplate`. `quote` is what values of filters stand in: the
 * other one than that of the attribute around it.
 */
export function writeMergeField({ source, filters }: Pick<MergeField, "source" | "filters">, quote: '"' | "'" = '"'): string {
  const written = filters.map(({ name, argument }) => {
    if (typeof argument !== "string") return argument === undefined ? name : `${name}: ${argument}`;
    const [own, other] = quote === '"' ? ['"', "'"] : ["'", '"'];
    // A value cannot hold both kinds of marks, so one of them is written as a typographic one.
    const held = argument.includes(own) && argument.includes(other) ? argument.replaceAll(own, own === '"' ? "”" : "’") : argument;
    const mark = held.includes(own) ? other : own;
    return `${name}: ${mark}${held}${mark}`;
  });
  return `{{ ${[source, ...written].join(" | ")} }}`;
}

/** Gives fields of a text other names. `rename` is given a path and answers the new one, or undefined where it stays. */
export const renameFields = (text: string, rename: (path: readonly string[]) => readonly string[] | undefined): string =>
  rewriteFields(text, ({ raw, field }) => {
    const next = field && rename(field.path);
    return next && raw.replace(field.source, () => writeFieldPath(next));
  });

/** Finds the "}}" that ends a field. It looks outside of quotes, and only as far as a field may be long. -1: there is none. */
function findClose(text: string, from: number): number {
  let quote = "";
  const end = Math.min(text.length - 1, from + longestField);
  for (let i = from; i < end; i += 1) {
    const character = text[i] as string;
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "}" && text[i + 1] === "}") return i;
  }
  return -1;
}

function parseField(inside: string, isCorrected: boolean): MergeField | TemplateProblem {
  const [head = "", ...rest] = splitOutsideQuotes(inside, "|");
  const source = head.trim();
  const path = parseFieldPath(source);
  if (!path) {
    const suggestion = isCorrected ? suggestReadable(source) : undefined;
    return { message: `"{{${inside}}}" does not name a field.${didYouMean(suggestion)}`, suggestion };
  }
  if (path.some(isForbiddenName)) return { message: `"${source}" is not a field` };
  const first = path[0] as string;
  if (path.length > 1 && !namespaces.has(first)) {
    return {
      message: `"${source}" is not a field: a name with a dot begins with contact, custom, input, metadata, trigger, variables, steps or workspace`,
    };
  }
  const filters: TemplateFilter[] = [];
  for (const piece of rest) {
    const filter = parseFilter(piece, source);
    if (typeof filter === "string") return { message: filter };
    filters.push(filter);
  }
  return { path, source, filters };
}

/** The second sentence of a problem, where something near was found. */
export const didYouMean = (suggestion: string | undefined): string => (suggestion ? ` Did you mean {{ ${suggestion} }}?` : "");

function parseFilter(piece: string, source: string): TemplateFilter | string {
  const colon = piece.indexOf(":");
  const name = (colon === -1 ? piece : piece.slice(0, colon)).trim();
  if (!(templateFilters as readonly string[]).includes(name)) {
    return `"${name}" in the merge field ${source} is not a filter; there are ${templateFilters.join(", ")}`;
  }
  if (name === "url" && colon !== -1) return `The filter url of the merge field ${source} takes no value`;
  if (colon === -1) {
    return name === "default"
      ? `The filter default of the merge field ${source} needs a value, as in default: "there"`
      : { name: name as TemplateFilterName, argument: undefined };
  }
  const argument = parseLiteral(piece.slice(colon + 1).trim());
  if (argument === undefined) return `The value of the filter ${name} in the merge field ${source} must be a quoted text or a number`;
  if (name === "date") {
    const problem = dateFormatProblem(String(argument));
    const meant = problem && suggestDateFormat(String(argument));
    if (problem) {
      return `"${argument}" in the merge field ${source} is no date format: ${problem}, as in "${usualDateFormat}".${meant ? ` Did you mean "${meant}"?` : ""}`;
    }
  }
  if (name === "number" && !(typeof argument === "number" && Number.isInteger(argument) && argument >= 0 && argument <= mostDecimals)) {
    return `The value of the filter number in the merge field ${source} is how many decimals are written, from 0 to ${mostDecimals}`;
  }
  return { name: name as TemplateFilterName, argument };
}

function parseLiteral(text: string): string | number | undefined {
  const quote = text[0];
  if (text.length >= 2 && (quote === '"' || quote === "'") && text.endsWith(quote)) {
    const inside = text.slice(1, -1);
    return inside.includes(quote) ? undefined : inside;
  }
  return /^-?\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const pieces: string[] = [];
  let quote = "";
  let start = 0;
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i] as string;
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (character === separator) {
      pieces.push(text.slice(start, i));
      start = i + 1;
    }
  }
  pieces.push(text.slice(start));
  return pieces;
}

const excerpt = (text: string, from: number) => JSON.stringify(text.slice(from, from + 30));
