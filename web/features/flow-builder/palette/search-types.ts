import type { NodeDefinition } from "#contract/node-definition.ts";
import { addableTypes } from "./addable-types.ts";

/**
 * The types whose name or description has every word of a query. Those whose name has more of them come first, and a whole word
 * counts twice: "wait until" finds the step of that name before one that waits until something comes, and "end" finds the end
 * before "Send SMS".
 */
export function searchTypes(query: string): NodeDefinition[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const nameOf = ({ label, type }: NodeDefinition) => `${label} ${type}`.toLowerCase();
  const found = addableTypes().filter((one) => words.every((word) => `${nameOf(one)} ${one.description.toLowerCase()}`.includes(word)));
  const score = (one: NodeDefinition) => {
    const name = nameOf(one);
    const whole = new Set(name.split(/[\s_]+/));
    return words.reduce((sum, word) => sum + (whole.has(word) ? 2 : name.includes(word) ? 1 : 0), 0);
  };
  return found.toSorted((a, b) => score(b) - score(a));
}
