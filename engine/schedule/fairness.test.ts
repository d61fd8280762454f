import { sql } from "kysely";
import { expect, test } from "vitest";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpTestDb } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import type { CreateSendInput } from "../engine.ts";
import { takePortion } from "./turn-rows.ts";

setUpTestDb();

const everyone: Pick<CreateSendInput, "selection"> = { selection: { type: "filter", filter: { tests: [] }, excluded: [] } };
const flow = (name: string) => chain(node("start"), sms(name), node("end"));

async function workspaceOf(people: number) {
  const workspaceId = await buildWorkspace(db.owner);
  const ids = await buildContacts(db.owner, workspaceId, people);
  return { workspaceId, ids };
}

test("workspaces take turns, however many sends one of them has", async () => {
  const sluice = await startTestEngine(db.owner);
  const busy = await workspaceOf(1_000);
  const other = await workspaceOf(1_000);
  for (let i = 0; i < 5; i += 1) {
    await sluice.engine.createSend({
      ...sendTo(busy.workspaceId, await buildFlow(db.owner, busy.workspaceId, flow(`busy ${i}`)), []),
      ...everyone,
    });
  }
  await sluice.engine.createSend({
    ...sendTo(other.workspaceId, await buildFlow(db.owner, other.workspaceId, flow("other")), []),
    ...everyone,
  });
  await sluice.run();
  const texts = sluice.providers.sms.calls.map(({ text }) => text);
  // Five thousand are before it in number, and yet it is through when at most half of all are.
  expect(texts.lastIndexOf("other")).toBeLessThan(texts.length * 0.6);
  // And the sends of the busy one take turns too: the last of them begins before the first is through.
  expect(texts.indexOf("busy 4")).toBeLessThan(texts.lastIndexOf("busy 0"));
});

test("a send of one goes past a large one, of another workspace and of the same", async () => {
  const sluice = await startTestEngine(db.owner);
  const busy = await workspaceOf(3_000);
  const other = await workspaceOf(1);
  await sluice.engine.createSend({
    ...sendTo(busy.workspaceId, await buildFlow(db.owner, busy.workspaceId, flow("large")), []),
    ...everyone,
  });
  let isFirst = true;
  sluice.providers.sms.answer(async () => {
    if (isFirst) {
      isFirst = false;
      await sluice.engine.createSend(
        sendTo(busy.workspaceId, await buildFlow(db.owner, busy.workspaceId, flow("one here")), busy.ids.slice(0, 1)),
      );
      await sluice.engine.createSend(sendTo(other.workspaceId, await buildFlow(db.owner, other.workspaceId, flow("one there")), other.ids));
    }
    return { outcome: "accepted", providerMessageId: "x" };
  });
  await sluice.run();
  const texts = sluice.providers.sms.calls.map(({ text }) => text);
  // At most the chunk that was in hand comes before them.
  expect(texts.indexOf("one here")).toBeLessThanOrEqual(501);
  expect(texts.indexOf("one there")).toBeLessThanOrEqual(501);
});

test("a workspace never has more turns at once than its limit, and a new limit counts at once", async () => {
  const sluice = await startTestEngine(db.owner);
  const { workspaceId } = await workspaceOf(3_000);
  const { sendId } = await sluice.engine.createSend({
    ...sendTo(workspaceId, await buildFlow(db.owner, workspaceId, flow("x")), []),
    ...everyone,
  });
  await sql`update flow_sends set enrolled_at = now(), state = 'running', enrolled = 0 where id = ${sendId}::uuid`.execute(db.owner);
  await sql`update private.send_lanes set ready_at = now() where send_id = ${sendId}::uuid`.execute(db.owner);
  await sql`insert into private.send_lanes (send_id, lane, workspace_id, from_seq, ready_at, served_at)
    select ${sendId}::uuid, n, ${workspaceId}, n * 500, now(), now() from generate_series(1, 9) n`.execute(db.owner);
  const take = async () => {
    const turn = { id: crypto.randomUUID(), workspaceId, workerId: crypto.randomUUID(), quick: false };
    return (await takePortion(db.owner, turn, sluice.driver.clock)).lanes.length;
  };
  expect([await take(), await take(), await take(), await take(), await take()]).toEqual([1, 1, 1, 1, 0]);
  await sql`insert into private.workspace_limits (workspace_id, lanes) values (${workspaceId}, 6)`.execute(db.owner);
  expect([await take(), await take(), await take()]).toEqual([1, 1, 0]);
  await db.owner.deleteFrom("flow_sends").where("id", "=", sendId).execute();
  await sql`delete from private.turns`.execute(db.owner);
});

test("hundreds of small sends go in a few portions, each to its own", async () => {
  const sluice = await startTestEngine(db.owner);
  const { workspaceId, ids } = await workspaceOf(100);
  const flowId = await buildFlow(db.owner, workspaceId, flow("single"));
  for (const id of ids) await sluice.engine.createSend(sendTo(workspaceId, flowId, [id]));
  const jobs = await sluice.run();
  expect(sluice.providers.sms.calls).toHaveLength(100);
  expect(jobs).toBeLessThan(15);
  const { rows } = await sql`select distinct state, enrolled, completed from flow_sends where workspace_id = ${workspaceId}`.execute(
    db.owner,
  );
  expect(rows).toEqual([{ state: "done", enrolled: 1, completed: 1 }]);
});
