import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestGroup } from "#contract/field-tests.ts";
import type { TestShares, TestVerdicts } from "#contract/test-shares.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact } from "#test/factories.ts";
import type { Client } from "#test/http-client.ts";

/** Values that mean something to SQL, LIKE or JSON, and such that are folded. */
const hostile = [
  "%",
  "_",
  "\\",
  "'",
  '"',
  "a_b",
  "a%b",
  "Ann",
  "ann ",
  "José",
  "Jose\u0301",
  "ß",
  "İ",
  "null",
  "true",
  "x".repeat(60),
  "O'Hara",
];
const statuses = ["New", "Customer", "café", null];
let app: TestApp;
let viewer: Client;

beforeAll(async () => {
  app = await startTestApp();
  const tenant = await app.createTenant("Shares");
  viewer = await tenant.as("viewer");
  for (const [index, value] of hostile.entries()) {
    await buildContact(app.db.owner, tenant.workspaceId, {
      firstname: value,
      lastname: hostile[(index * 7 + 3) % hostile.length] as string,
      name: null,
      lead_status: statuses[index % statuses.length] as string | null,
      email: `c${index}@example.test`,
    });
  }
  const gone = await buildContact(app.db.owner, tenant.workspaceId, { firstname: "Ann", lead_status: "New" });
  await app.db.owner.updateTable("contacts").set({ deleted_at: new Date() }).where("id", "=", gone).execute();
});
afterAll(() => app.stop());

const is = (field: string, value: unknown, operator = "is") => ({ field, operator, value });
const shares = async (...groups: object[]): Promise<TestShares> => (await viewer.post("/api/test-shares", { groups })).body;
/** The ids that the filter of the contacts table finds. */
async function found(...tests: object[]): Promise<Set<string>> {
  const filter = encodeURIComponent(JSON.stringify({ tests }));
  const { body } = await viewer.get(`/api/contacts?limit=200&filter=${filter}`);
  return new Set((body as { items: { id: string }[] }).items.map(({ id }) => id));
}

describe("is refused", () => {
  test("without the right to read contacts, and what is no test", async () => {
    const key = await app.ours.key(["flows:read"]);
    const groups = [{ tests: [is("email", "a")] }];
    expect((await key.post("/api/test-shares", { groups })).status).toBe(403);
    expect((await key.post("/api/test-verdicts", { tests: [is("email", "a")] })).status).toBe(403);
    const deep = { match: "any", tests: [{ match: "any", tests: [{ match: "any", tests: [is("email", "a")] }] }] };
    for (const bad of [
      [],
      [{ tests: [] }],
      [{ tests: [is("email", "")] }],
      [{ match: "most", tests: [is("email", "a")] }],
      [{ tests: [deep] }],
    ]) {
      expect((await viewer.post("/api/test-shares", { groups: bad })).status, JSON.stringify(bad)).toBe(400);
    }
    expect((await viewer.post("/api/test-verdicts", { contactId: randomUUID(), tests: [is("email", "a")] })).body).toMatchObject({
      code: "contact_not_found",
    });
  });
});

describe("the share of a branch", () => {
  test("of A and (B or none of C) is what the filter of contacts counts, for hostile values", async () => {
    const all = await found();
    let asked = 0;
    for (const [index, value] of hostile.entries()) {
      const other = hostile[(index + 5) % hostile.length];
      const [a, b, c] = [is("firstname", value, "not_contains"), is("lastname", other, "starts_with"), is("firstname", other, "ends_with")];
      const [inA, inB, inC] = [await found(a), await found(b), await found(c)];
      const expected = [...all].filter((id) => inA.has(id) && (inB.has(id) || !inC.has(id))).length;
      const group = { match: "all", tests: [a, { match: "any", tests: [b, { match: "none", tests: [c] }] }] };
      expect(await shares(group), value).toEqual({ contacts: all.size, shares: [expected], others: all.size - expected, untold: [] });
      asked += expected;
    }
    expect(asked).toBeGreaterThan(0);
  });

  test("leaves out who took an earlier branch, and all of them with the others are everybody", async () => {
    const [customers, anns] = [await found(is("lead_status", "customer")), await found(is("firstname", "ann"))];
    const told = await shares({ tests: [is("lead_status", "CUSTOMER")] }, { tests: [is("firstname", "ann")] });
    expect(told.shares).toEqual([customers.size, [...anns].filter((id) => !customers.has(id)).length]);
    expect(told.contacts).toBe((told.shares[0] ?? 0) + (told.shares[1] ?? 0) + (told.others ?? 0));
  });

  test("is not told from the first branch with a test that contacts cannot be searched by, and says which", async () => {
    const groups: Pick<TestGroup, "tests">[] = [
      { tests: [is("contact.lead_status", "New")] },
      { tests: [{ match: "none", tests: [is("variables.code", "x"), is("firstname", "x")] }] },
      { tests: [is("custom.plan", "gold"), { ...is("firstname", "Ann"), caseSensitive: true }] },
    ] as never;
    const told = await shares(...groups);
    expect(told).toEqual({
      contacts: hostile.length,
      shares: [(await found(is("lead_status", "New"))).size, null, null],
      others: null,
      untold: [
        { group: 1, field: "variables.code", why: "run" },
        { group: 2, field: "custom.plan", why: "filter" },
        { group: 2, field: "firstname", why: "filter" },
      ],
    });
  });
});

test("the verdict of each test on one contact is the engine's, and open where only a running flow knows the value", async () => {
  const [id] = await found(is("lead_status", "café"));
  const ask = async (...tests: object[]): Promise<TestVerdicts> => (await viewer.post("/api/test-verdicts", { contactId: id, tests })).body;
  const { contactId, verdicts } = await ask(
    is("lead_status", "CAFE"),
    is("contact.lead_status", "New", "is_not"),
    is("custom.plan", "gold"),
    is("variables.code", "x"),
    is("steps.order.total", 5, "greater_than"),
    is("dnc", false),
  );
  expect(contactId).toBe(id);
  expect(verdicts).toEqual([
    { held: true, found: "café" },
    { held: true, found: "café" },
    { held: false, found: null },
    { held: null, found: null },
    { held: null, found: null },
    { held: true, found: false },
  ]);
  const newest = await viewer.post("/api/test-verdicts", { tests: [is("email", "a")] });
  expect(newest.body).toMatchObject({ verdicts: [{ held: false }] });
  const nobody = await (await app.createTenant("Nobody")).as("viewer");
  expect((await nobody.post("/api/test-verdicts", { tests: [is("email", "a")] })).body).toEqual({
    contactId: null,
    contactName: null,
    newer: null,
    older: null,
    verdicts: [],
  });
});
