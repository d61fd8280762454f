import { isForbiddenName } from "./paths.ts";

export interface ValueSize {
  /** The characters of texts and names together, which is roughly the length of the value as JSON. */
  characters: number;
  problem?: "nesting" | "keys" | "text" | "forbidden_name";
}

/** Measures a value, no further than the limits allow. It does not recurse, because a deep value must not break the stack. */
export function measureValue(value: unknown, limits: { nesting: number; keys: number; text: number }): ValueSize {
  const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  let keys = 0;
  let characters = 0;
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    characters += typeof item.value === "string" ? item.value.length + 2 : 4;
    if (characters > limits.text) return { characters, problem: "text" };
    if (typeof item.value !== "object" || item.value === null) continue;
    if (item.depth > limits.nesting) return { characters, problem: "nesting" };
    const isList = Array.isArray(item.value);
    for (const name of Object.keys(item.value)) {
      keys += 1;
      if (keys > limits.keys) return { characters, problem: "keys" };
      if (!isList) {
        if (isForbiddenName(name)) return { characters, problem: "forbidden_name" };
        characters += name.length + 3;
      }
      open.push({ value: (item.value as Record<string, unknown>)[name], depth: item.depth + 1 });
    }
  }
  return { characters };
}
