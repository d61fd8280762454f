import { describe, expect, it } from "vitest";
import { contactFields } from "#contract/contact-fields.ts";
import { type FilterOperator, FilterTest, filterOperators } from "#contract/contacts.ts";
import { draftFor, withOperator } from "./filter-draft.ts";
import { isFiltered, listKey, parseListSearch, toFilter, toListParams } from "./list-search.ts";

describe("the list in the address", () => {
  it("drops what it does not understand and keeps the rest", () => {
    const search = parseListSearch({
      q: "  ada ",
      sort: "password",
      direction: "sideways",
      contact: "42",
      filter: "secret.is.1;email.is_empty;nonsense;;dnc.is.maybe;created_at.in_last_days.x;lead_status.contains.N",
    });
    expect(search).toEqual({ q: "ada", filter: [{ field: "email", operator: "is_empty" }] });
  });

  it("leaves nothing in the address when nothing is asked", () => {
    expect(parseListSearch({ q: " ", filter: "" })).toEqual({});
    expect(toListParams({ q: " ", filter: [] })).toEqual({});
    expect(isFiltered({})).toBe(false);
  });

  it("can be read by a person", () => {
    const filter: FilterTest[] = [
      { field: "lead_status", operator: "in", value: ["New", "Open"] },
      { field: "dnc", operator: "is", value: false },
      { field: "created_at", operator: "in_last_days", value: 7 },
    ];
    expect(toListParams({ filter }).filter).toBe("lead_status.in.New,Open;dnc.is.false;created_at.in_last_days.7");
  });

  it("comes back as it was for every operator, whatever signs the value has", () => {
    const hostile = "a.b;c,d~3b~e \"'%&=é 中 ~7";
    for (const [field, { kind }] of Object.entries(contactFields))
      for (const operator of Object.keys(filterOperators[kind]) as FilterOperator[]) {
        const draft = withOperator(draftFor(field as keyof typeof contactFields), operator);
        const value = draft.value === "" ? hostile : Array.isArray(draft.value) ? [hostile, "x"] : draft.value;
        const given = FilterTest.safeParse({ ...draft, value: kind === "date" && typeof value === "string" ? "2026-03-05" : value });
        expect(given.error).toBeUndefined();
        const test = given.data as FilterTest;
        expect(parseListSearch(toListParams({ filter: [test] })).filter).toEqual([JSON.parse(JSON.stringify(test))]);
      }
  });

  it("becomes the filter that the table, the count and the send share", () => {
    const search = parseListSearch({ q: "ada", filter: "dnc.is.true", sort: "name", direction: "asc" });
    expect(toFilter(search)).toEqual({ search: "ada", tests: [{ field: "dnc", operator: "is", value: true }] });
    expect(toFilter({})).toEqual({ tests: [] });
    expect(isFiltered(search)).toBe(true);
  });

  it("lists the same rows whoever's panel is open", () => {
    expect(listKey({ q: "ada", contact: "019a0000-0000-7000-8000-000000000001" })).toBe(listKey({ q: "ada" }));
  });
});
