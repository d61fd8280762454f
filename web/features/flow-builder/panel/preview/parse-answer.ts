import { parseExactJson } from "#contract/exact-json.ts";

/** The data of an answer; undefined where it is empty or no JSON. Numbers that a browser would round stay texts. */
export function parseAnswer(body: string): { value: unknown } | undefined {
  if (body.trim() === "") return undefined;
  try {
    return { value: parseExactJson(body) };
  } catch {
    return undefined;
  }
}

/** A name for a kept value, made of the end of its path, which no other value has. */
export function nameFor(path: string, taken: readonly string[]): string {
  const last = path.split(".").findLast((part) => !/^\d+$/.test(part)) ?? "value";
  const plain = last
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z\d]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 36);
  const name = plain === "" ? "value" : plain;
  if (!taken.includes(name)) return name;
  for (let number = 2; ; number += 1) if (!taken.includes(`${name}_${number}`)) return `${name}_${number}`;
}
