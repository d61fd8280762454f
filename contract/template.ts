import { isForbiddenName } from "./paths.ts";

/**
 * Both halves read merge fields by this closed grammar: `{{ path | filter: literal | … }}` and nothing else. It has no
 * loops, conditions, nesting or calls. The scanner looks at each character once, so a text of any shape costs time in
 * proportion to its length. The engine renders a parsed template.
 */
export const templateFilters = ["default", "upcase", "downcase", "capitalize", "date", "number"] as const;
export type TemplateFilterName = (typeof templateFilters)[number];

export interface TemplateFilter {
  name: TemplateFilterName;
  argument: string | number | undefined;
}

/** A template consists of text that is kept as it is and of fields that are filled in. */
export type TemplatePart = { text: string } | { path: readonly string[]; source: string; filters: readonly TemplateFilter[] };

export type ParsedTemplate = { parts: readonly TemplatePart[]; problem?: undefined } | { parts?: undefined; problem: string };
const namespaces = new Set(["contact", "metadata", "trigger", "workspace", "variables", "steps"]);
const longestField = 300;

/** Splits a text into its parts. `problem` is a sentence for the author of the text, and then there are no parts. */
export function parseTemplate(text: string): ParsedTemplate {
  const parts: TemplatePart[] = [];
  let position = 0;
  for (;;) {
    const open = text.indexOf("{{", position);
    if (open === -1) break;
    if (open > position) parts.push({ text: text.slice(position, open) });
    const close = findClose(text, open + 2);
    if (close === -1) return { problem: `A merge field begins with "{{" and does not end: ${excerpt(text, open)}` };
    const field = parseField(text.slice(open + 2, close));
    if (typeof field === "string") return { problem: field };
    parts.push(field);
    position = close + 2;
  }
  if (position < text.length) parts.push({ text: text.slice(position) });
  return { parts };
}

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

function parseField(inside: string): Extract<TemplatePart, { path: unknown }> | string {
  const [head = "", ...rest] = splitOutsideQuotes(inside, "|");
  const source = head.trim();
  if (!/^[\p{L}_][\p{L}\p{N}_-]*(\.[\p{L}\p{N}_-]+)*$/u.test(source)) return `"{{${inside}}}" does not name a field`;
  const path = source.split(".");
  if (path.some(isForbiddenName)) return `"${source}" is not a field`;
  const first = path[0] as string;
  if (path.length > 1 && !namespaces.has(first)) {
    return `"${source}" is not a field: a name with a dot begins with contact, metadata, trigger, variables, steps or workspace`;
  }
  const filters: TemplateFilter[] = [];
  for (const piece of rest) {
    const filter = parseFilter(piece, source);
    if (typeof filter === "string") return filter;
    filters.push(filter);
  }
  return { path, source, filters };
}

function parseFilter(piece: string, source: string): TemplateFilter | string {
  const colon = piece.indexOf(":");
  const name = (colon === -1 ? piece : piece.slice(0, colon)).trim();
  if (!(templateFilters as readonly string[]).includes(name)) {
    return `"${name}" in the merge field ${source} is not a filter; there are ${templateFilters.join(", ")}`;
  }
  if (colon === -1) {
    return name === "default"
      ? `The filter default of the merge field ${source} needs a value, as in default: "there"`
      : { name: name as TemplateFilterName, argument: undefined };
  }
  const argument = parseLiteral(piece.slice(colon + 1).trim());
  if (argument === undefined) return `The value of the filter ${name} in the merge field ${source} must be a quoted text or a number`;
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
