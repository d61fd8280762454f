import { randomBytes, randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { readFormerLinkKeys } from "#db/link-keys.ts";
import { providerSecretPlace, saveProvider } from "#db/queries/providers.ts";
import { lockSealedRows, sealedColumns } from "#db/queries/sealed-values.ts";
import { saveSecret, workspaceSecretPlace } from "#db/queries/workspace-secrets.ts";
import { createSecretBox, SecretUnreadable } from "#db/secret-box.ts";
import { type BreakPoint, onBreakPoint, SimulatedCrash } from "#engine/base/break-point.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import { buildWorkspace } from "#test/factories.ts";
import { createMessageLinks } from "../compose/message-links.ts";
import { createIdempotency } from "../http/idempotency.ts";
import { rotateSecrets } from "./rotate-secrets.ts";

let db: TestDb;
const secretsOfOne = 25;
beforeAll(async () => {
  db = await createTestDb();
});
afterEach(async () => {
  onBreakPoint(undefined);
  await sql`update private.instance set former_link_keys = null`.execute(db.owner);
});
afterAll(() => db.drop());

const value = (name: string) => `the value of ${name}`;

/** A workspace with secrets, a provider and a stored answer, all of them sealed with this key. */
async function fill(masterKey: Buffer) {
  const workspaceId = await buildWorkspace(db.owner);
  const box = createSecretBox(masterKey);
  const names = Array.from({ length: secretsOfOne }, (_, n) => `secret_${n}`);
  for (const name of names) {
    const secret = box.seal(workspaceSecretPlace({ workspaceId, name }), value(name));
    await saveSecret(db.owner, { workspaceId, name, secret, hosts: ["example.com"], updatedBy: randomUUID() });
  }
  const place = providerSecretPlace({ workspaceId, channel: "email" });
  await saveProvider(db.owner, {
    workspaceId,
    channel: "email",
    provider: "smtp",
    updatedBy: randomUUID(),
    settings: {},
    secrets: box.seal(place, value("smtp")),
    secretEnds: {},
  });
  const request = { workspaceId, principalId: randomUUID(), route: "createContact", key: "once" };
  const answer = await ask(masterKey, request);
  return { workspaceId, names, request, answer };
}

const ask = (masterKey: Buffer, request: Parameters<ReturnType<typeof createIdempotency>["once"]>[1]) =>
  db.owner
    .transaction()
    .execute((tx) =>
      createIdempotency(masterKey).once(tx, request, { params: {}, query: {}, body: {} }, async () => ({ status: 200, body: { id: "x" } })),
    );

async function expectAllOpen(masterKey: Buffer, { workspaceId, names, request }: Awaited<ReturnType<typeof fill>>) {
  const box = createSecretBox(masterKey);
  const stored = await db.owner.selectFrom("workspace_secrets").selectAll().where("workspace_id", "=", workspaceId).execute();
  expect(stored.map(({ name, secret }) => box.open(workspaceSecretPlace({ workspaceId, name }), secret)).sort()).toEqual(
    names.map(value).sort(),
  );
  const provider = await db.owner
    .selectFrom("providers")
    .select("secrets")
    .where("workspace_id", "=", workspaceId)
    .executeTakeFirstOrThrow();
  expect(box.open(providerSecretPlace({ workspaceId, channel: "email" }), provider.secrets as string)).toBe(value("smtp"));
  expect(await ask(masterKey, request)).toMatchObject({ replayed: true, body: { id: "x" } });
}

test("a value that no given key opens is left as it is, told, and keeps the others from nothing", async () => {
  const [lost, old, now] = [randomBytes(32), randomBytes(32), randomBytes(32)];
  const one = await fill(lost);
  const two = await fill(old);
  const done = await rotateSecrets(db.owner, { masterKey: now, previousMasterKeys: [old] }, { batch: 10 });
  expect(done).toEqual({
    rotated: secretsOfOne + 2,
    unreadable: { providers: 1, workspace_secrets: secretsOfOne, idempotency_keys: 1 },
    left: secretsOfOne + 2,
  });
  await expectAllOpen(now, two);
  await expectAllOpen(lost, one);
  await sql`delete from workspaces`.execute(db.owner);
});

test.each(["secrets-written", "secrets-committed"] as const)(
  "a rotation that is killed at %s goes on where it was, and afterwards the old key can be taken away",
  async (point: BreakPoint) => {
    const [old, now] = [randomBytes(32), randomBytes(32)];
    const stored = await fill(old);
    const keys = { masterKey: now, previousMasterKeys: [old] };
    let passed = 0;
    onBreakPoint((reached) => {
      if (reached === point && ++passed === 3) throw new SimulatedCrash();
    });
    await expect(rotateSecrets(db.owner, keys, { batch: 5 })).rejects.toThrow(SimulatedCrash);
    onBreakPoint(undefined);
    const { rotated, left, unreadable } = await rotateSecrets(db.owner, keys, { batch: 5 });
    expect({ left, unreadable }).toEqual({ left: 0, unreadable: {} });
    expect(rotated).toBeLessThan(secretsOfOne + 2);
    expect(rotated).toBeGreaterThan(0);
    await expectAllOpen(now, stored);
    expect(await rotateSecrets(db.owner, { masterKey: now, previousMasterKeys: [] })).toEqual({ rotated: 0, unreadable: {}, left: 0 });
    await sql`delete from workspaces`.execute(db.owner);
  },
);

test("every column that holds a sealed value is one that a rotation knows", async () => {
  await fill(randomBytes(32));
  await rotateSecrets(db.owner, { masterKey: randomBytes(32), previousMasterKeys: [randomBytes(32)] });
  await sql`insert into private.former_providers (workspace_id, channel, provider, settings, secrets)
    select workspace_id, channel, provider, settings, secrets from providers where secrets is not null`.execute(db.owner);
  const { rows: columns } = await sql<{ schema: string; table: string; column: string }>`
    select table_schema as schema, table_name as table, column_name as column from information_schema.columns
    where table_schema in ('public', 'private') and data_type in ('text', 'jsonb')`.execute(db.owner);
  const holding: string[] = [];
  for (const { schema, table, column } of columns) {
    const { rows } = await sql`
      select from ${sql.table(`${schema}.${table}`)} where ${sql.ref(column)}::text ~ '^"?v1[.][0-9a-f]{8}[.]' limit 1`.execute(db.owner);
    if (rows.length > 0) holding.push(`${schema === "public" ? "" : `${schema}.`}${table}.${column}`);
  }
  expect(holding.sort()).toEqual(sealedColumns.map(({ table, column }) => `${table}.${column}`).sort());
  const found = await db.owner
    .transaction()
    .execute((tx) => Promise.all(sealedColumns.map((column) => lockSealedRows(tx, column, { keyId: "none", after: undefined, limit: 1 }))));
  expect(found.map((rows) => rows.length)).toEqual(sealedColumns.map(() => 1));
});

test("the links of e-mails that were sent go on working after rotations, when the old keys are gone", async () => {
  await sql`delete from workspaces`.execute(db.owner);
  const publicUrl = () => "https://sluice.example.com";
  const who = { workspaceId: "w", contactId: randomUUID(), address: "ann@example.com" };
  const sent: string[] = [];
  const linksOf = (masterKey: Buffer) => {
    const box = createSecretBox(masterKey);
    return createMessageLinks({ masterKey, publicUrl, formerKeys: () => readFormerLinkKeys(db.owner, box) });
  };
  let masterKey = randomBytes(32);
  for (let rotation = 1; rotation <= 3; rotation += 1) {
    sent.push((linksOf(masterKey).unsubscribeUrl(who) ?? "").split("/u/")[1] ?? "");
    const previous = masterKey;
    masterKey = randomBytes(32);
    const keys = { masterKey, previousMasterKeys: [previous] };
    // It may be ended at any moment and begun again.
    expect(await rotateSecrets(db.owner, keys)).toMatchObject({ left: 0, unreadable: {} });
    expect(await rotateSecrets(db.owner, keys)).toMatchObject({ left: 0, rotated: 0 });
    for (const token of sent) expect(await linksOf(masterKey).readToken(token)).toEqual(who);
  }
  const { rows } = await sql<{ sealed: string }>`select former_link_keys as sealed from private.instance`.execute(db.owner);
  expect(rows[0]?.sealed).toMatch(/^v1\./);
  await expect(readFormerLinkKeys(db.owner, createSecretBox(randomBytes(32)))).rejects.toThrow(SecretUnreadable);
});
