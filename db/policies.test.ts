import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDb, type TestDb } from "#test/db.ts";
import type { OneOfEverything } from "#test/everything-ids.ts";
import { buildOneOfEverything } from "#test/one-of-everything.ts";
import type { Tx } from "./client.ts";
import { addMember } from "./queries/members.ts";
import { createWorkspace } from "./queries/workspaces.ts";

// The last net: what the database itself lets each caller do, whatever the code above it forgot. Every cell of
// table × operation × caller is tried; a table that nobody declared here fails the test.

type Least = "viewer" | "editor" | "admin";
type Operation = "select" | "insert" | "update" | "delete";
interface Rule {
  /** The least role that may; absent: nobody but the owner of the database. */
  select?: Least;
  insert?: Least;
  update?: Least;
  delete?: Least;
  /** A column that may be updated, where not all may. */
  column?: string;
  /** Columns that may be read, where not all may. */
  readable?: string;
}

const seen = { select: "viewer" } as const;
const edited = { select: "viewer", insert: "editor", update: "editor", delete: "editor" } as const;
const administered = { select: "admin", insert: "admin", update: "admin", delete: "admin" } as const;
const rules: Record<string, Rule> = {
  api_keys: { ...administered, column: "name", readable: "id, name, scopes" },
  audit_log: { select: "admin", insert: "viewer" },
  // The engine writes them.
  bulk_job_items: seen,
  bulk_jobs: seen,
  // The import itself writes the rows, in the transaction that changes the contacts.
  contact_consents: { select: "viewer", insert: "editor" },
  contact_import_changes: { select: "viewer", insert: "editor" },
  contact_imports: edited,
  contacts: edited,
  // The engine writes the rows; members change who looks after them and what was read.
  conversations: { select: "viewer", update: "editor", column: "status" },
  flow_execution_steps: seen,
  flow_execution_moves: seen,
  flow_executions: seen,
  flow_discarded_drafts: { select: "viewer", insert: "editor", delete: "editor" },
  flow_drafts: edited,
  flow_folders: edited,
  flow_moves: seen,
  flow_publications: seen,
  flow_send_skips: seen,
  send_canaries: seen,
  canary_executions: seen,
  flow_tests: edited,
  webhook_samples: { ...edited, select: "editor" },
  forecast_contacts: seen,
  forecast_ways: seen,
  forecasts: seen,
  send_message_counts: seen,
  flow_sends: seen,
  // The engine writes them.
  send_approvals: seen,
  // The row is shared, and none of these callers has made it. Of one that is private there is a test below.
  saved_launches: { select: "viewer", insert: "editor", update: "admin", delete: "admin" },
  flow_versions: seen,
  flows: edited,
  // One's own only, which these callers have none of.
  idempotency_keys: {},
  member_flows: {},
  notice_reads: {},
  notice_settings: {},
  // The engine writes them.
  notices: seen,
  inbound_messages: seen,
  lead_statuses: { select: "viewer", insert: "admin", update: "admin", delete: "admin" },
  messages: seen,
  providers: { select: "viewer", insert: "admin", update: "admin", delete: "admin", readable: "channel, provider, settings" },
  suppressions: seen,
  message_reports: seen,
  // The engine and the pages behind links write them.
  tracked_links: seen,
  uncompleted_executions: seen,
  waits: {},
  wake_ups: {},
  workspace_invitations: { ...administered, column: "revoked_at", readable: "id, email, role" },
  workspace_members: { ...administered, select: "viewer", column: "role" },
  workspace_secrets: { select: "editor", insert: "admin", update: "admin", delete: "admin", readable: "name, updated_at" },
  workspaces: { select: "viewer", update: "admin", column: "name" },
};

/** Tables of which a member sees their own rows, whatever their role. */
const ownRows = new Set(["member_flows", "notice_reads", "notice_settings"]);

const callers = ["anon", "nobody", "reading admin", "viewer", "editor", "admin", "other workspace", "removed"] as const;
type Caller = (typeof callers)[number];
type Outcome = "denied" | "none" | "some";

let db: TestDb;
let ours: OneOfEverything;
const ids: Record<string, string> = {};

beforeAll(async () => {
  db = await createTestDb();
  const workspaceOf = (name: string, ownerId: string) => db.owner.transaction().execute((tx) => createWorkspace(tx, { name, ownerId }));
  const ownerId = randomUUID();
  const { id: workspaceId } = await workspaceOf("Ours", ownerId);
  for (const role of ["viewer", "editor", "admin"] as const) {
    ids[role] = randomUUID();
    await addMember(db.owner, { workspaceId, userId: ids[role], role });
  }
  ids["reading admin"] = ids.admin as string;
  ids["other workspace"] = randomUUID();
  ids.removed = randomUUID();
  await workspaceOf("Theirs", ids["other workspace"]);
  ours = await buildOneOfEverything(db.owner, workspaceId, ownerId);
});
afterAll(() => db.drop());

/** Tries one operation as one caller, in a transaction that is undone. */
async function attempt(table: string, operation: Operation, caller: Caller): Promise<Outcome> {
  const undo = new Error("undo");
  let outcome: Outcome = "none";
  const copy = operation === "insert" ? await rowToInsert(table, ids[caller]) : "";
  await db.owner
    .transaction()
    .execute(async (tx) => {
      await become(tx, caller);
      try {
        outcome = (await run(tx, table, operation, copy)) > 0 ? "some" : "none";
      } catch (error) {
        if ((error as { code?: string }).code !== "42501") throw error;
        outcome = "denied";
      }
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  return outcome;
}

async function become(tx: Tx, caller: Caller): Promise<void> {
  const role = caller === "anon" ? "anon" : caller === "nobody" || caller === "reading admin" ? "authenticated" : "sluice_member";
  const claims = ids[caller] ? JSON.stringify({ sub: ids[caller], role: "authenticated" }) : "";
  await sql`select set_config('role', ${role}, true), set_config('request.jwt.claims', ${claims}, true)`.execute(tx);
}

async function run(tx: Tx, table: string, operation: Operation, copy: string): Promise<number> {
  const rule = rules[table] as Rule;
  const name = sql.table(`public.${table}`);
  const own = sql`${sql.ref(table === "workspaces" ? "id" : "workspace_id")} = ${ours.workspaceId}`;
  switch (operation) {
    case "select":
      return (await sql`select ${sql.raw(rule.readable ?? "*")} from ${name} where ${own}`.execute(tx)).rows.length;
    case "insert":
      return Number((await sql.raw(copy).execute(tx)).numAffectedRows ?? 0);
    case "update": {
      const column = sql.ref(rule.column ?? (table === "workspaces" ? "name" : "workspace_id"));
      return Number((await sql`update ${name} set ${column} = ${column} where ${own}`.execute(tx)).numAffectedRows ?? 0);
    }
    case "delete":
      return Number((await sql`delete from ${name} where ${own}`.execute(tx)).numAffectedRows ?? 0);
  }
}

/** A statement that inserts a valid new row of our workspace: an existing one under a new key. */
async function rowToInsert(table: string, callerId: string | undefined, change: Record<string, unknown> = {}): Promise<string> {
  const { rows: columns } = await sql<{ name: string; type: string }>`
    select column_name as name, data_type as type from information_schema.columns
    where table_schema = 'public' and table_name = ${table} and is_generated = 'NEVER' order by ordinal_position`.execute(db.owner);
  const names = columns.map(({ name }) => `"${name}"`).join(", ");
  const key = randomUUID();
  const fresh: Record<string, Record<string, unknown>> = {
    contacts: { id: key, deleted_at: null },
    lead_statuses: { id: key, name: key, is_default: false },
    api_keys: { id: key.slice(0, 8), created_by: callerId },
    audit_log: { id: key, actor_id: callerId },
    contact_consents: { id: key, actor_id: callerId },
    flow_drafts: { flow_id: ours.flow },
    flow_versions: { id: key, number: 99, hash: key },
    flow_executions: { id: key, seq: 99 },
    flow_execution_steps: { id: key, visit: 99 },
    messages: { id: key, visit: 99 },
    conversations: {},
    webhook_samples: { node_id: key },
    saved_launches: { id: key, made_by: callerId },
    inbound_messages: { id: key, provider_message_id: key },
    workspace_members: { user_id: key, role: "editor" },
    workspace_invitations: { id: key, invited_by: callerId, token_hash: `\\x${key.replaceAll("-", "")}` },
    suppressions: { address: key, id: key },
    flow_send_skips: { contact_id: key },
    bulk_job_items: { seq: 99, contact_id: key },
    forecast_contacts: { contact_id: key },
    forecast_ways: { way: 99 },
    send_message_counts: { reason: key },
    send_approvals: { send_id: key },
    idempotency_keys: { key },
    providers: { channel: "email" },
    workspace_secrets: { name: "another" },
    wake_ups: {},
    workspaces: { id: key },
  };
  const of = table === "workspaces" ? "id" : "workspace_id";
  const { rows } = await sql<{
    row: object;
  }>`select to_jsonb(t) as row from ${sql.table(`public.${table}`)} t where ${sql.ref(of)} = ${ours.workspaceId} limit 1`.execute(db.owner);
  const row = JSON.stringify({ ...rows[0]?.row, ...(fresh[table] ?? { id: key }), ...change }).replaceAll("'", "''");
  return `insert into public.${table} (${names}) select ${names} from jsonb_populate_record(null::public.${table}, '${row}')`;
}

function expected(table: string, operation: Operation, caller: Caller): Outcome {
  const rule = rules[table] as Rule;
  const least = rule[operation];
  const isOwnOnly = table === "idempotency_keys" || ownRows.has(table);
  const role = caller === "reading admin" ? "admin" : caller;
  // anon is granted nothing at all; `authenticated` may only read.
  if (caller === "anon") return "denied";
  if ((caller === "nobody" || caller === "reading admin") && operation !== "select") return "denied";
  // They come with lists that everybody reads.
  if (ownRows.has(table) && operation === "select") return "none";
  if (isOwnOnly) return caller === "nobody" || caller === "reading admin" || operation === "insert" ? "denied" : "none";
  if (least === undefined) return "denied";
  const rank = ["viewer", "editor", "admin"];
  const may = rank.includes(role) && rank.indexOf(role) >= rank.indexOf(least);
  // A flow that is deleted goes to the bin, which deletes no row.
  if (may) return table === "flows" && operation === "delete" ? "none" : "some";
  // A read or change of rows one does not see finds none; a new row that breaks the rule is an error.
  if (operation === "insert") return "denied";
  // Every member may leave, so they may delete their own row.
  if (table === "workspace_members" && operation === "delete" && rank.includes(role)) return "some";
  return "none";
}

test("every table of the public schema has a rule here, and row level security", async () => {
  const { rows } = await sql<{ name: string; secured: boolean }>`
    select relname as name, relrowsecurity as secured from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by relname`.execute(db.owner);
  expect(rows.map(({ name }) => name)).toEqual(Object.keys(rules).toSorted());
  expect(rows.filter(({ secured }) => !secured)).toEqual([]);
});

describe.each(Object.keys(rules))("%s", (table) => {
  test.each(callers)("as %s", async (caller) => {
    const operations: Operation[] = ["select", "insert", "update", "delete"];
    const found = [];
    for (const operation of operations) found.push(`${operation}: ${await attempt(table, operation, caller)}`);
    expect(found).toEqual(operations.map((operation) => `${operation}: ${expected(table, operation, caller)}`));
  });
});

test("no member reads the hash of a key or link, or a secret", async () => {
  for (const [table, column] of [
    ["api_keys", "secret_hash"],
    ["workspace_invitations", "token_hash"],
    ["providers", "secrets"],
    ["workspace_secrets", "secret"],
  ] as const) {
    const read = db.owner.transaction().execute(async (tx) => {
      await become(tx, "admin");
      await sql`select ${sql.ref(column)} from ${sql.table(table)}`.execute(tx);
    });
    await expect(read).rejects.toMatchObject({ code: "42501" });
  }
});

test("nobody but the owner of the database touches the private schema's tables", async () => {
  const { rows } = await sql<{
    name: string;
  }>`select relname as name from pg_class where relnamespace = 'private'::regnamespace and relkind = 'r'`.execute(db.owner);
  expect(rows.length).toBeGreaterThan(5);
  for (const { name } of rows) {
    for (const caller of callers) {
      const read = db.owner.transaction().execute(async (tx) => {
        await become(tx, caller);
        await sql`select 1 from ${sql.table(`private.${name}`)}`.execute(tx);
      });
      await expect(read).rejects.toMatchObject({ code: "42501" });
    }
  }
});

test("the audit log cannot be changed or emptied by any member", async () => {
  for (const caller of ["viewer", "editor", "admin"] as const) {
    for (const operation of ["update", "delete"] as const) expect(await attempt("audit_log", operation, caller)).toBe("denied");
  }
});

/** Runs one statement as this caller, and undoes it. Answers the number of rows, or "denied". */
async function runAs(caller: Caller, statement: string): Promise<number | "denied"> {
  const undo = new Error("undo");
  let outcome: number | "denied" = 0;
  await db.owner
    .transaction()
    .execute(async (tx) => {
      await become(tx, caller);
      outcome = Number((await sql.raw(statement).execute(tx)).numAffectedRows ?? 0);
      throw undo;
    })
    .catch((error: unknown) => {
      if ((error as { code?: string }).code === "42501") outcome = "denied";
      else if (error !== undo) throw error;
    });
  return outcome;
}

describe("an admin", () => {
  const members = () => `public.workspace_members where workspace_id = '${ours.workspaceId}'`;

  test("makes nobody an owner, themselves included", async () => {
    const set = (where: string) =>
      runAs("admin", `update public.workspace_members set role = 'owner' where workspace_id = '${ours.workspaceId}' and ${where}`);
    expect(await set(`user_id = '${ids.admin}'`)).toBe("denied");
    expect(await set(`user_id = '${ids.viewer}'`)).toBe("denied");
    expect(await runAs("admin", await rowToInsert("workspace_members", ids.admin, { role: "owner" }))).toBe("denied");
  });

  test("neither changes nor removes an owner", async () => {
    expect(
      await runAs(
        "admin",
        `update public.workspace_members set role = 'viewer' where workspace_id = '${ours.workspaceId}' and role = 'owner'`,
      ),
    ).toBe(0);
    expect(await runAs("admin", `delete from ${members()} and role = 'owner'`)).toBe(0);
    expect(await runAs("admin", `delete from ${members()} and user_id = '${ids.viewer}'`)).toBe(1);
  });

  test("gives out no key and no invitation in another's name, and changes neither scopes nor maker of one", async () => {
    expect(await runAs("admin", await rowToInsert("api_keys", ids.viewer))).toBe("denied");
    expect(await runAs("admin", await rowToInsert("workspace_invitations", ids.viewer))).toBe("denied");
    for (const change of [
      `scopes = array['admin']`,
      `created_by = '${ids.viewer}'`,
      `secret_hash = ''`,
      "expires_at = 'infinity'",
      `member_id = '${ids.admin}'`,
    ]) {
      expect([change, await runAs("admin", `update public.api_keys set ${change}`)]).toEqual([change, "denied"]);
    }
    for (const change of ["role = 'admin'", `invited_by = '${ids.viewer}'`, "expires_at = 'infinity'", "accepted_at = null"]) {
      expect([change, await runAs("admin", `update public.workspace_invitations set ${change}`)]).toEqual([change, "denied"]);
    }
  });
});

test.each(["viewer", "editor", "admin"] as const)("a member (%s) writes no line of the audit log in another's name", async (caller) => {
  expect(await runAs(caller, await rowToInsert("audit_log", randomUUID()))).toBe("denied");
  expect(await runAs(caller, await rowToInsert("audit_log", undefined, { actor_id: null }))).toBe("denied");
  expect(await runAs(caller, await rowToInsert("audit_log", ids[caller]))).toBe(1);
});

test("a line of the audit log has the name of its actor and the time of the database, whatever the member writes", async () => {
  await db.owner
    .insertInto("private.users")
    .values({ id: ids.editor as string, name: "Edith", email: "edith@example.com" })
    .execute();
  const copy = await rowToInsert("audit_log", ids.editor, { actor_name: "Somebody Else", created_at: "2020-01-01T00:00:00Z" });
  await db.owner.transaction().execute(async (tx) => {
    await become(tx, "editor");
    await sql.raw(copy).execute(tx);
  });
  const { rows } = await sql<{ actor_name: string; fresh: boolean }>`
    select actor_name, created_at > now() - interval '1 hour' as fresh from audit_log where actor_id = ${ids.editor}::uuid`.execute(
    db.owner,
  );
  expect(rows).toEqual([{ actor_name: "Edith", fresh: true }]);
});

test.each(["editor", "admin"] as const)("a member (%s) records no consent in another's name", async (caller) => {
  expect(await runAs(caller, await rowToInsert("contact_consents", randomUUID()))).toBe("denied");
});

test("a private saved launch exists for its maker alone, whatever the others may do", async () => {
  const key = randomUUID();
  await sql.raw(await rowToInsert("saved_launches", ids.editor, { id: key, made_by: ids.editor, is_shared: false })).execute(db.owner);
  const seen = (caller: Caller) => runAs(caller, `update public.saved_launches set name = name where id = '${key}'`);
  expect([await seen("viewer"), await seen("editor"), await seen("admin"), await seen("other workspace")]).toEqual([0, 1, 0, 0]);
  expect(await runAs("admin", `delete from public.saved_launches where id = '${key}'`)).toBe(0);
  expect(await runAs("admin", await rowToInsert("saved_launches", ids.editor))).toBe("denied");
});
