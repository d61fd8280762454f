import { describe, expect, it } from "vitest";
import { isFiltered, parseListSearch, toFilter } from "./list-search.ts";

describe("the list in the address", () => {
  it("drops what it does not understand and keeps the rest", () => {
    const search = parseListSearch({
      q: "  ada ",
      sort: "password",
      dir: "sideways",
      filter: [{ field: "secret", operator: "is", value: 1 }, { field: "email", operator: "is_empty" }, "nonsense"],
      other: true,
    });
    expect(search).toEqual({ q: "ada", filter: [{ field: "email", operator: "is_empty" }] });
  });

  it("leaves nothing in the address when nothing is asked", () => {
    expect(parseListSearch({ q: " ", filter: [] })).toEqual({});
    expect(isFiltered({})).toBe(false);
  });

  it("reads a search for a number, which an address gives as one", () => {
    expect(parseListSearch({ q: 5551234 })).toEqual({ q: "5551234" });
  });

  it("becomes the filter that the table, the count and the send share", () => {
    const search = parseListSearch({ q: "ada", filter: [{ field: "dnc", operator: "is", value: true }], sort: "name", dir: "asc" });
    expect(toFilter(search)).toEqual({ search: "ada", tests: [{ field: "dnc", operator: "is", value: true }] });
    expect(toFilter({})).toEqual({ tests: [] });
    expect(isFiltered(search)).toBe(true);
  });
});
