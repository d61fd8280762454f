import { z } from "zod";
import { readComparableDate } from "./comparable-date.ts";
import { compareNumbers } from "./comparable-number.ts";
import { typedValue } from "./comparable-text.ts";
import { isDayOfYear, today } from "./day-of-year.ts";
import { sayIssue } from "./issue-words.ts";

/**
 * Each operator of a test compares with one value, with several, with none, with the two ends of a range, with a number of
 * days, or with a day of the year.
 */
export const conditionOperators = {
  is: "one",
  is_not: "one",
  contains: "one",
  not_contains: "one",
  starts_with: "one",
  ends_with: "one",
  greater_than: "one",
  less_than: "one",
  at_least: "one",
  at_most: "one",
  between: "two",
  in_last_days: "days",
  in_next_days: "days",
  day_of_year_is: "day_of_year",
  in: "several",
  not_in: "several",
  has_all: "several",
  is_empty: "none",
  is_not_empty: "none",
} as const;
export type ConditionOperator = keyof typeof conditionOperators;
const operatorNames = Object.keys(conditionOperators) as [ConditionOperator, ...ConditionOperator[]];

const orderingNames = ["greater_than", "less_than", "at_least", "at_most", "between", "in_last_days", "in_next_days"] as const;
/** Those that ask for an order, which numbers and dates have. */
export const orderings: ReadonlySet<string> = new Set<ConditionOperator>(orderingNames);
export const isOrdering = (operator: ConditionOperator): operator is (typeof orderingNames)[number] => orderings.has(operator);

/** Those that deny another one. What is missing differs from everything, so they also hold of what is empty unless they say otherwise. */
export const denials: ReadonlySet<string> = new Set<ConditionOperator>(["is_not", "not_in", "not_contains"]);

/** A group of tests fits when all of them hold, when any of them holds, or when none of them does. */
export const matchWays = ["all", "any", "none"] as const;
export type MatchWay = (typeof matchWays)[number];

export const testLimits = {
  /** Tests and groups together that stand in one group. */
  inGroup: 20,
  /** The outermost group counts too. */
  depth: 3,
  /** The most days of a time that is counted from now. */
  days: 3650,
  /** The most values that the tests of one step may look for together. Each of them may be compared with each value that is found. */
  values: 2_000,
} as const;

type Value = string | number | boolean;

export interface FieldTest {
  field: string;
  operator: ConditionOperator;
  value?: Value | Value[] | undefined;
  /** Upper and lower case count as the same unless this is set. */
  caseSensitive: boolean;
  /** A negative test also holds of what is empty, unless this is false. */
  alsoIfEmpty?: boolean | undefined;
}

export interface TestGroup<Test = FieldTest> {
  match: MatchWay;
  tests: readonly (Test | TestGroup<Test>)[];
}

export const isGroup = <Test extends object>(test: Test | TestGroup<Test>): test is TestGroup<Test> => "tests" in test;

/** The tests of a group and of the groups in it, in the order of reading. */
export const allTests = <Test extends object>(tests: readonly (Test | TestGroup<Test>)[]): Test[] =>
  tests.flatMap((test) => (isGroup(test) ? allTests(test.tests) : [test]));

/** A text is cleaned before it is judged, because every text contains a blank one. */
const TestValue = z.union([z.string().transform(typedValue).pipe(z.string().max(500)), z.number(), z.boolean()]);

/** The schema of one test, by the schema of what may be named as its field. */
export const fieldTestSchema = <Field extends z.ZodType<string>>(field: Field) =>
  z
    .strictObject({
      field,
      operator: z.enum(operatorNames),
      value: z.union([TestValue, z.array(TestValue).max(200)]).optional(),
      caseSensitive: z.boolean().default(false),
      alsoIfEmpty: z.boolean().optional(),
    })
    .superRefine(({ operator, value }, context) => {
      const wants = conditionOperators[operator];
      const bad = (message: string) => context.addIssue({ code: "custom", path: ["value"], message });
      if (wants === "several" && !(Array.isArray(value) && value.length > 0)) bad(`"${operator}" needs a list of values`);
      if (Array.isArray(value) && value.includes("")) bad("One of the values is empty");
      if (wants === "two" && !(Array.isArray(value) && value.length === 2)) bad(`"${operator}" needs two values, the lower one first`);
      else if (wants === "two" && isBackwards(value as Value[]))
        bad("The first value is higher than the second, so nothing is between them");
      if (wants === "days" && !(Number.isInteger(value) && Number(value) >= 1 && Number(value) <= testLimits.days))
        bad(`A number of days from 1 to ${testLimits.days} is needed`);
      if (wants === "day_of_year" && value !== today && !isDayOfYear(value))
        bad(`A day and a month are needed, as 05-31 for 31 May, or "${today}"`);
      if (wants === "one" && (value === undefined || value === "" || Array.isArray(value))) bad(`"${operator}" needs a value`);
    });

/** Whether the first of two values is surely the higher one. */
function isBackwards([low, high]: readonly Value[]): boolean {
  const bySize = compareNumbers(low, high);
  if (bySize !== undefined) return bySize > 0;
  const [first, last] = [readComparableDate(low), readComparableDate(high)];
  return first !== undefined && last !== undefined && first.time > last.time;
}

/** Says that the tests of a step look for too many values; undefined where they do not. */
export function valuesProblem(tests: readonly { value?: unknown }[]): string | undefined {
  const values = tests.reduce((sum, { value }) => sum + (Array.isArray(value) ? value.length : 1), 0);
  return values > testLimits.values
    ? `The tests of a step may look for ${testLimits.values.toLocaleString("en")} values together, and these look for ${values.toLocaleString("en")}`
    : undefined;
}

/** The two keys of a group of tests, which may hold groups in turn. A step that has one of its own spreads them among its others. */
export function testGroupShape<Field extends z.ZodType<string>>(field: Field) {
  const test = fieldTestSchema(field);
  const checked = nestedTests(test, 1).superRefine((tests, context) => {
    const message = valuesProblem(allTests(tests));
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });
  return { match: z.enum(matchWays).default("all"), tests: checked };
}

type TestSchema = ReturnType<typeof fieldTestSchema>;

/** What stands in a group at a depth: tests and groups, and in the deepest one tests alone. */
function nestedTests(test: TestSchema, depth: number): z.ZodType<(FieldTest | TestGroup)[]> {
  const inner = () => z.strictObject({ match: z.enum(matchWays).default("all"), tests: nestedTests(test, depth + 1) });
  return z
    .array(testOrGroup(test, depth < testLimits.depth ? inner() : undefined))
    .min(1)
    .max(testLimits.inGroup);
}

const hasTests = (value: unknown) => typeof value === "object" && value !== null && "tests" in value;

function jsonSchemaOf(schema: z.ZodType) {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return described;
}

/** By its keys a value is taken for a test or for a group, so that what is wrong with it is told of its own keys. */
function testOrGroup(test: TestSchema, group: z.ZodType<TestGroup> | undefined): z.ZodType<FieldTest | TestGroup> {
  const described = z.unknown().meta({
    // Only the server describes itself to others. The browser loads this file too, and has no writer of JSON Schema.
    get anyOf() {
      return [test, ...(group ? [group] : [])].map(jsonSchemaOf);
    },
  });
  return described.transform((value, context): FieldTest | TestGroup => {
    if (hasTests(value) && !group) {
      context.addIssue({ code: "custom", message: `Groups may stand in each other to a depth of ${testLimits.depth}` });
      return z.NEVER;
    }
    // A parse of its own has to be told the words anew.
    const parsed = (hasTests(value) && group ? group : test).safeParse(value, { error: sayIssue });
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: value } as never);
    return z.NEVER;
  });
}

/**
 * Whether a group fits, by whether each of its tests holds, which is asked only as long as the answer is open. Undefined: it
 * cannot be said, because it hangs on a test of which it is not known. `isDenied`: it speaks against the group where the test
 * holds.
 */
export function groupFits<Test extends object>(
  { match, tests }: TestGroup<Test>,
  holds: (test: Test, isDenied: boolean) => boolean | undefined,
  isDenied = false,
): boolean | undefined {
  const denied = match === "none" ? !isDenied : isDenied;
  let isOpen = false;
  for (const test of tests) {
    const held = isGroup(test) ? groupFits(test, holds, denied) : holds(test, denied);
    if (held === undefined) isOpen = true;
    else if (held !== (match === "all")) return match === "any";
  }
  return isOpen ? undefined : match !== "any";
}
