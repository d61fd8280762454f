import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { db, setUpWorkspace, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildWorkspace } from "#test/factories.ts";
import { asReader } from "./reader-rows.ts";

setUpWorkspace();

const statements = {
  "a contact": sql`update contacts set firstname = 'x'`,
  "a message": sql`delete from messages`,
  "a send": sql`insert into flow_sends (workspace_id) values ('x')`,
  "a wake-up": sql`delete from wake_ups`,
  "a job": sql`delete from private.turns`,
};

test.each(Object.entries(statements))(
  "the role of a forecast cannot write %s, even in a transaction that may write",
  async (_, statement) => {
    const asRole = db.owner.transaction().execute(async (tx) => {
      await sql.raw("set local role sluice_reader").execute(tx);
      await statement.execute(tx);
    });
    await expect(asRole).rejects.toMatchObject({ code: "42501" });
  },
);

test("the transaction of a forecast cannot write either, whoever it is", async () => {
  const write = asReader(db.owner, workspaceId, async (tx) => {
    await sql.raw("reset role").execute(tx);
    await sql`delete from messages`.execute(tx);
  });
  await expect(write).rejects.toMatchObject({ code: "25006" });
});

test("the role sees one workspace, the one that is named, and none where none is named", async () => {
  await buildContact(db.owner, workspaceId);
  await buildContact(db.owner, await buildWorkspace(db.owner));
  const seen = await asReader(db.owner, workspaceId, (tx) => sql<{ workspace_id: string }>`select workspace_id from contacts`.execute(tx));
  expect(seen.rows).toEqual([{ workspace_id: workspaceId }]);
  const unnamed = await db.owner.transaction().execute(async (tx) => {
    await sql.raw("set local role sluice_reader").execute(tx);
    return sql`select from contacts`.execute(tx);
  });
  expect(unnamed.rows).toEqual([]);
});

test("the role reads nothing that a forecast does not ask for", async () => {
  const { rows } = await sql<{ name: string }>`
    select c.oid::regclass::text as name from pg_class c
    where c.relnamespace::regnamespace::text in ('public', 'private', 'auth', 'graphile_worker') and c.relkind in ('r', 'p', 'v', 'm')
      and has_any_column_privilege('sluice_reader', c.oid, 'select') order by 1`.execute(db.owner);
  expect(rows.map(({ name }) => name)).toEqual([
    "contact_consents",
    "contacts",
    "flow_executions",
    "flow_publications",
    "flow_sends",
    "flows",
    "inbound_messages",
    "lead_statuses",
    "messages",
    "private.sender_paces",
    "private.unproven_mail",
    "private.workspace_limits",
    "providers",
    "suppressions",
    "workspaces",
  ]);
});

/** Files of ours that send, call, claim a message, hand over a job, or write what became of an execution. */
const delivers =
  /channels\/(?!count-parts|stays-here|sms\/phone|http\/pick)|engine\/jobs\/(?!work-sizes)|engine\/drivers\/|provider-calls|claim-rows|send-messages|run-effects|webhook|save-rows|message-rows|enroll-page-rows|save-pass|advance\.ts/;

test("whatever a forecast loads, over however many files, nothing of it delivers", async () => {
  const script = `
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    await import(${JSON.stringify(new URL("forecast.ts", import.meta.url).href)});
    console.log(JSON.stringify(loaded));`;
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], { cwd });
  const ours = (JSON.parse(stdout) as string[]).filter((url) => url.startsWith("file:") && !url.includes("node_modules"));
  expect(ours.some((url) => url.endsWith("engine/execution/walk.ts"))).toBe(true);
  expect(ours.some((url) => url.endsWith("engine/messages/gate.ts"))).toBe(true);
  expect(ours.filter((url) => delivers.test(url)).map((url) => url.slice(url.indexOf("/engine/") + 1))).toEqual([]);
});
