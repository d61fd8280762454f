import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpWorkspace, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { onBreakPoint, SimulatedCrash } from "../base/break-point.ts";
import type { CreateSendInput } from "../engine.ts";
import { releaseDeadWorkers, requeueLostSends } from "./dead-workers.ts";
import { endLostTurns, endTurnsOfTheDead } from "./turn-rows.ts";
import { beat, deadAfterSeconds, signOff, takeDead } from "./worker-rows.ts";

setUpWorkspace();

const everyone: Pick<CreateSendInput, "selection"> = { selection: { type: "filter", filter: { tests: [] }, excluded: [] } };
const worker = (holder: string) => ({ id: randomUUID(), holder, host: "test", pid: 1 });
const dead = () => db.owner.transaction().execute((tx) => takeDead(tx));
const forgetJobs = () => sql`delete from private.inline_jobs`.execute(db.owner);
const readSend = (id: string) => db.owner.selectFrom("flow_sends").selectAll().where("id", "=", id).executeTakeFirstOrThrow();

test("a worker that beats is not dead, one that stopped is, and one that signed off is neither", async () => {
  const [living, silent, gone] = [worker("a"), worker("b"), worker("c")];
  for (const one of [living, silent, gone]) await beat(db.owner, one);
  await signOff(db.owner, gone.id);
  await sql`update private.workers set seen_at = now() - interval '6 seconds'`.execute(db.owner);
  await beat(db.owner, living);
  expect(await dead()).toEqual(["b"]);
  expect(await dead()).toEqual([]);
});

test("jobs are freed whose holder fell silent or never said a word, and those of the living are not", async () => {
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), node("end")));
  const { engine, driver } = await startTestEngine(db.owner);
  const holders = [randomUUID(), randomUUID(), randomUUID()] as const;
  for (const holder of holders) {
    const [id = ""] = await buildContacts(db.owner, workspaceId, 1);
    await engine.createSend(sendTo(workspaceId, flowId, [id]));
    await sql`update private.inline_jobs set key = null, holder = ${holder}, held_since = now() where holder is null`.execute(db.owner);
  }
  await db.owner.deleteFrom("private.workers").execute();
  const [silent, mute, living] = holders;
  await beat(db.owner, worker(silent));
  await sql`update private.workers set seen_at = now() - interval '6 seconds'`.execute(db.owner);
  await beat(db.owner, worker(living));
  const held = async () =>
    (await sql<{ holder: string }>`select holder from private.inline_jobs where holder is not null order by id`.execute(db.owner)).rows.map(
      ({ holder }) => holder,
    );
  expect(await releaseDeadWorkers({ db: db.owner, driver })).toBe(1);
  expect(await held()).toEqual([mute, living]);
  driver.clock.forward(6_000);
  expect(await releaseDeadWorkers({ db: db.owner, driver })).toBe(1);
  expect(await held()).toEqual([living]);
  await driver.release(db.owner, [living]);
  await driver.runUntilIdle();
});

test("a send whose enrolling was lost halfway is enrolled to the end, nobody twice", async () => {
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
  await buildContacts(db.owner, workspaceId, 30);
  const { engine, driver, run, providers } = await startTestEngine(db.owner);
  const { sendId } = await engine.createSend({ ...sendTo(workspaceId, flowId, []), ...everyone });
  await forgetJobs();
  await run();
  expect(await readSend(sendId)).toMatchObject({ enrolled: 0 });
  driver.clock.forward(60_000);
  await requeueLostSends({ db: db.owner, driver });
  await run();
  expect(await readSend(sendId)).toMatchObject({ enrolled: 30, completed: 30, state: "done" });
  expect(providers.sms.calls).toHaveLength(30);
});

test("a send whose jobs were all lost goes on where there is work left", async () => {
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
  await buildContacts(db.owner, workspaceId, 1_100);
  const { engine, run, providers } = await startTestEngine(db.owner);
  const { sendId } = await engine.createSend({ ...sendTo(workspaceId, flowId, []), ...everyone });
  // Enrolling and the first chunk are done; then the worker dies and somebody empties the queue.
  onBreakPoint((name) => {
    if (name === "chunk-saved") throw new SimulatedCrash();
  });
  await expect(run()).rejects.toThrow(SimulatedCrash);
  onBreakPoint(undefined);
  await forgetJobs();
  expect(await readSend(sendId)).toMatchObject({ enrolled: 1_100, completed: 500, state: "running" });
  await run();
  expect(await readSend(sendId)).toMatchObject({ completed: 1_100, state: "done" });
  expect(new Set(providers.sms.calls.map(({ id }) => id)).size).toBe(providers.sms.calls.length);
});

test("the hold of a worker that is gone ends, that of one that has just begun does not", async () => {
  const [gone, young, living] = [worker("a"), worker("b"), worker("c")];
  await beat(db.owner, living);
  const turn = (owner: { id: string }, age: string) =>
    sql`insert into private.turns (id, workspace_id, worker_id, is_quick, began_at)
      values (gen_random_uuid(), ${workspaceId}, ${owner.id}::uuid, false, now() - ${age}::interval)`.execute(db.owner);
  await Promise.all([turn(gone, "6 seconds"), turn(young, "1 second"), turn(living, "1 minute")]);
  expect(await endTurnsOfTheDead(db.owner)).toBe(1);
  const left = await db.owner.selectFrom("private.turns").select("worker_id").execute();
  expect(left.map(({ worker_id }) => worker_id).sort()).toEqual([young.id, living.id].sort());
  await db.owner.deleteFrom("private.turns").execute();
});

test("a turn that a living worker could not give back is ended, one that it has in hand is not", async () => {
  const [me, other] = [worker("me"), worker("other")];
  const [lost, inHand, young, others] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const turn = (id: string, owner: { id: string }, age: string) =>
    sql`insert into private.turns (id, workspace_id, worker_id, is_quick, began_at)
      values (${id}::uuid, ${workspaceId}, ${owner.id}::uuid, false, now() - ${age}::interval)`.execute(db.owner);
  await Promise.all([
    ...[turn(lost, me, "1 minute"), turn(inHand, me, "1 minute"), turn(young, me, "1 second"), turn(others, other, "1 minute")],
  ]);
  expect(await endLostTurns(db.owner, me.id, new Set([inHand]))).toBe(1);
  const left = await db.owner.selectFrom("private.turns").select("id").execute();
  expect(left.map(({ id }) => id).sort()).toEqual([inHand, young, others].sort());
  await db.owner.deleteFrom("private.turns").execute();
});

test("what a worker had taken a moment before it died is free as soon as it is found dead", async () => {
  const { driver } = await startTestEngine(db.owner);
  // On a busy machine other workers of the test may have missed their heartbeat by now, too.
  await db.owner.deleteFrom("private.workers").execute();
  const victim = worker("victim");
  await beat(db.owner, victim);
  const silentFor = `${deadAfterSeconds + 0.5} seconds`;
  await sql`update private.workers set seen_at = now() - ${silentFor}::interval`.execute(db.owner);
  await sql`insert into private.turns (id, workspace_id, worker_id, is_quick, began_at)
    values (gen_random_uuid(), ${workspaceId}, ${victim.id}::uuid, false, now() - ${silentFor}::interval)`.execute(db.owner);
  expect(await releaseDeadWorkers({ db: db.owner, driver })).toBe(1);
  expect(await db.owner.selectFrom("private.turns").select("id").execute()).toEqual([]);
  // Jobs behind the dead worker wait for less than the goal of 5 s: its lease, and one heartbeat until another worker looks.
  expect(deadAfterSeconds + 1).toBeLessThan(5);
});

test("a send that is at work or at its end is not disturbed", async () => {
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
  await buildContacts(db.owner, workspaceId, 5);
  const { engine, driver, run } = await startTestEngine(db.owner);
  await engine.createSend({ ...sendTo(workspaceId, flowId, []), ...everyone });
  driver.clock.forward(60_000);
  const jobs = async () => (await sql<{ key: string }>`select key, job from private.inline_jobs order by key`.execute(db.owner)).rows;
  const waiting = await jobs();
  await requeueLostSends({ db: db.owner, driver });
  expect((await jobs()).filter(({ key }) => key.startsWith("enroll"))).toEqual(waiting);
  await run();
  await requeueLostSends({ db: db.owner, driver });
  expect(await jobs()).toEqual([]);
});
