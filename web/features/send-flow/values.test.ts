import { describe, expect, test } from "vitest";
import { FlowInputs } from "#contract/flow-inputs.ts";
import { noValues, pastedCells, readValues, type ValuesDraft, valuesSummary } from "./values.ts";

const inputs = FlowInputs.parse([
  { name: "amount", label: "Amount", type: "number", required: true },
  { name: "note", label: "Note", type: "text" },
]);
const typed = (more: Partial<ValuesDraft["typed"][string]>) => ({ way: "all" as const, text: "", field: "", fallback: "", ...more });
const [one, two] = ["019a0000-0000-7000-8000-000000000001", "019a0000-0000-7000-8000-000000000002"];

describe("what was typed", () => {
  test("is not given while something is missing or cannot be read, and every problem has its place", () => {
    const empty = readValues(inputs, noValues, null);
    expect([empty.launch, [...empty.problems]]).toEqual([null, [["values.amount", "Needed"]]]);
    const wrong = readValues(inputs, { typed: { amount: typed({ text: "much" }) }, rows: null }, null);
    expect([...wrong.problems]).toEqual([["values.amount", "“much” is not a number"]]);
    const field = readValues(inputs, { typed: { amount: typed({ way: "field", field: "custom.price" }) }, rows: null }, null);
    expect([...field.problems.keys()]).toEqual(["values.amount.fallback"]);
    expect(valuesSummary(inputs, noValues, empty)).toBe("Something is missing");
  });

  test("in rows is told at the cell of its contact", () => {
    const draft = { typed: {}, rows: { [one]: { amount: "1" }, [two]: { amount: "x" } } };
    const read = readValues(inputs, draft, [one, two]);
    expect([...read.problems]).toEqual([[`rows.${two}.amount`, "“x” is not a number"]]);
    const lacking = readValues(inputs, { typed: {}, rows: { [one]: { amount: "1" } } }, [one, two]);
    expect([...lacking.problems]).toEqual([[`rows.${two}.amount`, "Needed"]]);
  });

  test("is given as it was typed, with what the flow asked for, and told in one line", () => {
    const draft = { typed: { amount: typed({ text: "1,200" }) }, rows: { [two]: { note: "Hi", amount: " " } } };
    const read = readValues(inputs, draft, [one, two]);
    expect(read.launch).toEqual({
      values: { amount: "1,200" },
      contactValues: [{ contactId: two, values: { note: "Hi" } }],
      seenInputs: inputs,
    });
    expect(valuesSummary(inputs, draft, read)).toBe("Amount: 1,200 · 1 contact with values of their own");
  });
});

test("cells that were copied from a spreadsheet keep their lines and quotes", () => {
  expect(pastedCells("1\tBonn\r\n2\tUlm\r\n")).toEqual([
    ["1", "Bonn"],
    ["2", "Ulm"],
  ]);
  expect(pastedCells('"two\nlines"\t"say ""hi"""')).toEqual([["two\nlines", 'say "hi"']]);
  expect(pastedCells("\t3")).toEqual([["", "3"]]);
  expect(pastedCells("alone")).toEqual([["alone"]]);
});
