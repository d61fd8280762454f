import { expect, test } from "vitest";
import { NonRetriableError } from "#engine/flow/node-executor.ts";
import { nodeContext } from "#test/node-context.ts";
import { setVariable } from "./definition.ts";
import { executeSetVariable } from "./executor.ts";

const run = (config: Record<string, unknown>, trigger: Record<string, unknown> = {}) =>
  executeSetVariable(nodeContext({ config: setVariable.config.parse(config), trigger, variables: { old: "kept" } }));

test("refuses names that reach into the language, that are too long or no names, and values that could never be read", () => {
  for (const config of [
    { name: "__proto__", value: "x" },
    { name: "constructor", value: "x" },
    { name: "prototype", value: "x" },
    { name: "a.b", value: "x" },
    { name: "1st", value: "x" },
    { name: "", value: "x" },
    { name: "a".repeat(41), value: "x" },
    { name: "a" },
    { name: "a", value: "{{ firstname" },
    { name: "a", value: "{{ 1 + 1 }}" },
    { name: "a", value: "x".repeat(10_001) },
    { name: "a", value: "x", as: "date" },
  ]) {
    expect(setVariable.config.safeParse(config).success, JSON.stringify(config).slice(0, 60)).toBe(false);
  }
});

test("fills in its value and keeps it as a text, a number or yes and no", () => {
  expect(run({ name: "hello", value: "Hi {{ firstname }}, {{ old }}" })).toMatchObject({
    type: "next",
    variables: { hello: "Hi Ada, kept" },
  });
  expect(run({ name: "n", value: "{{ trigger.n }}", as: "number" }, { n: "-12.50" })).toMatchObject({ variables: { n: -12.5 } });
  expect(run({ name: "b", value: "Yes", as: "boolean" })).toMatchObject({ variables: { b: true } });
});

test("fails where the value is not of its type", () => {
  expect(() => run({ name: "n", value: "{{ firstname }}", as: "number" })).toThrow(NonRetriableError);
  expect(() => run({ name: "b", value: "perhaps", as: "boolean" })).toThrow('"perhaps" is no boolean');
});

test("takes the variable away where its value is empty or one of its fields has none", () => {
  expect(run({ name: "old", value: " " })).toMatchObject({ variables: { old: null } });
  expect(run({ name: "old", value: "{{ trigger.x }}" })).toMatchObject({ variables: { old: null }, output: { missing: ["trigger.x"] } });
});
