import { compareNumbers } from "#contract/comparable-number.ts";
import { comparableText, foldCase } from "#contract/comparable-text.ts";
import { orderings } from "#contract/field-tests.ts";
import { foldName } from "#contract/fold.ts";

type Value = string | number | boolean;

export interface FieldTestLike {
  field: string;
  operator: string;
  value?: Value | readonly Value[] | undefined;
  caseSensitive?: boolean;
  alsoIfEmpty?: boolean | undefined;
}

export interface TestGroup {
  match: string;
  tests: readonly TestOrGroup[];
}
export type TestOrGroup = FieldTestLike | TestGroup;

const isGroup = (test: TestOrGroup): test is TestGroup => "tests" in test;

interface Work {
  left: number;
}

/** Whether the two hold for the same contacts, as far as can be seen from how they are written. */
export const asksTheSame = (one: TestOrGroup, other: TestOrGroup, work: Work): boolean =>
  thenAlso(one, other, work) && thenAlso(other, one, work);

/**
 * Whether `then` holds for every contact for whom `when` holds, as far as can be seen from how they are written. It is never
 * wrongly true, and false where the work is used up.
 */
export function thenAlso(when: TestOrGroup, then: TestOrGroup, work: Work): boolean {
  work.left -= 1;
  if (work.left < 0) return false;
  if (!isGroup(when) && !isGroup(then)) return testThenAlso(when, then);
  // First the ways by which all parts must follow, and then those by which one is enough.
  if (isGroup(when) && when.match === "any") return when.tests.every((each) => thenAlso(each, then, work));
  if (isGroup(then) && then.match === "all") return then.tests.every((each) => thenAlso(when, each, work));
  if (isGroup(when) && isGroup(then) && when.match === "none" && then.match === "none") {
    return then.tests.every((no) => when.tests.some((each) => thenAlso(no, each, work)));
  }
  if (isGroup(when) && when.match === "all" && when.tests.some((each) => thenAlso(each, then, work))) return true;
  return isGroup(then) && then.match === "any" && then.tests.some((each) => thenAlso(when, each, work));
}

/** Whether no contact can pass, as far as can be seen from how the tests are written. */
export function isImpossible(test: TestOrGroup, work: Work): boolean {
  work.left -= 1;
  if (work.left < 0 || !isGroup(test)) return false;
  if (test.match === "any") return test.tests.every((each) => isImpossible(each, work));
  if (test.match !== "all") return false;
  if (test.tests.some((each) => isImpossible(each, work))) return true;
  return test.tests.some((one, index) =>
    test.tests.slice(index + 1).some((other) => {
      work.left -= 1;
      return work.left >= 0 && contradict(one, other, work);
    }),
  );
}

function contradict(one: TestOrGroup, other: TestOrGroup, work: Work): boolean {
  if (isGroup(one) && one.match === "none") return one.tests.some((no) => thenAlso(other, no, work));
  if (isGroup(other) && other.match === "none") return other.tests.some((no) => thenAlso(one, no, work));
  if (isGroup(one) || isGroup(other) || one.field !== other.field) return false;
  return excludes(one, other) || excludes(other, one);
}

/** Lists of values are tested by their members, so that a contact may have two of them at once. */
const mayHoldSeveral = (field: string) => /^(metadata|custom|trigger|variables|steps|tags)\b/.test(field);

const opposites: Readonly<Record<string, string>> = {
  is: "is_not",
  in: "not_in",
  contains: "not_contains",
  is_empty: "is_not_empty",
};
const isDenial = (operator: string) => operator.startsWith("not_") || operator === "is_not";
/** Whether it holds of nobody for whom the field is empty. */
const isOnlyOfFilled = (test: FieldTestLike): boolean =>
  test.operator === "is_not_empty" ||
  (valuesOf(test).length > 0 && (needsValue.has(test.operator) || (isDenial(test.operator) && test.alsoIfEmpty === false)));
const needsValue = new Set(["is", "in", "contains", "starts_with", "ends_with", "has_all", "day_of_year_is", ...orderings]);

function excludes(one: FieldTestLike, other: FieldTestLike): boolean {
  if (other.operator === "is_empty" && isOnlyOfFilled(one)) return true;
  if (opposites[one.operator] === other.operator && sameValues(one, other)) return true;
  const [mine, theirs] = [equals(one), equals(other)];
  if (mine && other.operator === "not_in" && mine.every((value) => valuesOf(other).some((each) => isSame(value, each, one, other))))
    return true;
  if (mayHoldSeveral(one.field)) return false;
  if (mine && theirs) return !mine.some((value) => theirs.some((each) => isSame(value, each, one, other) || areMaybeSame(value, each)));
  if (one.operator === "greater_than" && other.operator === "less_than") {
    const order = compareNumbers(one.value, other.value);
    return order !== undefined && order >= 0;
  }
  return false;
}

/** The values of which the field must have one. */
const equals = (test: FieldTestLike): readonly Looked[] | undefined =>
  test.operator === "is" || test.operator === "in" ? valuesOf(test) : undefined;

/** Numbers are written in many ways, and names without their accents: what is not surely different may be the same. */
const areMaybeSame = ({ value: one }: Looked, { value: other }: Looked) =>
  (/\p{N}/u.test(String(one)) && /\p{N}/u.test(String(other))) || foldName(String(one)) === foldName(String(other));

function testThenAlso(when: FieldTestLike, then: FieldTestLike): boolean {
  if (when.field !== then.field) return false;
  if (when.operator === then.operator && sameValues(when, then)) {
    // What differs from "Ann" in any case is fewer than what differs from "Ann" as written.
    const sameCase = (when.caseSensitive ?? false) === (then.caseSensitive ?? false);
    return !isDenial(when.operator) || (sameCase && (then.alsoIfEmpty !== false || when.alsoIfEmpty === false));
  }
  if (then.operator === "is_not_empty") return isOnlyOfFilled(when);
  const wanted = equals(when);
  if (wanted && wanted.length > 0 && (then.operator === "is" || then.operator === "in")) {
    return wanted.every((value) => valuesOf(then).some((each) => isSame(value, each, when, then)));
  }
  if (when.operator === "greater_than" && then.operator === "greater_than") return (compareNumbers(when.value, then.value) ?? -1) >= 0;
  if (when.operator === "less_than" && then.operator === "less_than") return (compareNumbers(when.value, then.value) ?? 1) <= 0;
  return false;
}

/** A value as it is compared. Each test is compared with many others, so its values are folded once. */
interface Looked {
  value: Value;
  text: string;
  folded: string;
}
const folded = new WeakMap<FieldTestLike, readonly Looked[]>();

function valuesOf(test: FieldTestLike): readonly Looked[] {
  const before = folded.get(test);
  if (before) return before;
  const values = test.value === undefined ? [] : ([test.value].flat() as Value[]);
  const looked = values.map((value) => {
    const text = comparableText(String(value));
    return { value, text, folded: foldCase(text) };
  });
  folded.set(test, looked);
  return looked;
}

function sameValues(one: FieldTestLike, other: FieldTestLike): boolean {
  const [mine, theirs] = [valuesOf(one), valuesOf(other)];
  return mine.length === theirs.length && mine.every((value) => theirs.some((each) => isSame(value, each, one, other)));
}

/** Whether what `when` looks for is also what `then` looks for; a test that minds the case finds less. */
function isSame(value: Looked, other: Looked, when: FieldTestLike, then: FieldTestLike): boolean {
  if (value.text === other.text) return when.caseSensitive === true || then.caseSensitive !== true;
  return then.caseSensitive !== true && value.folded === other.folded;
}
