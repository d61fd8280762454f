import { describe, expect, test } from "vitest";
import { FlowInput, FlowInputs, isContactField, readInputValue, sampleOf } from "./flow-inputs.ts";

const input = (more: Record<string, unknown>) => ({ name: "amount", label: "Amount", type: "number", ...more });
const problems = (value: unknown) =>
  FlowInputs.safeParse([value].flat()).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];

describe("what a flow asks for is refused", () => {
  test("with a name that cannot be read, or one that is taken", () => {
    for (const name of ["", "1st", "Amount", "a b", "a.b", "constructor", "a".repeat(41)])
      expect(problems(input({ name })), name).not.toEqual([]);
    expect(problems([input({}), input({ label: "Other" })])).toEqual(["1.name: Another value has the name “amount”"]);
  });

  test("without a label, of an unknown kind, as a choice of nothing or of the same twice, and with a default of another kind", () => {
    expect(problems(input({ label: " " }))).toEqual(["0.label: Needed"]);
    expect(problems(input({ type: "money" }))).toHaveLength(1);
    expect(problems(input({ type: "choice" }))).toEqual(["0.choices: A choice needs at least one value to choose"]);
    expect(problems(input({ type: "choice", choices: ["Red", "red "] }))).toEqual(["0.choices.1: “red” is there already"]);
    expect(problems(input({ default: "soon" }))).toEqual(["0.default: “soon” is not a number"]);
    expect(problems(input({ type: "contact_field", default: "nothing" }))).toEqual(["0.default: “nothing” is not a field of a contact"]);
  });

  test("beyond twenty values", () => {
    const many = Array.from({ length: 21 }, (_, at) => input({ name: `a${at}` }));
    expect(problems(many)).toEqual([": A flow asks for 20 values at most"]);
  });
});

test.each([
  ["text", " Hello ", "Hello"],
  ["text", 7, "7"],
  ["number", "1,200.50", 1200.5],
  ["number", "-3", -3],
  ["number", 0, 0],
  ["date", "2026-12-31", "2026-12-31"],
  ["date", "2026-12-31T10:00:00Z", "2026-12-31"],
  ["date", new Date("2026-12-31T10:00:00Z"), "2026-12-31"],
  ["yes_no", "Yes", true],
  ["yes_no", false, false],
  ["yes_no", "0", false],
  ["contact_field", 'custom["Company Name"]', 'custom["Company Name"]'],
] as const)("%s takes %s", (type, given, value) => expect(readInputValue({ type }, given)).toEqual({ value }));

test.each([
  ["text", "  ", "Needed"],
  ["text", "a".repeat(2001), "At most 2,000 characters"],
  ["text", { a: 1 }, "This is no single value"],
  ["number", "abc", "“abc” is not a number"],
  ["number", "1,5", "“1,5” is not a number. Write it with a point, as in 1.5"],
  ["number", true, "“true” is not a number"],
  ["number", Number.NaN, "This is not a number"],
  ["date", "31.12.2026", "“31.12.2026” is not a date. Write it as 2026-12-31"],
  ["date", "2026-02-30", "“2026-02-30” is not a date. Write it as 2026-12-31"],
  ["yes_no", "maybe", "“maybe” is neither yes nor no"],
  ["contact_field", "variables.x", "“variables.x” is not a field of a contact"],
] as const)("%s does not take %s", (type, given, problem) => expect(readInputValue({ type }, given)).toEqual({ problem }));

test("a choice is taken in any spelling, and becomes that of the flow", () => {
  const choice = { type: "choice", choices: ["Café", "Bar"] } as const;
  expect(readInputValue({ ...choice, choices: [...choice.choices] }, "CAFE")).toEqual({ value: "Café" });
  expect(readInputValue({ ...choice, choices: [...choice.choices] }, "Pub")).toEqual({ problem: "“Pub” is none of the choices" });
});

test("fields of contacts are those that every contact may have, and custom ones", () => {
  expect(["firstname", "first_name", "custom.plan", 'metadata["Company Name"]'].map(isContactField)).toEqual([true, true, true, true]);
  expect(["custom", "variables.x", "custom.constructor", "plan"].map(isContactField)).toEqual([false, false, false, false]);
});

test("a sample is of its kind", () => {
  for (const one of [
    input({}),
    input({ type: "date" }),
    input({ type: "choice", choices: ["A"] }),
    input({ type: "yes_no" }),
    input({ type: "text" }),
  ]) {
    const read = FlowInput.parse(one);
    expect(readInputValue(read, sampleOf(read)).problem, read.type).toBeUndefined();
  }
});
