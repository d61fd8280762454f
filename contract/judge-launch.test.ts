import { describe, expect, test } from "vitest";
import { FlowInputs } from "./flow-inputs.ts";
import { changedInputs, type Given, judgeLaunch } from "./judge-launch.ts";
import { OwnValues } from "./launch-values.ts";

const id = (n: number) => `019a0000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const inputs = FlowInputs.parse([
  { name: "amount", label: "Amount", type: "number", required: true },
  { name: "city", label: "City", type: "text", required: true, default: "Berlin" },
  { name: "day", label: "Day", type: "date" },
  { name: "nick", label: "Nickname", type: "contact_field" },
]);
const told = (given: Given) => judgeLaunch(inputs, given).problems.map(({ path, code }) => `${path} ${code}`);

describe("told are all problems at once", () => {
  test("of values of the wrong kind, names that nobody asks for, and what is needed", () => {
    expect(told({})).toEqual(["values.amount value_needed"]);
    expect(told({ values: { amount: "abc", day: "tomorrow", ammount: 1, nick: "no_field" } })).toEqual([
      "values.ammount unknown_value",
      "values.amount wrong_value",
      "values.day wrong_value",
      "values.nick wrong_value",
    ]);
    expect(judgeLaunch(inputs, { values: { ammount: 1 } }).problems[0]?.message).toBe(
      "The flow asks for no value “ammount”. Did you mean “amount”?",
    );
    expect(judgeLaunch([], { values: { x: 1 } }).problems[0]?.message).toBe("The flow asks for no value “x”. It asks for none.");
  });

  test("of a field that is none, a fallback of another kind, and none where something must stand in", () => {
    expect(told({ values: { amount: { field: "steps.x" } } })).toEqual([
      "values.amount.field wrong_value",
      "values.amount.fallback value_needed",
    ]);
    expect(told({ values: { amount: { field: "custom.price", fallback: "much" } } })).toEqual([
      "values.amount.fallback wrong_value",
      "values.amount.fallback value_needed",
    ]);
  });

  test("of rows for contacts that were not chosen, named twice, or chosen by a filter", () => {
    const rows: Given["contactValues"] = [
      { contactId: id(1), values: { amount: 1 } },
      { contactId: id(1), values: { amount: 2 } },
      { contactId: id(9), values: { amount: 3, nick: "x" } },
    ];
    expect(told({ contactValues: rows, ids: [id(1)] })).toEqual([
      "contactValues.1.contactId wrong_value",
      "contactValues.2.contactId not_selected",
      "contactValues.2.values.nick wrong_value",
    ]);
    expect(told({ contactValues: rows, values: { amount: 1 } })).toEqual(["contactValues not_selected"]);
    const many = Array.from({ length: 501 }, (_, at) => id(at));
    expect(told({ contactValues: rows, values: { amount: 1 }, ids: many })).toEqual(["contactValues not_selected"]);
  });

  test("of rows that lack what is needed, and of contacts without a row", () => {
    const contactValues = [
      { contactId: id(1), values: { amount: 1 } },
      { contactId: id(2), values: { amount: "" } },
    ];
    expect(told({ contactValues, ids: [id(1), id(2), id(3)] })).toEqual([
      "contactValues.1.values.amount value_needed",
      "values.amount value_needed",
    ]);
  });

  test("but a thousand at most", () => {
    const contactValues = Array.from({ length: 500 }, (_, at) => ({
      contactId: id(at),
      values: { amount: "x", day: "y", city: "", z: 1 },
    }));
    const { problems } = judgeLaunch(inputs, { contactValues, ids: contactValues.map(({ contactId }) => contactId) });
    expect(problems).toHaveLength(1_000);
  });
});

test("ten thousand rows are refused before anything is judged", () => {
  const rows = Array.from({ length: 10_000 }, (_, at) => ({ contactId: id(at), values: {} }));
  expect(OwnValues.safeParse(rows).error?.issues[0]?.message).toMatch(/^At most 500 contacts/);
});

test("what is given is kept by its kind: for all, from a field, and for single contacts", () => {
  const { frozen, problems } = judgeLaunch(inputs, {
    values: { amount: "1,200", day: { field: "custom.due", fallback: "2026-12-31" }, nick: "firstname", city: " " },
    contactValues: [{ contactId: id(1).toUpperCase(), values: { amount: "7", city: "Bonn" } }],
    ids: [id(1)],
  });
  expect(problems).toEqual([]);
  expect(frozen.all).toEqual({ amount: 1200, day: { field: "custom.due", fallback: "2026-12-31" }, nick: { field: "firstname" } });
  expect([...frozen.own]).toEqual([[id(1), { amount: 7, city: "Bonn" }]]);
});

test("what a program hands over fills what is asked for by the same names, unless a value is given, and is judged the same way", () => {
  expect(judgeLaunch(inputs, { triggerData: { amount: 5, order: { id: 1 } } })).toMatchObject({
    frozen: { all: { amount: 5 } },
    problems: [],
  });
  expect(judgeLaunch(inputs, { triggerData: { amount: 5 }, values: { amount: 6 } }).frozen.all).toEqual({ amount: 6 });
  expect(told({ triggerData: { amount: { a: 1 } } })).toEqual(["triggerData.amount wrong_value"]);
});

test("what a flow asks for otherwise than it did is named, and what it is called does not count", () => {
  const [amount, city, ...rest] = inputs;
  if (!amount || !city) throw new Error("no inputs");
  const now = [
    { ...amount, type: "text" as const },
    { ...city, label: "Town", help: "Where" },
    { ...amount, name: "link", label: "Link" },
  ];
  expect(changedInputs(inputs, now).map(({ message }) => message)).toEqual([
    "“Amount” takes another kind of value.",
    "“Link” was added and is needed.",
    "“Day” is not asked for any more.",
    "“Nickname” is not asked for any more.",
  ]);
  expect(changedInputs(inputs, [amount, city, ...rest])).toEqual([]);
  expect(changedInputs([city], [{ ...city, default: "Bonn" }])).toMatchObject([{ path: "seenInputs.city" }]);
});
