import { conditionOperators, type MatchWay, matchWays } from "#contract/field-tests.ts";
import { otherwise } from "../condition/definition.ts";
import { isRecord } from "../graph/checked-node.ts";
import { foldKey, type Raw, type RawReader, readRaw } from "./raw-values.ts";
import { choice, type Note, step, type Translate, undecided } from "./translation.ts";
import { undecidedRest } from "./undecided.ts";

const operatorSpellings: Record<string, readonly string[]> = {
  is: ["is", "equals", "equal", "equalto", "eq", "==", "===", "="],
  is_not: ["isnot", "notequals", "notequal", "notequalto", "neq", "ne", "!=", "!=="],
  contains: ["contains", "includes"],
  not_contains: ["notcontains", "doesnotcontain", "notincludes"],
  starts_with: ["startswith", "beginswith"],
  ends_with: ["endswith"],
  is_empty: ["isempty", "empty", "isnull", "notset", "doesnotexist", "notexists"],
  is_not_empty: ["isnotempty", "notempty", "isset", "exists", "isnotnull"],
  greater_than: ["greaterthan", "gt", ">"],
  less_than: ["lessthan", "lt", "<"],
  at_least: ["atleast", "greaterthanorequal", "greaterthanorequalto", "greaterthanorequals", "gte", "ge", ">="],
  at_most: ["atmost", "lessthanorequal", "lessthanorequalto", "lessthanorequals", "lte", "le", "<="],
  between: ["between", "inrange"],
  has_all: ["hasall", "containsall", "allof", "isallof"],
  in: ["in", "isanyof", "anyof", "oneof", "isoneof"],
  not_in: ["notin", "isnoneof", "noneof", "isnotoneof"],
};
/** An operator that is not known stays as it is spelled, and the check of the flow names it. */
const operatorOf = (spelled: string): string =>
  Object.keys(operatorSpellings).find((operator) => operatorSpellings[operator]?.includes(foldKey(spelled))) ?? spelled;

const isOtherwise = (name: string | undefined): boolean =>
  name !== undefined && ["otherwise", "else", "default", "nomatch", "none", "fallback"].includes(foldKey(name));

const operatorKeys = ["operator", "op", "comparison", "comparator", "operation", "operatortype", "comparisontype", "condition"];
const negationKeys = ["negate", "negated", "not", "isnot", "invert", "inverted", "inverse", "exclude", "isnegated"];
/** Keys of a test that say nothing of what it asks. */
const silentKeys: ReadonlySet<string> = new Set([
  "id",
  "uuid",
  "label",
  "name",
  "title",
  "description",
  "type",
  "valuetype",
  "datatype",
  "fieldtype",
  "fieldlabel",
  "position",
  "index",
]);

interface TranslatedTest {
  test: Raw;
  notes: readonly Note[];
}

/** `isRead`: whether its branch has read a key, where the test stands in the branch itself. */
function translateTest(raw: unknown, isRead: (key: string) => boolean): TranslatedTest {
  const settings = readRaw(isRecord(raw) ? raw : {});
  const spelled = settings.text(...operatorKeys);
  const value = settings.take("value", "values", "comparevalue", "compareto");
  const isCaseSensitive = settings.take("casesensitive", "matchcase", "casesensitivity") === true;
  const isDenied = [true, "true", 1, "1", "yes"].includes(settings.take(...negationKeys) as string);
  const field = settings.text("field", "fieldname", "property", "attribute", "variable", "key") ?? "";
  const unread = settings.unread().filter((key) => !silentKeys.has(foldKey(key)) && !isRead(key));
  // Where something is there that nobody understands, the usual operator would be a guess. The check of the flow refuses the spelled one.
  const operator = operatorOf(spelled ?? unread[0] ?? "is");
  const wants = conditionOperators[operator as keyof typeof conditionOperators];
  const several = typeof value === "string" ? value.split(",").map((one) => one.trim()) : value === undefined ? undefined : [value].flat();
  const test = {
    field,
    operator,
    ...(wants !== "none" && value !== undefined && { value: wants === "several" || wants === "two" ? several : value }),
    ...(isCaseSensitive && { caseSensitive: true }),
  };
  return {
    test: isDenied ? { match: "none", tests: [test] } : test,
    notes:
      unread.length === 0
        ? []
        : [
            undecided(
              `The test of “${field}” also says ${unread.slice(0, 5).join(", ")}, which nothing here reads. Check what it asks for.`,
            ),
          ],
  };
}

const readTests = (settings: RawReader): unknown[] | undefined => settings.list("conditions", "rules", "tests", "criteria", "filters");
const matchKeys = ["logic", "logicoperator", "logicaloperator", "conditionlogic", "match", "matchtype"];
const matchSpellings: Readonly<Record<MatchWay, readonly string[]>> = {
  all: ["and", "all", "every", "allof", "matchall", "&&", ""],
  any: ["or", "any", "some", "anyof", "oneof", "atleastone", "matchany", "||"],
  none: ["none", "noneof", "nor", "neither", "matchnone"],
};

/** How the tests of a branch go together. A way that is not known stays as it is spelled, and the check of the flow names it. */
function readMatch(settings: RawReader, tests: number): string {
  const spelled = settings.text(...matchKeys, "operator") ?? "";
  const folded = foldKey(spelled);
  // "Not" before several tests may deny each of them or all together.
  if (folded === "not" && tests === 1) return "none";
  return matchWays.find((way) => matchSpellings[way].includes(folded)) ?? spelled;
}

const readLead = (settings: RawReader): string | undefined =>
  settings.text(
    ...["jumpto", "jumptostep", "goto", "nextstep", "nextstepid", "nextnode", "nextnodeid"],
    ...["targetstep", "targetstepid", "targetnode", "targetnodeid", "target", "step", "stepid"],
  );

/** The branches of a condition, and the names that connections may use for its exits. */
function translateBranches(raws: readonly unknown[]) {
  const branches: { id: string; label: string; match: string; tests: Raw[] }[] = [];
  const exits: Record<string, string> = {};
  const leads: { exit: string; target: string }[] = [];
  const notes: Note[] = [];
  raws.forEach((raw, index) => {
    const settings = readRaw(isRecord(raw) ? raw : {});
    const given = settings.text("id", "branchid", "key");
    const label = settings.text("label", "name", "title") ?? "";
    const tests = readTests(settings);
    const isDefault = settings.take("isdefault", "iselse", "default") === true;
    const isLast = tests === undefined && (isDefault || isOtherwise(given) || isOtherwise(label));
    const id = isLast ? otherwise : given === undefined || given === otherwise ? `branch_${index + 1}` : given;
    for (const name of [given, label]) if (name && name !== id && !Object.hasOwn(exits, name)) exits[name] = id;
    const target = readLead(settings);
    if (target !== undefined) leads.push({ exit: id, target });
    // One test may stand in the branch itself.
    const own = tests ?? (isRecord(raw) && settings.text("field", "fieldname") !== undefined ? [raw] : []);
    if (isLast) return;
    // A branch that is one test itself has that test's operator and none of its own.
    const match = tests ? readMatch(settings, own.length) : "all";
    const unread = settings.unread();
    const translated = own.map((test) => translateTest(test, (key) => !tests && !unread.includes(key)));
    notes.push(...translated.flatMap((one) => one.notes));
    if (tests) notes.push(...undecidedRest(`The branch “${label || id}”`, unread));
    branches.push({ id, label: label.slice(0, 200), match, tests: translated.map(({ test }) => test) });
  });
  return { branches, exits, leads, notes };
}

const yes = ["true", "yes", "match", "matched", "if"];
const no = ["false", "no", "else", "default", "nomatch", "otherwise"];

export const translateCondition: Translate = (settings) => {
  const raws = settings.list("branches", "paths", "cases");
  const alone = raws ? undefined : readTests(settings);
  const single = settings.text("field", "fieldname");
  if (!raws && !alone && single === undefined) return undefined;
  const { branches, exits, leads, notes } = translateBranches(
    raws ?? [
      {
        id: "yes",
        label: "Yes",
        match: settings.text(...matchKeys),
        conditions: alone ?? [
          {
            field: single,
            operator: settings.text(...operatorKeys),
            value: settings.take("value", "values", "comparevalue", "compareto"),
            caseSensitive: settings.take("casesensitive"),
            negate: settings.take(...negationKeys),
          },
        ],
      },
    ],
  );
  const [only, ...others] = branches;
  // "Yes" and "no" mean something only where there are two ways.
  const binary = others.length === 0 && only ? { ...named(yes, only.id), ...named(no, otherwise) } : named(no.slice(2), otherwise);
  const after = settings.text("otherwiseaction", "elseaction", "nomatchaction", "defaultaction", "otherwise");
  const mustLead =
    after !== undefined && foldKey(after).startsWith("continue")
      ? { exit: otherwise, message: "Contacts whom no branch fitted went on. Connect “Otherwise” with the step at which they go on." }
      : undefined;
  return step("condition", { branches }, notes, { exits: { ...binary, ...exits }, leads, ...(mustLead && { mustLead }) });
};

const named = (names: readonly string[], exit: string) => Object.fromEntries(names.map((name) => [name, exit]));

export const translateSplit: Translate = (settings) => {
  const list = settings.list("variants", "variations", "splits", "branches", "paths", "options");
  const record = list ? undefined : settings.record("variants", "variations", "splits", "weights", "distribution");
  const raws = list ?? Object.entries(record ?? {}).map(([id, percent]) => ({ id, percent }));
  if (raws.length < 2) return undefined;
  const exits: Record<string, string> = {};
  const shares = raws.map((raw, index) => {
    const variant = readRaw(isRecord(raw) ? raw : { id: raw });
    const given = variant.text("id", "variantid", "key");
    const label = variant.text("label", "name", "title") ?? "";
    const id = given ?? `variant_${index + 1}`;
    if (label && label !== id) exits[label] = id;
    const percent = variant.number("percent", "percentage", "weight", "split", "share", "traffic", "probability", "ratio", "value");
    return { id, label: label.slice(0, 200), percent };
  });
  const { percents, notes } = toPercents(shares.map(({ percent }) => percent));
  return step("split", { shares: shares.map((share, index) => ({ ...share, percent: percents[index] })) }, notes, { exits });
};

/** Shares in hundredths of a percent that add up to a hundred percent. */
function toPercents(given: readonly (number | undefined)[]): { percents: number[]; notes: Note[] } {
  const known = given.map((percent) => percent ?? 0);
  const sum = known.reduce((all, one) => all + one, 0);
  if (Math.abs(sum - 100) < 1e-9 && known.every((one) => Math.abs(one * 100 - Math.round(one * 100)) < 1e-6))
    return { percents: known, notes: [] };
  const isGiven = sum > 0 && known.every((one) => one >= 0);
  const weights = isGiven ? known : known.map(() => 1);
  const total = weights.reduce((all, one) => all + one, 0);
  const hundredths = weights.map((weight) => Math.floor((weight / total) * 10_000));
  const rest = 10_000 - hundredths.reduce((all, one) => all + one, 0);
  const percents = hundredths.map((one, index) => (one + (index < rest ? 1 : 0)) / 100);
  const words = `Now they are ${percents.map((one) => `${one} %`).join(", ")}.`;
  return {
    percents,
    notes: [choice(isGiven ? `The shares did not add up to 100 %. ${words}` : `It does not say how large the shares are. ${words}`)],
  };
}
