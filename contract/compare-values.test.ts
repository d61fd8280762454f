import { describe, expect, test } from "vitest";
import type { Compared, ComparisonTest } from "./compare-values.ts";
import { matchesTest } from "./compare-values.ts";
import { ContactFilter, FilterTest, filterOperators } from "./contacts.ts";
import { orderings } from "./field-tests.ts";

const now = new Date("2026-11-22T12:00:00Z");
const holds = (subject: Compared, operator: string, value?: ComparisonTest["value"]) => matchesTest({ operator, value }, subject, now);
const data = (value: unknown): Compared => ({ kind: "data", value });
const blanks = [
  "",
  " ",
  "   ",
  "\t",
  "\n",
  "\u00a0",
  "\u3000",
  "\u200b",
  "\ufeff",
  "\u2060\u00ad",
  "\u202e \u200e",
  "\u3164",
  "\u0301",
  " \u0308\u0301 ",
  "\u20dd",
  "\u0345",
];

describe("a blank value", () => {
  test("is refused by every operator that takes a text, however it is blank", () => {
    for (const blank of blanks) {
      for (const operator of Object.keys(filterOperators.text).filter((name) => !name.includes("empty"))) {
        expect(FilterTest.safeParse({ field: "name", operator, value: blank }).success, JSON.stringify([operator, blank])).toBe(false);
      }
      for (const operator of ["is", "is_not"]) {
        expect(FilterTest.safeParse({ field: "lead_status", operator, value: blank }).success).toBe(false);
      }
      for (const operator of ["in", "not_in"]) {
        expect(FilterTest.safeParse({ field: "lead_status", operator, value: [blank] }).success).toBe(false);
        expect(FilterTest.safeParse({ field: "lead_status", operator, value: ["New", blank] }).success).toBe(false);
      }
      expect(FilterTest.safeParse({ field: "created_at", operator: "before", value: blank }).success).toBe(false);
      expect(ContactFilter.safeParse({ search: blank, tests: [] }).success, JSON.stringify(blank)).toBe(false);
    }
  });

  test("holds for nobody where it is compared all the same, under no operator", () => {
    const operators = ["is", "is_not", "contains", "not_contains", "starts_with", "ends_with", "in", "not_in", ...orderings, "has_all"];
    const subjects: Compared[] = [
      { kind: "text", value: "Ann" },
      { kind: "text", value: null },
      { kind: "choice", value: "" },
      { kind: "phone", typed: "1", e164: null },
      { kind: "date", value: now },
      data("x"),
      data(undefined),
    ];
    for (const operator of operators) {
      for (const subject of subjects) {
        for (const blank of blanks.filter((each) => each.trim() === "")) {
          expect(holds(subject, operator, blank), `${operator} ${subject.kind}`).toBe(false);
          expect(holds(subject, operator, [blank]), `${operator} ${subject.kind}`).toBe(false);
          if (operator === "between") expect(holds(subject, operator, [blank, "x"]), subject.kind).toBe(false);
        }
      }
    }
  });

  test("is judged after the cleaning, so a value is kept without what stood around it", () => {
    expect(FilterTest.parse({ field: "name", operator: "is", value: "  Jose\u0301\n" }).value).toBe("José");
    expect(ContactFilter.parse({ search: " ann ", tests: [] }).search).toBe("ann");
  });
});

test.each<[unknown, string, ComparisonTest["value"], boolean]>([
  ["1,200", "greater_than", 1000, true],
  ["1,200", "is", 1200, true],
  ["$1,200.50", "greater_than", 1200, true],
  ["$1,200.50", "less_than", "1,200.51", true],
  ["€ 5", "less_than", 6, true],
  ["12%", "greater_than", 10, true],
  ["12%", "is", "12 %", true],
  ["$5", "greater_than", "4%", false],
  ["1,5", "greater_than", 1, false],
  ["1.200,50", "greater_than", 1, false],
  ["12,34,567", "greater_than", 1, false],
  ["1e3", "greater_than", 1, false],
  [1e21, "greater_than", "999999999999999999999", true],
  [1e-7, "less_than", "0.000001", true],
  ["7615917337495251231", "greater_than", "7615917337495251230", true],
  ["7615917337495251231", "is", "7615917337495251000", false],
  ["007", "is", "7", false],
  ["007", "greater_than", "5", true],
  ["+7", "is", "7", false],
  [true, "greater_than", 0, false],
  ["Jose\u0301", "is", "JOSÉ", true],
  ["İzmir", "is", "izmir", true],
  [["VIP", "Berlin"], "is", "vip", true],
  ["2026-02-30", "less_than", "2027-01-01", false],
  ["06/01/2027", "greater_than", "2026-01-01", false],
  ["2026-01-01T10:00", "greater_than", "2026-01-01", false],
  ["2026-01-01T10:00", "greater_than", "2026-01-01T09:59Z", true],
  ["2026-01-01T10:00+05:45", "less_than", "2026-01-01T05:00Z", true],
])("%j %s %j: %s", (found, operator, value, expected) => {
  expect(holds(data(found), operator, value)).toBe(expected);
});

test("a phone number is compared by its digits, in any way of writing it", () => {
  const ann: Compared = { kind: "phone", typed: "415 555 2699", e164: "+14155552699" };
  for (const value of ["(415) 555-2699", "+1 415 555 2699", "4155552699", "1-415-555-2699"])
    expect(holds(ann, "is", value), value).toBe(true);
  expect(holds(ann, "contains", "555-26")).toBe(true);
  expect(holds(ann, "starts_with", "(415)")).toBe(true);
  expect(holds(ann, "is", "2699")).toBe(false);
  expect(holds({ kind: "phone", typed: null, e164: null }, "is_not", "415")).toBe(true);
});

test("a day of a filter is a day in UTC and is over when it is over", () => {
  const at = (moment: string): Compared => ({ kind: "date", value: new Date(moment) });
  expect(holds(at("2026-01-01T23:59:59.999Z"), "after", "2026-01-01")).toBe(false);
  expect(holds(at("2026-01-02T00:00:00Z"), "greater_than", "2026-01-01")).toBe(true);
  expect(holds(at("2026-01-01T12:00:00Z"), "is", "2026-01-01")).toBe(true);
  expect(holds(at("2026-11-21T12:00:00Z"), "in_last_days", 1)).toBe(true);
  expect(holds(at("2026-11-21T11:59:59Z"), "not_in_last_days", 1)).toBe(true);
});

test.each<[unknown, string, ComparisonTest["value"], boolean]>([
  [5, "at_least", 5, true],
  ["$1,200", "at_least", 1200, true],
  [4.99, "at_least", 5, false],
  [5, "at_most", 5, true],
  ["5.01", "at_most", 5, false],
  ["Ann", "at_least", "Aaron", false],
  ["2026-05-31", "at_least", "2026-05-31", true],
  ["2026-05-30", "at_least", "2026-05-31", false],
  ["2026-05-31T23:59", "at_most", "2026-05-31", true],
  ["2026-06-01", "at_most", "2026-05-31", false],
  [undefined, "at_most", 5, false],
  [5, "between", [5, 7], true],
  [7, "between", [5, 7], true],
  [7.1, "between", [5, 7], false],
  ["6", "between", ["5", "7"], true],
  ["2026-05-31T12:00", "between", ["2026-05-01", "2026-05-31"], true],
  ["2026-06-01", "between", ["2026-05-01", "2026-05-31"], false],
  ["x", "between", [5, 7], false],
  [6, "between", [5], false],
  [[1, 9], "between", [5, 7], false],
  [[1, 6, 9], "between", [5, 7], true],
  [["vip", "North"], "has_all", ["north", "VIP"], true],
  [["vip", "North"], "has_all", ["vip", "south"], false],
  ["vip", "has_all", ["vip"], true],
  [[], "has_all", ["vip"], false],
  [["5.0", 7], "has_all", [5, "7"], true],
])("%j %s %j: %s", (found, operator, value, expected) => {
  expect(holds(data(found), operator, value)).toBe(expected);
});

// 23:30 in New York on the last of May is half past nine the next morning in Kathmandu.
const night = new Date("2026-06-01T03:30:00Z");
test.each<[unknown, string, number, string, boolean]>([
  ["2026-05-31", "in_next_days", 1, "America/New_York", true],
  ["2026-06-01", "in_next_days", 1, "America/New_York", true],
  ["2026-06-02", "in_next_days", 1, "America/New_York", false],
  ["2026-06-02", "in_next_days", 1, "Asia/Kathmandu", true],
  ["2026-05-31", "in_next_days", 1, "Asia/Kathmandu", false],
  ["2026-05-31", "in_last_days", 1, "Asia/Kathmandu", true],
  ["2026-05-30", "in_last_days", 1, "Asia/Kathmandu", false],
  ["2026-05-30", "in_last_days", 1, "America/New_York", true],
  ["2026-06-01", "in_last_days", 1, "America/New_York", false],
  // Most programs write a day as its midnight in UTC.
  ["2026-06-02T00:00:00Z", "in_next_days", 1, "Asia/Kathmandu", true],
  ["2026-05-31T03:30:00Z", "in_last_days", 1, "UTC", true],
  ["2026-05-31T03:29:59Z", "in_last_days", 1, "UTC", false],
  ["2026-06-01T03:30:01Z", "in_last_days", 1, "UTC", false],
  ["06/01/2026", "in_next_days", 7, "UTC", false],
  [undefined, "in_next_days", 7, "UTC", false],
  [["2020-01-01", "2026-06-03"], "in_next_days", 7, "UTC", true],
])("%j %s %j in %s: %s", (found, operator, value, zone, expected) => {
  expect(matchesTest({ operator, value }, data(found), night, undefined, zone)).toBe(expected);
});

// Half past seven in the morning in Los Angeles, two hours before an appointment there that was written without a zone.
const morning = new Date("2026-12-01T13:30:00Z");
test.each<[unknown, string, ComparisonTest["value"], string, boolean]>([
  ["2026-12-01T07:30", "in_next_days", 1, "America/Los_Angeles", true],
  ["2026-12-01T07:30", "in_last_days", 1, "America/Los_Angeles", false],
  ["2026-12-01 07:30:00", "in_last_days", 1, "Europe/Vienna", true],
  ["2026-12-01T07:30Z", "in_last_days", 1, "America/Los_Angeles", true],
  ["2026-12-01T07:30", "greater_than", "2026-12-01T15:00:00Z", "America/Los_Angeles", true],
  ["2026-12-01T07:30", "less_than", "2026-12-01T15:00:00Z", "UTC", true],
  // A day in a test is that day where the contact is, for every operator.
  ["2026-12-01T23:30:00-05:00", "less_than", "2026-12-02", "America/New_York", true],
  ["2026-12-01T23:30:00-05:00", "at_most", "2026-12-01", "America/New_York", true],
  ["2026-12-01T23:30:00-05:00", "is", "2026-12-01", "America/New_York", true],
  ["2026-12-01T23:30:00-05:00", "in", ["2026-12-02", "2026-12-01"], "America/New_York", true],
  ["2026-12-01T23:30:00-05:00", "is_not", "2026-12-01", "America/New_York", false],
  ["2026-12-01T23:30:00-05:00", "between", ["2026-12-01", "2026-12-01"], "America/New_York", true],
  ["2026-12-01T23:30:00-05:00", "greater_than", "2026-12-01", "America/New_York", false],
  ["2026-12-01T23:30:00-05:00", "is", "2026-12-01", "UTC", false],
  ["2026-12-01T23:30:00-05:00", "is", "2026-12-02", "UTC", true],
  ["2026-12-01T10:00", "is", "2026-12-01", "Asia/Kathmandu", true],
  // The day on which the clocks go back has 25 hours, and the one on which they go forward 23.
  ["2026-11-02T04:30:00Z", "is", "2026-11-01", "America/New_York", true],
  ["2026-11-02T05:00:00Z", "is", "2026-11-01", "America/New_York", false],
  ["2026-03-09T03:59:00Z", "is", "2026-03-08", "America/New_York", true],
  ["2026-03-09T04:00:00Z", "is", "2026-03-08", "America/New_York", false],
  // A day that was written as its midnight in UTC stays that day everywhere.
  ["2026-12-01T00:00:00Z", "is", "2026-12-01", "America/New_York", true],
  ["2026-12-02T00:00:00Z", "less_than", "2026-12-02", "America/New_York", false],
  ["2026-12-01", "is", "2026-12-01", "Pacific/Kiritimati", true],
  [["VIP", "2026-12-01T10:00"], "is", "2026-12-01", "UTC", true],
  ["12/01/2026", "is", "2026-12-01", "UTC", false],
])("%j %s %j in %s, as a clock there shows it: %s", (found, operator, value, zone, expected) => {
  expect(matchesTest({ operator, value }, data(found), morning, undefined, zone)).toBe(expected);
});

test("the values of a test are read and folded once, however many contacts they are compared with", () => {
  let reads = 0;
  const counted = (operator: string): ComparisonTest => ({
    operator,
    get value() {
      reads += 1;
      return ["Gold", "Silver"];
    },
  });
  for (const operator of ["in", "contains", "has_all"]) {
    reads = 0;
    const compared = counted(operator);
    for (let contact = 0; contact < 50; contact += 1) matchesTest(compared, data(["gold", "silver"]), now);
    expect(reads, operator).toBe(1);
  }
});
