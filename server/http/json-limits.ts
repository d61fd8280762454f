import type { Problem } from "#contract/api-errors.ts";
import { isForbiddenName } from "#contract/paths.ts";
import { unstorablePart } from "#contract/storable.ts";

const maxDepth = 20;

/**
 * Finds what no part of a request may contain, whatever its schema. Schemas with free-form parts (metadata, trigger
 * data, node configs) would otherwise let it through to code and columns that cannot take it.
 */
export function findForbidden(value: unknown): Problem[] {
  const problems: Problem[] = [];
  visit(value, [], problems);
  return problems;
}

/** `path` is one list for the whole walk: a new one for each value would cost more than looking at it. */
function visit(value: unknown, path: string[], problems: Problem[]): void {
  if (problems.length >= 20) return;
  if (typeof value === "string") {
    const fault = faultOf(value);
    if (fault) problems.push({ path: path.join("."), message: fault });
    return;
  }
  if (typeof value !== "object" || value === null) return;
  if (path.length >= maxDepth) {
    problems.push({ path: path.join("."), message: `Nested deeper than ${maxDepth} levels` });
    return;
  }
  const visitInside = (key: string, inside: unknown) => {
    path.push(key);
    visit(inside, path, problems);
    path.pop();
  };
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) if (typeof item === "object" || typeof item === "string") visitInside(String(index), item);
    return;
  }
  for (const key of Object.keys(value)) {
    const fault = isForbiddenName(key) ? `"${key}" is not allowed as a name` : faultOf(key);
    if (fault) problems.push({ path: (faultOf(key) ? path : [...path, key]).join("."), message: fault });
    else visitInside(key, (value as Record<string, unknown>)[key]);
  }
}

const faults = {
  nul: "Contains the character NUL, which cannot be stored",
  surrogate: "Contains half of a surrogate pair, which is not valid Unicode",
};

function faultOf(text: string): string | undefined {
  const part = unstorablePart(text);
  return part && faults[part];
}
