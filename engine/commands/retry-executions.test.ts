import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, email, node, sms } from "#test/graphs.ts";
import { onBreakPoint, SimulatedCrash } from "../base/break-point.ts";

setUpEngine();

const readSend = (id: string) => db.owner.selectFrom("flow_sends").selectAll().where("id", "=", id).executeTakeFirstOrThrow();

/** Six contacts whose first message arrives; of the second, two are refused, one is in doubt, three arrive. */
async function failSome() {
  const ids = await buildContacts(db.owner, workspaceId, 6);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), email(), node("end")));
  const rejected = { outcome: "rejected", reason: "provider_rejected", message: "No such box", retryable: false } as const;
  sluice.providers.email.answer(
    rejected,
    rejected,
    { outcome: "unknown", message: "cut off" },
    { outcome: "accepted", providerMessageId: "1" },
  );
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
  await sluice.run();
  sluice.providers.email.answer();
  expect(await readSend(sendId)).toMatchObject({ completed: 3, failed: 3, state: "done" });
  return { sendId };
}

test("refuses what did not fail, what is gone, and what belongs to another workspace", async () => {
  const { sendId } = await failSome();
  const other = await buildWorkspace(db.owner);
  await expect(sluice.engine.retry({ workspaceId: other, sendId })).rejects.toMatchObject({ code: "nothing_to_retry" });
  await expect(sluice.engine.retry({ workspaceId, sendId, reasons: ["no_phone"] })).rejects.toMatchObject({ code: "nothing_to_retry" });
  await sql`delete from contacts where workspace_id = ${workspaceId}`.execute(db.owner);
  await expect(sluice.engine.retry({ workspaceId, sendId })).rejects.toMatchObject({ code: "nothing_to_retry" });
});

test("says beforehand what would be sent again, and of how many nobody knows whether it arrived", async () => {
  const { sendId } = await failSome();
  expect(await sluice.engine.previewRetry({ workspaceId, sendId })).toEqual({
    executions: 3,
    byReason: [
      { reason: "provider_rejected", executions: 2 },
      { reason: "outcome_unknown", executions: 1 },
    ],
    messages: [{ channel: "email", executions: 3 }],
    skipped: [],
    mayHaveArrived: 1,
  });
  expect(await sluice.engine.previewRetry({ workspaceId, sendId, reasons: ["provider_rejected"] })).toMatchObject({
    executions: 2,
    mayHaveArrived: 0,
  });
});

test("goes on from the step that failed: what had arrived is not sent again, and the first try stays in the record", async () => {
  const { sendId } = await failSome();
  expect(await sluice.engine.retry({ workspaceId, sendId, reasons: ["provider_rejected"] })).toEqual({ retried: 2 });
  expect(await readSend(sendId)).toMatchObject({ state: "running", failed: 1 });
  await sluice.run();
  expect(sluice.providers.sms.calls).toHaveLength(6);
  expect(sluice.providers.email.calls).toHaveLength(8);
  expect(await readSend(sendId)).toMatchObject({ state: "done", completed: 5, failed: 1 });
  const { rows } = await sql<{ path: string }>`
    select string_agg(s.node_id || ' ' || s.status, ', ' order by s.visit) as path from flow_execution_steps s
    join flow_executions e on e.id = s.flow_execution_id where e.send_id = ${sendId}::uuid and e.status = 'completed'
    group by e.id having count(*) > 4`.execute(db.owner);
  expect(rows.map(({ path }) => path)).toEqual(
    Array(2).fill("start completed, sms completed, email failed, email completed, end completed"),
  );
});

test("one alone, and twice at the same moment only once", async () => {
  const { sendId } = await failSome();
  const one = await db.owner
    .selectFrom("flow_executions")
    .select("id")
    .where("send_id", "=", sendId)
    .where("status", "=", "failed")
    .executeTakeFirstOrThrow();
  const both = await Promise.allSettled([
    sluice.engine.retry({ workspaceId, executionId: one.id }),
    sluice.engine.retry({ workspaceId, executionId: one.id }),
  ]);
  expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await sluice.run();
  expect(sluice.providers.email.calls).toHaveLength(7);
  expect(await readSend(sendId)).toMatchObject({ completed: 4, failed: 2 });
});

test("a partial failure is retried only if nothing left after the step that failed", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 1);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Hi", { onError: "continue" }), email(), node("end")));
  sluice.providers.sms.answer({ outcome: "rejected", reason: "provider_rejected", message: "no", retryable: false });
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
  await sluice.run();
  expect(await readSend(sendId)).toMatchObject({ partial_failure: 1 });
  await expect(sluice.engine.retry({ workspaceId, sendId })).rejects.toMatchObject({ code: "nothing_to_retry" });
});

test("a partial failure is not retried past a change of the contact, which would be made twice", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 1);
  const count = node("update_contact", { changes: [{ field: "metadata.points", operation: "add", value: 1 }] });
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Hi", { onError: "continue" }), count));
  sluice.providers.sms.answer({ outcome: "rejected", reason: "provider_rejected", message: "no", retryable: false });
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
  await sluice.run();
  expect(await readSend(sendId)).toMatchObject({ partial_failure: 1 });
  await expect(sluice.engine.retry({ workspaceId, sendId })).rejects.toMatchObject({ code: "nothing_to_retry" });
});

test("a large send is retried page by page, each execution once, also where it fails again at once", async () => {
  const { sendId } = await failSome();
  await sql`update flow_executions set seq = seq + 5000 where send_id = ${sendId}::uuid`.execute(db.owner);
  await sql`insert into flow_executions (workspace_id, flow_id, flow_version_id, send_id, contact_id, seq, status, visit, current_node_id, ended_reason, started_at, completed_at, source)
    select e.workspace_id, e.flow_id, e.flow_version_id, e.send_id, e.contact_id, n, 'failed', 2, 'email', 'provider_rejected', now(), now(), e.source
    from (select * from flow_executions where send_id = ${sendId}::uuid and status = 'failed' limit 1) e, generate_series(0, 2399) n`.execute(
    db.owner,
  );
  await sql`update flow_sends set failed = failed + 2400, enrolled = enrolled + 2400, expected = expected + 2400 where id = ${sendId}::uuid`.execute(
    db.owner,
  );
  let pages = 0;
  onBreakPoint(async (name) => {
    if (name !== "retried") return;
    pages += 1;
    // Those of the page before have failed again.
    await sql`update flow_executions set status = 'failed', completed_at = now() where send_id = ${sendId}::uuid and status = 'running'`.execute(
      db.owner,
    );
  });
  const { retried } = await sluice.engine.retry({ workspaceId, sendId });
  onBreakPoint(undefined);
  expect([retried, pages]).toEqual([2_403, 3]);
  // Rows of people who did not exist leave nothing to add up.
  await sql`delete from flow_executions where send_id = ${sendId}::uuid`.execute(db.owner);
  await sql`delete from flow_sends where id = ${sendId}::uuid`.execute(db.owner);
});

test("killed right after the retry was accepted: it goes on, once", async () => {
  const { sendId } = await failSome();
  onBreakPoint((name) => {
    if (name === "retried") throw new SimulatedCrash();
  });
  await expect(sluice.engine.retry({ workspaceId, sendId })).rejects.toThrow(SimulatedCrash);
  onBreakPoint(undefined);
  await sql`delete from private.inline_jobs`.execute(db.owner);
  await sluice.run();
  expect(sluice.providers.email.calls).toHaveLength(9);
  expect(await readSend(sendId)).toMatchObject({ completed: 6, failed: 0, state: "done" });
});

describe("a message that is never delivered", () => {
  const bounce = {
    outcome: "rejected",
    reason: "provider_rejected",
    message: "550 5.1.1 no such user",
    retryable: false,
    invalidatesAddress: true,
  } as const;

  async function bounceOne(graph = chain(node("start"), email(), sms("after", {}, "after"))) {
    const ids = await buildContacts(db.owner, workspaceId, 2);
    sluice.providers.email.answer(bounce, { outcome: "accepted", providerMessageId: "1" });
    const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, await buildFlow(db.owner, workspaceId, graph), ids));
    await sluice.run();
    return sendId;
  }

  test("stays an error when the retry skips it, and the preview said so", async () => {
    const sendId = await bounceOne();
    expect(await readSend(sendId)).toMatchObject({ completed: 1, failed: 1, reached: 1, unreached: 1 });
    expect(await sluice.engine.previewRetry({ workspaceId, sendId })).toMatchObject({
      executions: 1,
      messages: [],
      skipped: [{ reason: "bounced_before", executions: 1 }],
    });
    await sluice.engine.retry({ workspaceId, sendId });
    await sluice.run();
    expect(sluice.providers.email.calls).toHaveLength(2);
    // The flow goes on behind the message, but its end is not green.
    expect(sluice.providers.sms.calls).toHaveLength(2);
    expect(await readSend(sendId)).toMatchObject({ state: "done", completed: 1, failed: 0, partial_failure: 1, reached: 2, unreached: 0 });
    const { rows } = await sql<{ status: string; ended_reason: string }>`
      select status, ended_reason from flow_executions where send_id = ${sendId}::uuid and status <> 'completed'`.execute(db.owner);
    expect(rows).toEqual([{ status: "partial_failure", ended_reason: "bounced_before" }]);
  });

  test("stays one however often it is retried, and is sent when its contact has a new address", async () => {
    const sendId = await bounceOne(chain(node("start"), email()));
    for (let round = 0; round < 2; round += 1) {
      await sluice.engine.retry({ workspaceId, sendId });
      await sluice.run();
      expect(await readSend(sendId)).toMatchObject({ completed: 1, partial_failure: 1, reached: 1, unreached: 1 });
    }
    await sql`update contacts set email = 'new-' || email where workspace_id = ${workspaceId}`.execute(db.owner);
    await sluice.engine.retry({ workspaceId, sendId });
    await sluice.run();
    expect(await readSend(sendId)).toMatchObject({ completed: 2, partial_failure: 0, reached: 2, unreached: 0 });
  });

  test("is skipped for a person who opted out meanwhile, which is an error of the message too", async () => {
    const sendId = await bounceOne(chain(node("start"), email()));
    await sql`delete from suppressions`.execute(db.owner);
    await sql`update contacts set email_opted_out_at = now() where workspace_id = ${workspaceId}`.execute(db.owner);
    expect(await sluice.engine.previewRetry({ workspaceId, sendId })).toMatchObject({
      skipped: [{ reason: "opted_out_email", executions: 1 }],
    });
    await sluice.engine.retry({ workspaceId, sendId });
    await sluice.run();
    expect(await readSend(sendId)).toMatchObject({ completed: 1, partial_failure: 1 });
  });
});

test("an earlier failure that the flow went on behind is not forgotten by a retry of a later one", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 1);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Hi", { onError: "continue" }), email()));
  const refused = { outcome: "rejected", reason: "provider_rejected", message: "no", retryable: false } as const;
  sluice.providers.sms.answer(refused);
  sluice.providers.email.answer(refused, { outcome: "accepted", providerMessageId: "1" });
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
  await sluice.run();
  expect(await readSend(sendId)).toMatchObject({ failed: 1 });
  await sluice.engine.retry({ workspaceId, sendId });
  await sluice.run();
  expect(await readSend(sendId)).toMatchObject({ completed: 0, partial_failure: 1, reached: 1 });
});

test("a message that left at its second try is not sent again because a later step failed", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 1);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), email("Hello", { onError: "continue" }), node("end")));
  sluice.providers.sms.answer(
    { outcome: "rejected", reason: "provider_unavailable", message: "busy", retryable: true },
    { outcome: "accepted", providerMessageId: "1" },
  );
  sluice.providers.email.answer(
    { outcome: "rejected", reason: "provider_rejected", message: "no", retryable: false },
    { outcome: "accepted", providerMessageId: "2" },
  );
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
  await sluice.run();
  await sluice.wait(11);
  expect(await readSend(sendId)).toMatchObject({ partial_failure: 1 });
  await sluice.engine.retry({ workspaceId, sendId });
  await sluice.run();
  expect(sluice.providers.sms.calls).toHaveLength(2);
  expect(sluice.providers.email.calls).toHaveLength(2);
  expect(await readSend(sendId)).toMatchObject({ completed: 1, partial_failure: 0 });
});
