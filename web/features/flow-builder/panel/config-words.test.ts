import { expect, test } from "vitest";
import { nodeTypeDescriptions } from "#nodes/describe-types.ts";
import { type ConfigSchema, controlOf, leastValue, memberFor } from "./config-schema.ts";
import { choiceWords, keyWords } from "./config-words.ts";

interface Found {
  keys: Set<string>;
  choices: Set<string>;
}

/** Every key and every choice of a schema that a person sees. */
function collect(schema: ConfigSchema, found: Found): void {
  for (const one of schema.oneOf ?? []) collect(one, found);
  if (schema.const !== undefined) found.choices.add(String(schema.const));
  for (const choice of schema.enum ?? []) found.choices.add(String(choice));
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    if (key === "id") continue;
    found.keys.add(key);
    collect(inner, found);
  }
  if (schema.items) collect(schema.items, found);
}

const types = nodeTypeDescriptions.map(({ type }) => type);
const configSchema = (type: string) => nodeTypeDescriptions.find((one) => one.type === type)?.config as ConfigSchema | undefined;

test.each(types)("every setting and every choice of %s has words", (type) => {
  const found: Found = { keys: new Set(), choices: new Set() };
  collect(configSchema(type) as ConfigSchema, found);
  expect([...found.keys].filter((key) => keyWords[key] === undefined)).toEqual([]);
  expect([...found.choices].filter((choice) => choiceWords[choice] === undefined)).toEqual([]);
});

test("a new item of every list, and every choice between variants, begins with a value of the right form", () => {
  const begin = (schema: ConfigSchema): void => {
    const control = controlOf(schema, "");
    if (control.kind === "list") {
      const value = leastValue(control.item) as Record<string, unknown>;
      expect(Object.keys(value).toSorted()).toEqual((memberFor(control.item, {}).required ?? []).toSorted());
    }
    for (const inner of [...(schema.oneOf ?? []), ...Object.values(schema.properties ?? {}), ...(schema.items ? [schema.items] : [])])
      begin(inner);
  };
  for (const type of types) begin(configSchema(type) as ConfigSchema);
});

test("two new items of a list are told apart by their ids", () => {
  const branches = configSchema("condition")?.properties?.branches?.items as ConfigSchema;
  expect((leastValue(branches) as { id: string }).id).not.toBe((leastValue(branches) as { id: string }).id);
});
