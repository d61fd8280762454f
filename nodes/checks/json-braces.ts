import type { TemplatePiece } from "#contract/template.ts";

/** Tells of a place in a text whether braces there may be the beginning of something else than a field. */
export type InQuery = (at: number) => boolean;

/** A word in braces, or a few of them: a name as people write it. */
const named = /\{[\p{L}_$][\p{L}\p{N}_.$-]{0,60}(?: [\p{L}\p{N}_.$-]{1,30}){0,3}\}/gu;
const literals = /"(?:[^"\\]|\\.)*"/g;

/**
 * Reads a text that is JSON, with its merge fields in it. A text of it whose braces hold more than names is a language of its own, such
 * as a query of GraphQL. Undefined where the text is no JSON.
 */
export function readJsonBraces(pieces: readonly TemplatePiece[]): InQuery | undefined {
  const json = pieces.map(({ raw, field }) => (field ? "x".repeat(raw.length) : raw)).join("");
  if (!/^\s*[{[]/.test(json) || !isJson(json)) return undefined;
  const queries = [...json.matchAll(literals)]
    .filter(([literal]) => /[{}]/.test(literal.replace(named, "")))
    .map(({ index, 0: literal }) => ({ from: index, to: index + literal.length }));
  return (at) => queries.some(({ from, to }) => from < at && at < to);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
