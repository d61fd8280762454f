import { describe, expect, it } from "vitest";
import { contactFields } from "#contract/contact-fields.ts";
import { type FilterOperator, FilterTest, filterOperators } from "#contract/contacts.ts";
import { describeFilter, describeTest } from "./filter-words.ts";

describe("a filter in words", () => {
  it("is nothing when everybody is let through", () => {
    expect(describeFilter({ tests: [] })).toBeNull();
    expect(describeFilter({ search: "", tests: [] })).toBeNull();
  });

  it.each<[FilterTest, string]>([
    [{ field: "lead_status", operator: "is", value: "New" }, "Lead status is New"],
    [{ field: "lead_status", operator: "in", value: ["New", "Open", "Won"] }, "Lead status is any of New, Open, or Won"],
    [{ field: "email", operator: "is_empty" }, "E-mail is empty"],
    [{ field: "name", operator: "contains", value: "ada" }, "Name contains “ada”"],
    [{ field: "dnc", operator: "is", value: true }, "Do not contact"],
    [{ field: "can_receive_sms", operator: "is", value: false }, "Cannot receive SMS"],
    [{ field: "created_at", operator: "in_last_days", value: 7 }, "Added in the last 7 days"],
    [{ field: "created_at", operator: "in_last_days", value: 1 }, "Added in the last 1 day"],
    [{ field: "created_at", operator: "before", value: "2026-03-05" }, "Added is before 5 Mar 2026"],
  ])("says %o", (test, words) => {
    expect(FilterTest.safeParse(test).success).toBe(true);
    expect(describeTest(test)).toBe(words);
  });

  it("joins the search and every test", () => {
    expect(describeFilter({ search: "smith", tests: [{ field: "email", operator: "is_not_empty" }] })).toBe(
      "the search finds “smith” and E-mail is not empty",
    );
  });

  it("leaves no operator of the contract without words", () => {
    for (const [field, { kind }] of Object.entries(contactFields))
      for (const operator of Object.keys(filterOperators[kind]) as FilterOperator[]) {
        const words = describeTest({ field, operator, value: kind === "boolean" ? true : "1" } as FilterTest);
        expect(words).not.toMatch(/undefined|…|_/);
      }
  });
});
