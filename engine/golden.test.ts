import { readdirSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDb, type TestDb } from "#test/db.ts";
import { startTestEngine, type TestEngine } from "#test/engine.ts";
import { type Golden, loadGolden } from "#test/golden/load.ts";
import { expectTotalsToAddUp } from "#test/totals.ts";
import { endTurnsOfTheDead } from "./schedule/turn-rows.ts";

const folder = join(import.meta.dirname, "../test/golden");
const records = readdirSync(folder).filter((file) => file.endsWith(".json"));
/** Executions whose worker died between handing a message over and writing the answer. The outcome is unknown, so nothing is sent again. */
const inDoubt = ["handed to a provider by a worker that died", "answered by a provider, and the worker died"];

describe.each(records)("executions that an earlier version left behind (%s)", (file) => {
  let db: TestDb;
  let golden: Golden;
  let sluice: TestEngine;
  beforeAll(async () => {
    db = await createTestDb();
    golden = await loadGolden(db.owner, join(folder, file));
    sluice = await startTestEngine(db.owner);
  });
  afterAll(() => db.drop());

  test("come to their end in this one, each message once, with the steps they had", async () => {
    expect(golden.rows.flow_executions?.length).toBeGreaterThan(30);
    await endTurnsOfTheDead(db.owner);
    const paused = await db.owner.selectFrom("flow_sends").select(["id", "workspace_id"]).where("state", "=", "paused").execute();
    expect(paused.length).toBeGreaterThan(0);
    for (const { id, workspace_id } of paused) {
      await sluice.engine.resumeSend({ workspaceId: workspace_id, sendId: id, actor: { id: null, name: "Ada" } });
    }
    const open = () => db.owner.selectFrom("flow_sends").select("id").where("ended_at", "is", null).execute();
    // Four days: a weekend may lie in between.
    for (let hours = 0; hours < 96 && (await open()).length > 0; hours += 1) await sluice.wait(hours === 0 ? 70 : 3_600);

    const { rows: ends } = await sql<{ state: string; status: string; messages: number; wanted: number }>`
      select w.name as state, e.status, (select count(*)::int from messages m where m.flow_execution_id = e.id) as messages,
        (select count(*)::int from jsonb_array_elements(v.nodes) n where n ->> 'type' like 'send_%') as wanted
      from flow_executions e join workspaces w on w.id = e.workspace_id join flow_versions v on v.id = e.flow_version_id`.execute(db.owner);
    for (const { state, status, messages, wanted } of ends) {
      if (inDoubt.includes(state)) expect([state, status], state).toEqual([state, "failed"]);
      else expect({ state, status, messages }).toEqual({ state, status: "completed", messages: wanted });
    }
    await expectTotalsToAddUp(db.owner);
  });

  test("were not sent again what they had been sent, and what had happened still stands there", async () => {
    const calls = [...sluice.providers.sms.calls, ...sluice.providers.email.calls].map(({ id }) => id);
    const settled = (golden.rows.messages ?? []).filter(({ status }) => status === "sent" || status === "sending").map(({ id }) => id);
    expect(settled.length).toBeGreaterThan(10);
    expect(calls.length).toBeGreaterThan(10);
    expect(calls.filter((id) => settled.includes(id))).toEqual([]);
    expect(new Set(calls).size).toBe(calls.length);

    const steps = (golden.rows.flow_execution_steps ?? []).filter(({ status }) => status !== "waiting" && status !== "running");
    const kept = await db.owner.selectFrom("flow_execution_steps").select(["id", "node_id", "status", "exit"]).execute();
    const found = new Map(kept.map(({ id, ...step }) => [id, step]));
    for (const { id, node_id, status, exit } of steps) expect(found.get(id as string)).toEqual({ node_id, status, exit: exit ?? null });
  });
});
