import type { RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import { readComparableDate } from "#contract/comparable-date.ts";
import { matchesTest as holdsInMemory } from "#contract/compare-values.ts";
import { type ContactField, contactFields, fieldOf, flowFields } from "#contract/contact-fields.ts";
import type { FilterTest } from "#contract/contacts.ts";
import { denials, type FieldTest, isGroup, isOrdering, type TestGroup } from "#contract/field-tests.ts";
import { matchesNextDays, matchesTest } from "./contact-filter.ts";

type Condition = RawBuilder<SqlBool>;

/** A test that cannot be asked of all contacts at once. */
export interface Unsayable {
  test: FieldTest;
}

/**
 * A group of tests as a condition on the table `contacts`, through the compiler of the filter. Where a test cannot be said
 * in it, the tests are listed of which that is so.
 */
export function matchesGroup(group: TestGroup): Condition | Unsayable[] {
  const unsayable: Unsayable[] = [];
  const parts = group.tests.flatMap((each): Condition[] => {
    const said = isGroup(each) ? matchesGroup(each) : (sayTest(each) ?? [{ test: each }]);
    if (!Array.isArray(said)) return [isTrue(said)];
    unsayable.push(...said);
    return [];
  });
  if (unsayable.length > 0) return unsayable;
  if (group.match === "all") return sql`(${sql.join(parts, sql` and `)})`;
  const isAny = sql<SqlBool>`(${sql.join(parts, sql` or `)})`;
  return group.match === "any" ? isAny : not(isAny);
}

/** Null is not true, also where what holds is denied. */
const isTrue = (condition: Condition): Condition => sql`(${condition}) is true`;
const not = (condition: Condition): Condition => sql`(${condition}) is not true`;
const both = (one: Condition, other: Condition): Condition => sql`(${isTrue(one)} and ${isTrue(other)})`;
const constant = (holds: boolean): Condition => (holds ? sql`true` : sql`false`);

/** Undefined: the filter has no such test. */
function sayTest(test: FieldTest): Condition | undefined {
  const field = flowFields.includes(test.field) ? fieldOf(test.field) : undefined;
  if (field === undefined) return undefined;
  switch (contactFields[field].kind) {
    case "boolean":
      return sayBoolean(field, test);
    case "date":
      return sayDate(field, test);
    default: {
      const said = sayText(field, test);
      const isFilled = () => matchesTest({ field, operator: "is_not_empty" });
      return said && test.alsoIfEmpty === false && denials.has(test.operator) ? both(said, isFilled()) : said;
    }
  }
}

/** There are two values only, so the test is asked of both. */
function sayBoolean(field: ContactField, test: FieldTest): Condition {
  const [ifTrue, ifFalse] = [true, false].map((value) => holdsInMemory(test, { kind: "boolean", value }, new Date(0)));
  return ifTrue === ifFalse ? constant(ifTrue === true) : matchesTest({ field, operator: "is", value: ifTrue === true });
}

function sayDate(field: ContactField, { operator, value }: FieldTest): Condition | undefined {
  // Every contact has one.
  if (operator === "is_empty" || operator === "is_not_empty") return constant(operator === "is_not_empty");
  if (operator === "in_last_days") return matchesTest({ field, operator, value: Number(value) });
  if (operator === "in_next_days") return matchesNextDays(field, Number(value));
  const looked = [value].flat();
  if (!looked.every((each) => typeof each === "string" && readComparableDate(each))) return undefined;
  const dates = looked as string[];
  const on = (date: string) => {
    const isOutside = ["before", "after"].map((side) => matchesTest({ field, operator: side as "before", value: date }));
    return not(sql`(${sql.join(isOutside, sql` or `)})`);
  };
  const isOnOne = () => sql<SqlBool>`(${sql.join(dates.map(on), sql` or `)})`;
  const [first = ""] = dates;
  switch (operator) {
    case "less_than":
      return matchesTest({ field, operator: "before", value: first });
    case "greater_than":
      return matchesTest({ field, operator: "after", value: first });
    case "at_least":
      return not(matchesTest({ field, operator: "before", value: first }));
    case "at_most":
      return not(matchesTest({ field, operator: "after", value: first }));
    case "between":
      return both(
        not(matchesTest({ field, operator: "before", value: first })),
        not(matchesTest({ field, operator: "after", value: dates[1] ?? "" })),
      );
    case "is":
    case "in":
      return isOnOne();
    case "is_not":
    case "not_in":
      return not(isOnOne());
    default:
      return undefined;
  }
}

const ofTexts: ReadonlySet<string> = new Set(["contains", "not_contains", "starts_with", "ends_with"]);

/** The filter does not mind the case, has no order of texts, and compares a choice as a whole. */
function sayText(field: ContactField, { operator, value, caseSensitive }: FieldTest): Condition | undefined {
  if (operator === "is_empty" || operator === "is_not_empty") return matchesTest({ field, operator });
  const isChoice = contactFields[field].kind === "choice";
  if (caseSensitive || isOrdering(operator) || operator === "day_of_year_is" || (isChoice && ofTexts.has(operator))) return undefined;
  const say = (one: Pick<FilterTest, "operator" | "value">) => matchesTest({ field, ...one });
  const texts = [value].flat().map(String);
  if (operator === "has_all")
    return sql`(${sql.join(
      texts.map((text) => isTrue(say({ operator: "is", value: text }))),
      sql` and `,
    )})`;
  if (isChoice) return say({ operator, value: texts });
  if (operator !== "in" && operator !== "not_in") return say({ operator, value: texts[0] });
  const one = operator === "in" ? "is" : "is_not";
  const parts = texts.map((text) => isTrue(say({ operator: one, value: text })));
  return operator === "in" ? sql`(${sql.join(parts, sql` or `)})` : sql`(${sql.join(parts, sql` and `)})`;
}
