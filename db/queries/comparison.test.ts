import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { comparedField } from "#contract/compare-contact.ts";
import { matchesTest } from "#contract/compare-values.ts";
import type { ContactField } from "#contract/contact-fields.ts";
import { contactFields, flowFields } from "#contract/contact-fields.ts";
import { FilterTest, filterOperators } from "#contract/contacts.ts";
import {
  type ConditionOperator,
  conditionOperators,
  type FieldTest,
  fieldTestSchema,
  groupFits,
  matchWays,
  type TestGroup,
} from "#contract/field-tests.ts";
import { contactColumns, toContact } from "#engine/execution/contact-rows.ts";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import { matchesFilter } from "./contact-filter.ts";
import { matchesGroup } from "./test-group-filter.ts";

/** Values over which two implementations of a comparison are likely to differ. */
const hostile = [
  ...[
    "",
    " ",
    "  ",
    "a",
    "A",
    " a ",
    "a b",
    "Ann",
    "ann ",
    "José",
    "Jose\u0301",
    "JOSÉ",
    "İstanbul",
    "istanbul",
    "ΣΑΣ",
    "σας",
    "ς",
    "ß",
    "SS",
  ],
  ...["ﬁ", "fi", "%", "_", "\\", "\\%", "a_b", "a%b", "100%", "12%", "1,200", "1200", "$1,200.50", "1200.5", "007", "7", "+7", "1e3"],
  ...["(415) 555-2699", "+14155552699", "415.555.2699", "0664 1234561", "٠٣٠ ١٢٣٤٥٦٧", "+43 (0)664 1234561", "12345", "(0)", "--", "+"],
  ...["2026-01-01", "2026-01-01T00:00:00Z", "2026-01-01T00:00", "2026-01-01 05:45", "2026-01-01T00:00:00+05:45", "06/01/2027", "now"],
  ...[
    "null",
    "true",
    "False",
    "\t",
    "a\tb",
    "\u00a0",
    "a\u00a0",
    "\u200b",
    "\u202e",
    "\u0301",
    "\u{1F600}",
    "王小明",
    "{}",
    "[]",
    "'",
    '"',
    "x".repeat(60),
  ],
];
const phones: [string | null, string | null][] = [
  [null, null],
  ["", null],
  ["(415) 555-2699", "+14155552699"],
  ["0664 1234561", "+436641234561"],
  ["12345", null],
  ["٠٣٠ ١٢٣٤٥٦٧", null],
  [null, "+447911123456"],
  ["ext. 5", null],
];
const moments = [
  "2025-12-31T18:15:00.000Z",
  "2025-12-31T23:59:59.999Z",
  "2026-01-01T00:00:00.000Z",
  "2026-01-01T05:00:00.000Z",
  "2026-01-01T23:59:59.999Z",
  "2026-01-02T00:00:00.000Z",
];
const workspaceId = "comparison";
let db: TestDb;
let contacts: ReturnType<typeof toContact>["fields"][];

beforeAll(async () => {
  db = await createTestDb();
  await db.owner.insertInto("workspaces").values({ id: workspaceId, name: "Tests" }).execute();
  const pick = <T>(list: readonly T[], index: number) => list[index % list.length] as T;
  const rows = Array.from({ length: hostile.length * 2 }, (_, index) => ({
    workspace_id: workspaceId,
    name: index % 3 === 0 ? null : pick(hostile, index),
    firstname: pick(hostile, index + 1),
    lastname: pick(hostile, index * 3),
    email: index % 5 === 0 ? null : index % 2 === 0 ? `a${index}@example.org` : pick(hostile, index + 2),
    lead_status: index % 7 === 0 ? null : pick(hostile, index + 5),
    conversation_status: pick(hostile, index * 5 + 1),
    time_zone: index % 2 === 0 ? null : "Europe/Berlin",
    phone_number: pick(phones, index)[0],
    phone_e164: pick(phones, index)[1],
    dnc: index % 3 === 0,
    sms_opted_out_at: index % 4 === 0 ? new Date() : null,
    email_opted_out_at: index % 5 === 1 ? new Date() : null,
    created_at: sql<Date>`${pick(moments, index)}::timestamptz + ${index % 3 === 0 ? 400 : 0} * interval '1 microsecond'`,
  }));
  await db.owner.insertInto("contacts").values(rows).execute();
  const read = await sql<
    Parameters<typeof toContact>[0]
  >`select ${contactColumns} from contacts c where workspace_id = ${workspaceId}`.execute(db.owner);
  contacts = read.rows.map((row) => toContact(row).fields);
});
afterAll(() => db.drop());

/** The verdicts of SQL and of memory on every contact, for several tests of the filter at once. */
async function disagreements(tests: readonly FilterTest[]): Promise<string[]> {
  const columns = tests.map((one, index) => sql`(${matchesFilter({ tests: [one] })}) as ${sql.ref(`t${index}`)}`);
  const { rows } = await sql<Record<string, unknown>>`
    select id, now() as now, ${sql.join(columns)} from contacts where workspace_id = ${workspaceId}`.execute(db.owner);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return tests.flatMap((one, index) =>
    contacts.flatMap((contact) => {
      const row = byId.get(contact.id);
      const subject = comparedField(contact, one.field);
      const inMemory = subject !== undefined && matchesTest(one, subject, row?.now as Date);
      // Null is not true, so such a row is not found.
      return (row?.[`t${index}`] === true) === inMemory
        ? []
        : [`${JSON.stringify(one)} of ${JSON.stringify(subject)}: memory says ${inMemory}`];
    }),
  );
}

const anyTest = fieldTestSchema(z.string());

/** The same for groups of tests, as conditions of flows have them, and how many of them SQL can say. */
async function disagreementsOfGroups(groups: readonly TestGroup[]): Promise<{ differ: string[]; said: number }> {
  const sayable = groups.flatMap((group) => {
    const condition = matchesGroup(group);
    return Array.isArray(condition) ? [] : [{ group, condition }];
  });
  if (sayable.length === 0) return { differ: [], said: 0 };
  const columns = sayable.map(({ condition }, index) => sql`(${condition}) is true as ${sql.ref(`t${index}`)}`);
  const { rows } = await sql<Record<string, unknown>>`
    select id, now() as now, ${sql.join(columns)} from contacts where workspace_id = ${workspaceId}`.execute(db.owner);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const differ = sayable.flatMap(({ group }, index) =>
    contacts.flatMap((contact) => {
      const row = byId.get(contact.id);
      const inMemory = groupFits(group, (one) => {
        const subject = comparedField(contact, one.field);
        return subject !== undefined && matchesTest(one, subject, row?.now as Date);
      });
      return row?.[`t${index}`] === inMemory ? [] : [`${JSON.stringify(group)} of ${JSON.stringify(contact)}: memory says ${inMemory}`];
    }),
  );
  return { differ: differ.slice(0, 3), said: sayable.length };
}

// The fields that a flow may read. The others are worked out from other tables.
const fields = (Object.keys(contactFields) as ContactField[]).filter((field) => flowFields.includes(field));
const operatorsOf = (field: ContactField) => Object.keys(filterOperators[contactFields[field].kind]) as FilterTest["operator"][];
const valuesFor = (operator: string, value: string): unknown =>
  operator === "in" || operator === "not_in" || operator === "has_all"
    ? [value, value.length % 2 === 0 ? "nobody" : value]
    : operator === "between"
      ? [value.length % 3 === 0 ? "2025-12-31" : value, value]
      : operator.startsWith("is_") && operator.includes("empty")
        ? undefined
        : operator.endsWith("_days")
          ? value.length * 20 + 1
          : value;

describe.each(["UTC", "America/New_York", "Asia/Kathmandu"])("on a server in %s", (zone) => {
  const before = process.env.TZ;
  beforeAll(() => {
    process.env.TZ = zone;
    expect(new Date("2026-01-01T00:00:00Z").getHours()).toBe({ UTC: 0, "America/New_York": 19, "Asia/Kathmandu": 5 }[zone]);
  });
  afterAll(() => {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  });

  test("SQL and memory agree on every operator of every field over every hostile value", async () => {
    let asked = 0;
    for (const field of fields) {
      for (const operator of operatorsOf(field)) {
        const given: unknown[] = contactFields[field].kind === "boolean" ? [true, false] : hostile.map((each) => valuesFor(operator, each));
        const tests = given.flatMap((value) => {
          const parsed = FilterTest.safeParse({ field, operator, ...(value === undefined ? {} : { value }) });
          return parsed.success ? [parsed.data] : [];
        });
        expect(await disagreements(tests)).toEqual([]);
        asked += tests.length;
      }
    }
    expect(asked).toBeGreaterThan(1500);
  });

  test("SQL and memory agree on every operator of conditions of flows, alone and denied", async () => {
    let said = 0;
    for (const field of fields) {
      for (const operator of Object.keys(conditionOperators) as ConditionOperator[]) {
        const given = hostile.map((value) => valuesFor(operator, value)).concat(operator.startsWith("is") ? [true, 7] : []);
        const tests = given.flatMap((value, index): FieldTest[] => {
          const alsoIfEmpty = index % 2 === 0 ? undefined : false;
          const parsed = anyTest.safeParse({ field, operator, alsoIfEmpty, ...(value === undefined ? {} : { value }) });
          return parsed.success ? [parsed.data] : [];
        });
        const groups = tests.flatMap((one): TestGroup[] => [
          { match: "all", tests: [one] },
          { match: "none", tests: [one] },
        ]);
        const told = await disagreementsOfGroups(groups);
        expect(told.differ).toEqual([]);
        said += told.said;
      }
    }
    expect(said).toBeGreaterThan(3000);
  });

  test("SQL and memory agree on groups in groups, made up at random from hostile values", async () => {
    const one: fc.Arbitrary<FieldTest> = fc
      .record({
        field: fc.constantFrom(...fields),
        operator: fc.constantFrom(...(Object.keys(conditionOperators) as ConditionOperator[])),
        text: fc.constantFrom(...hostile),
        alsoIfEmpty: fc.constantFrom(undefined, false),
      })
      .map(({ text, ...rest }) => anyTest.safeParse({ ...rest, value: valuesFor(rest.operator, text) }))
      .filter((parsed) => parsed.success && !Array.isArray(matchesGroup({ match: "all", tests: [parsed.data] })))
      .map((parsed) => parsed.data as FieldTest);
    const group = (inner: fc.Arbitrary<FieldTest | TestGroup>): fc.Arbitrary<TestGroup> =>
      fc.record({ match: fc.constantFrom(...matchWays), tests: fc.array(inner, { minLength: 1, maxLength: 4 }) });
    const groups = group(fc.oneof(one, group(fc.oneof(one, group(one)))));
    await fc.assert(
      fc.asyncProperty(fc.array(groups, { minLength: 10, maxLength: 20 }), async (some) => {
        const { differ, said } = await disagreementsOfGroups(some);
        expect(differ).toEqual([]);
        expect(said).toBe(some.length);
      }),
      { numRuns: 25 },
    );
  });

  test("SQL and memory agree on values made up at random from such parts", async () => {
    const parts = fc.string({ unit: fc.constantFrom(..."aAéE\u0301İςΣ%_\\ \t+()-0415,.$:TZ\u00a0\u200b"), maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...fields), parts, fc.nat(), async (field, text, lot) => {
        const operators = operatorsOf(field);
        const operator = operators[lot % operators.length] as FilterTest["operator"];
        const parsed = FilterTest.safeParse({ field, operator, value: valuesFor(operator, text) });
        if (parsed.success) expect(await disagreements([parsed.data])).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
