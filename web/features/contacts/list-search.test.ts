import { describe, expect, it } from "vitest";
import { contactFields } from "#contract/contact-fields.ts";
import { type FilterOperator, FilterTest, filterOperators } from "#contract/contacts.ts";
import { draftFor, withOperator } from "./filter-draft.ts";
import { isFiltered, listKey, parseListSearch, toFilter, toListParams } from "./list-search.ts";

describe("the list in the address", () => {
  it("keeps tests that it cannot read apart, and drops an order that it does not know", () => {
    const filter = "secret.is.1;email.is_empty;nonsense;;dnc.is.maybe;created_at.in_last_days.x;lead_status.contains.N";
    const search = parseListSearch({ q: "  ada ", sort: "password", direction: "sideways", contact: "42", filter });
    expect(search).toEqual({
      q: "ada",
      filter: [{ field: "email", operator: "is_empty" }],
      unreadable: ["secret.is.1", "nonsense", "dnc.is.maybe", "created_at.in_last_days.x", "lead_status.contains.N"],
    });
  });

  it("loses no test on its way through other changes of the address, nor one beyond the most that a filter may have", () => {
    const tests = Array.from({ length: 22 }, (_, index) => `lastname.is.x${index}`);
    const search = parseListSearch({ filter: ["nonsense", ...tests].join(";") });
    expect(search.filter).toHaveLength(20);
    expect(search.unreadable).toEqual(["nonsense", "lastname.is.x20", "lastname.is.x21"]);
    expect(parseListSearch(toListParams({ ...search, sort: "name" }))).toEqual({ ...search, sort: "name" });
    expect(parseListSearch({ filter: "dnc.is.true.and" })).toEqual({ unreadable: ["dnc.is.true.and"] });
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
