import { describe, expect, test } from "vitest";
import { ContactFilter, FilterParameter, Selection } from "./contacts.ts";

const refusals = (value: unknown) => ContactFilter.safeParse(value).error?.issues.map(({ path }) => path.join(".")) ?? [];
const filterOf = (...tests: unknown[]) => ({ tests });

describe("a filter", () => {
  test.each([
    ["nothing at all to look for", { search: " \u200b ", tests: [] }, ["search"]],
    ["a field that no contact has", filterOf({ field: "shoe_size", operator: "is", value: "9" }), ["tests.0.field"]],
    ["an operator of another kind", filterOf({ field: "dnc", operator: "contains", value: "x" }), ["tests.0.operator"]],
    ["a blank text", filterOf({ field: "name", operator: "contains", value: "\u00a0\t" }), ["tests.0.value"]],
    ["no text", filterOf({ field: "name", operator: "contains" }), ["tests.0.value"]],
    ["an empty list", filterOf({ field: "lead_status", operator: "in", value: [] }), ["tests.0.value"]],
    ["a list with a blank in it", filterOf({ field: "lead_status", operator: "in", value: ["Hot", " "] }), ["tests.0.value"]],
    ["a word for yes or no", filterOf({ field: "dnc", operator: "is", value: "yes" }), ["tests.0.value"]],
    ["no days", filterOf({ field: "created_at", operator: "in_last_days", value: 0 }), ["tests.0.value"]],
    ["a date that does not exist", filterOf({ field: "created_at", operator: "after", value: "2026-02-30" }), ["tests.0.value"]],
    ["a setting of another program", { tests: [], limit: 5 }, [""]],
  ])("with %s is refused", (_what, filter, where) => {
    expect(refusals(filter)).toEqual(where);
  });

  test("tells every problem at once", () => {
    const filter = filterOf(
      { field: "name", operator: "contains", value: " " },
      { field: "dnc", operator: "is", value: "no" },
      { field: "email", operator: "is_empty" },
    );
    expect(refusals(filter)).toEqual(["tests.0.value", "tests.1.value"]);
  });

  test("that is no JSON is refused as a parameter, not taken for an empty one", () => {
    expect(FilterParameter.safeParse("{").success).toBe(false);
    expect(FilterParameter.safeParse("null").success).toBe(false);
    expect(FilterParameter.safeParse('{"tests":[]}').success).toBe(true);
  });
});

describe("a selection", () => {
  test("of no id is refused, because nobody was picked", () => {
    expect(Selection.safeParse({ type: "ids", ids: [] }).success).toBe(false);
  });

  test("by filter leaves out nobody unless told", () => {
    expect(Selection.parse({ type: "filter", filter: { tests: [] } })).toEqual({ type: "filter", filter: { tests: [] }, excluded: [] });
  });
});
