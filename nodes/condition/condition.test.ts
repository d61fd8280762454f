import { expect, test } from "vitest";
import type { ConditionOperator } from "#contract/field-tests.ts";
import { sayIssue } from "#contract/issue-words.ts";
import type { ContextValues } from "#test/node-context.ts";
import { nodeContext } from "#test/node-context.ts";
import { condition } from "./definition.ts";
import { executeCondition } from "./executor.ts";

type Test = { field: string; operator: ConditionOperator; value?: unknown; caseSensitive?: boolean };

function take(branches: unknown, more: Omit<ContextValues<unknown>, "config"> = {}) {
  const outcome = executeCondition(nodeContext({ ...more, config: condition.config.parse({ branches }) }));
  if (outcome.type !== "next") throw new Error(`It said ${outcome.type}`);
  return outcome;
}

const holds = (one: Test, more: Omit<ContextValues<unknown>, "config"> = {}) => take([{ id: "yes", tests: [one] }], more).exit === "yes";

test("refuses what could never be answered", () => {
  const bad: unknown[] = [
    { branches: [] },
    { branches: [{ id: "a", tests: [] }] },
    { branches: [{ id: "otherwise", tests: [{ field: "email", operator: "is_empty" }] }] },
    { branches: [{ id: "a", tests: [{ field: "shoe_size", operator: "is_empty" }] }] },
    { branches: [{ id: "a", tests: [{ field: "metadata", operator: "is_empty" }] }] },
    { branches: [{ id: "a", tests: [{ field: "metadata.__proto__.x", operator: "is_empty" }] }] },
    { branches: [{ id: "a", tests: [{ field: "trigger.constructor", operator: "is_empty" }] }] },
    { branches: [{ id: "a", tests: [{ field: "email", operator: "matches", value: ".*" }] }] },
    { branches: [{ id: "a", tests: [{ field: "email", operator: "is" }] }] },
    { branches: [{ id: "a", tests: [{ field: "email", operator: "in", value: [] }] }] },
    { branches: [{ id: "a", tests: [{ field: "email", operator: "contains", value: "  " }] }] },
    { branches: [{ id: "a", tests: [{ field: "metadata.x", operator: "not_contains", value: "\u200b" }] }] },
    { branches: [{ id: "a", tests: [{ field: "email", operator: "in", value: ["a", "\t"] }] }] },
    { branches: ["a", "a"].map((id) => ({ id, tests: [{ field: "email", operator: "is_empty" }] })) },
  ];
  for (const config of bad) expect(condition.config.safeParse(config).success, JSON.stringify(config)).toBe(false);
});

test.each<[boolean, Test]>([
  [true, { field: "lead_status", operator: "is", value: "customer" }],
  [false, { field: "lead_status", operator: "is", value: "customer", caseSensitive: true }],
  [true, { field: "lead_status", operator: "is", value: "Customer", caseSensitive: true }],
  [false, { field: "lead_status", operator: "is_not", value: "CUSTOMER" }],
  [true, { field: "contact.lead_status", operator: "is_not", value: "New" }],
  [true, { field: "email", operator: "contains", value: "@EXAMPLE" }],
  [false, { field: "email", operator: "not_contains", value: "example" }],
  [true, { field: "email", operator: "starts_with", value: "ada" }],
  [true, { field: "email", operator: "ends_with", value: ".test" }],
  [false, { field: "email", operator: "ends_with", value: "ada" }],
  [true, { field: "phone", operator: "starts_with", value: "+1555" }],
  [true, { field: "lead_status", operator: "in", value: ["New", "customer"] }],
  [true, { field: "lead_status", operator: "not_in", value: ["New", "Lost"] }],
  [false, { field: "lead_status", operator: "not_in", value: ["Customer"] }],
  [true, { field: "dnc", operator: "is", value: false }],
  [true, { field: "email_opted_out", operator: "is_not", value: true }],
  [true, { field: "created_at", operator: "greater_than", value: "2026-01-01" }],
  [true, { field: "created_at", operator: "less_than", value: "2026-01-03T00:00:00Z" }],
])("%s: %o", (expected, one) => {
  expect(holds(one)).toBe(expected);
});

test("says of what is missing that it is empty, equal to nothing and different from everything", () => {
  const contact = { lead_status: null, email: "  " };
  expect(holds({ field: "lead_status", operator: "is_empty" }, { contact })).toBe(true);
  expect(holds({ field: "email", operator: "is_empty" }, { contact })).toBe(true);
  expect(holds({ field: "metadata.plan", operator: "is_not_empty" }, { contact })).toBe(false);
  expect(holds({ field: "lead_status", operator: "is", value: "null" }, { contact })).toBe(false);
  expect(holds({ field: "lead_status", operator: "is_not", value: "New" }, { contact })).toBe(true);
  expect(holds({ field: "lead_status", operator: "not_in", value: ["New"] }, { contact })).toBe(true);
  expect(holds({ field: "metadata.points", operator: "less_than", value: 5 }, { contact })).toBe(false);
  expect(holds({ field: "metadata.points", operator: "greater_than", value: -5 }, { contact })).toBe(false);
});

test("compares numbers as numbers, wherever they come from, and codes as codes", () => {
  const contact = { metadata: { points: "10", code: "007", price: 9.5 } };
  expect(holds({ field: "metadata.points", operator: "greater_than", value: 9 }, { contact })).toBe(true);
  expect(holds({ field: "metadata.points", operator: "is", value: 10 }, { contact })).toBe(true);
  expect(holds({ field: "metadata.points", operator: "is", value: "10.0" }, { contact })).toBe(true);
  expect(holds({ field: "metadata.code", operator: "is", value: "7" }, { contact })).toBe(false);
  expect(holds({ field: "metadata.price", operator: "less_than", value: "9.75" }, { contact })).toBe(true);
  expect(holds({ field: "firstname", operator: "greater_than", value: "Aaron" }, { contact })).toBe(false);
});

test("compares as the filter of contacts does: numbers by digits, letters composed, a name as the table shows it", () => {
  const contact = { phone_number: "(415) 555-2699", phone_e164: "+14155552699", firstname: "Jose\u0301", lastname: "Núñez" };
  expect(holds({ field: "phone", operator: "is", value: "(415) 555-2699" }, { contact })).toBe(true);
  expect(holds({ field: "phone_number", operator: "is", value: "+1 415 555 2699" }, { contact })).toBe(true);
  expect(holds({ field: "firstname", operator: "is", value: "josé" }, { contact })).toBe(true);
  expect(holds({ field: "name", operator: "is", value: "José Núñez" }, { contact })).toBe(true);
  expect(holds({ field: "lead_status", operator: "is", value: "1200" }, { contact: { lead_status: "1,200" } })).toBe(false);
});

test("looks into the data of the trigger and into lists, but never at what the language adds", () => {
  const more = { trigger: { order: { id: 5 } }, contact: { metadata: { tags: ["VIP", "Berlin"] } } };
  expect(holds({ field: "trigger.order.id", operator: "is", value: "5" }, more)).toBe(true);
  expect(holds({ field: "trigger.order.toString", operator: "is_empty" }, more)).toBe(true);
  expect(holds({ field: "metadata.tags", operator: "is", value: "vip" }, more)).toBe(true);
  expect(holds({ field: "metadata.tags", operator: "is_not", value: "vip" }, more)).toBe(false);
  expect(holds({ field: "metadata.tags.length", operator: "is_empty" }, more)).toBe(false);
});

test("takes the first branch that fits, with all or any of its tests", () => {
  const isAda: Test = { field: "firstname", operator: "is", value: "ada" };
  const isBob: Test = { field: "firstname", operator: "is", value: "bob" };
  expect(
    take([
      { id: "a", match: "all", tests: [isAda, isBob] },
      { id: "b", match: "any", tests: [isBob, isAda] },
    ]).exit,
  ).toBe("b");
  expect(
    take([
      { id: "a", match: "any", tests: [isAda] },
      { id: "b", match: "all", tests: [isAda] },
    ]).exit,
  ).toBe("a");
  expect(take([{ id: "a", tests: [isBob] }]).exit).toBe("otherwise");
});

const status = (value: string): Test => ({ field: "lead_status", operator: "is", value });
const named = (value: string): Test => ({ field: "firstname", operator: "is", value });
const fits = (match: string, tests: unknown[], more: Omit<ContextValues<unknown>, "config"> = {}) =>
  take([{ id: "yes", match, tests }], more).exit === "yes";

test("refuses groups that are empty, too full, or too deep, and says where", () => {
  const email: Test = { field: "email", operator: "is_empty" };
  const within = (levels: number): unknown => (levels === 0 ? email : { match: "any", tests: [within(levels - 1)] });
  const problems = (tests: unknown[]) => {
    const parsed = condition.config.safeParse({ branches: [{ id: "a", tests }] });
    return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  };
  expect(problems([within(2)])).toEqual([]);
  expect(problems([within(3)])).toEqual(["branches.0.tests.0.tests.0.tests.0: Groups may stand in each other to a depth of 3"]);
  expect(problems([email, { match: "none", tests: [] }])[0]).toMatch(/^branches\.0\.tests\.1\.tests: /);
  expect(problems([{ match: "any", tests: Array(21).fill(email) }])[0]).toMatch(/^branches\.0\.tests\.0\.tests: /);
  expect(problems([{ match: "most", tests: [email] }])[0]).toMatch(/^branches\.0\.tests\.0\.match: /);
  // The words are for people, as deep as it stands, and name no list of codes.
  const words = (config: unknown) => condition.config.safeParse(config, { error: sayIssue }).error?.issues.map(({ message }) => message);
  expect(words({ branches: [{ id: "a", tests: [{ match: "any", tests: [{ field: "email", operator: "like" }] }] }] })).toEqual([
    "Choose one of those that are offered",
  ]);
  expect(problems([{ match: "any", tests: [email, { field: "email", operator: "is" }] }])).toEqual([
    'branches.0.tests.0.tests.1.value: "is" needs a value',
  ]);
  expect(problems([{ match: "any", tests: [{ field: "shoe_size", operator: "is_empty" }] }])[0]).toMatch(
    /^branches\.0\.tests\.0\.tests\.0\.field: "shoe_size" is not a field/,
  );
  const many = { field: "email", operator: "in", value: Array.from({ length: 200 }, (_, index) => `v${index}`) };
  expect(problems([{ match: "any", tests: Array(11).fill(many) }])[0]).toMatch(/2,000 values together/);
});

test("a flat list of tests is read as it was before there were groups", () => {
  const branches = [{ id: "a", label: "", match: "any", tests: [{ field: "email", operator: "is", value: "a", caseSensitive: false }] }];
  expect(condition.config.parse({ branches })).toEqual({ branches });
});

test("takes all, any or none of a group, and groups in groups", () => {
  const [customer, lost, ada, bob] = [status("Customer"), status("Lost"), named("Ada"), named("Bob")];
  expect([fits("none", [lost, bob]), fits("none", [lost, ada])]).toEqual([true, false]);
  expect(fits("all", [customer, { match: "any", tests: [bob, { match: "none", tests: [lost] }] }])).toBe(true);
  expect(fits("all", [customer, { match: "any", tests: [bob, { match: "none", tests: [ada] }] }])).toBe(false);
  expect(fits("all", [lost, { match: "any", tests: [ada] }])).toBe(false);
  expect(
    fits("any", [
      { match: "all", tests: [customer, bob] },
      { match: "all", tests: [customer, ada] },
    ]),
  ).toBe(true);
});

test("a negative test holds also of what is empty, unless it says that it does not", () => {
  const empty = { contact: { lead_status: null } };
  for (const [operator, value] of [
    ["is_not", "New"],
    ["not_in", ["New"]],
    ["not_contains", "New"],
  ] as const) {
    const one = { field: "lead_status", operator, value };
    expect([fits("all", [one], empty), fits("all", [{ ...one, alsoIfEmpty: false }], empty)]).toEqual([true, false]);
    expect(fits("all", [{ ...one, alsoIfEmpty: false }])).toBe(true);
  }
});

test("keeps which test of which group decided, and whether it spoke against the branch", () => {
  const none = { match: "none", tests: [status("Lost"), named("Ada")] };
  const { exit, output } = take([{ id: "yes", tests: [status("Customer"), none] }]);
  expect([exit, (output as { compared: unknown[] }).compared]).toEqual([
    "otherwise",
    [
      { branch: "yes", field: "lead_status", operator: "is", wanted: "Customer", found: "Customer", held: true },
      { branch: "yes", field: "lead_status", operator: "is", wanted: "Lost", found: "Customer", held: false, against: true },
      { branch: "yes", field: "firstname", operator: "is", wanted: "Ada", found: "Ada", held: true, against: true },
    ],
  ]);
});

test("keeps what it compared, shortened", () => {
  const long = "x".repeat(5000);
  const { output } = take([{ id: "a", label: "Long", tests: [{ field: "metadata.text", operator: "is", value: "y" }] }], {
    contact: { metadata: { text: long } },
  });
  expect(output).toEqual({
    branch: "otherwise",
    compared: [{ branch: "a", field: "metadata.text", operator: "is", wanted: "y", found: "x".repeat(200), held: false }],
  });
});

test("has an exit for each branch and one for everybody else", () => {
  const config = condition.config.parse({ branches: [{ id: "a", label: "A", tests: [{ field: "email", operator: "is_empty" }] }] });
  expect(condition.exits(config)).toEqual([
    { handle: "a", label: "A" },
    { handle: "otherwise", label: "Otherwise" },
  ]);
});

test("a range has two ends in their order, and days are counted in whole numbers", () => {
  const parse = (operator: string, value?: unknown) =>
    condition.config.safeParse({ branches: [{ id: "a", tests: [{ field: "metadata.points", operator, value }] }] }).success;
  for (const value of [undefined, 5, [5], [5, ""], [5, 6, 7], [7, 5], ["2026-06-01", "2026-05-31"]])
    expect(parse("between", value), JSON.stringify(value)).toBe(false);
  for (const value of [
    [5, 5],
    [5, "7"],
    ["2026-05-31", "2026-06-01"],
  ])
    expect(parse("between", value), JSON.stringify(value)).toBe(true);
  for (const value of [undefined, 0, 1.5, 3651, "7", [7]]) expect(parse("in_next_days", value), JSON.stringify(value)).toBe(false);
  expect(parse("in_last_days", 30)).toBe(true);
  expect(parse("has_all", "vip")).toBe(false);
  expect(parse("has_all", ["vip", "north"])).toBe(true);
});

test("days begin where the contact lives, or else where the workspace is", () => {
  const soon: Test = { field: "custom.visit", operator: "in_next_days", value: 1 };
  const now = "2026-06-01T03:30:00Z";
  const at = (zone: string | null) => holds(soon, { now, contact: { time_zone: zone, metadata: { visit: "2026-06-02" } } });
  expect([at("America/New_York"), at("Asia/Kathmandu")]).toEqual([false, true]);
});
