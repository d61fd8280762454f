import { expect, test } from "vitest";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpTestDb } from "#test/engine-fixture.ts";
import { buildContact, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, email, node, sms, wait } from "#test/graphs.ts";

setUpTestDb();

test("a send of one goes through SMS, delay and e-mail to its end", async () => {
  const workspaceId = await buildWorkspace(db.owner);
  const contactId = await buildContact(db.owner, workspaceId, { firstname: "Grace" });
  const flowId = await buildFlow(
    db.owner,
    workspaceId,
    chain(node("start"), sms("Hi {{firstname}}"), wait(60), email("Dear {{firstname}}"), node("end")),
  );
  const { engine, run, wait: turn, providers } = await startTestEngine(db.owner);
  const created = await engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  expect(created).toMatchObject({ created: true, executionId: expect.any(String), skipped: [] });
  await run();
  expect(providers.sms.calls.map(({ text }) => text)).toEqual(["Hi Grace"]);
  expect(providers.email.calls).toEqual([]);
  await turn(61);
  expect(providers.email.calls.map(({ subject }) => subject)).toEqual(["Dear Grace"]);
  const steps = await db.owner
    .selectFrom("flow_execution_steps")
    .select(["node_id", "status", "exit"])
    .where("flow_execution_id", "=", created.executionId as string)
    .orderBy("created_at")
    .execute();
  expect(steps).toEqual([
    { node_id: "start", status: "completed", exit: "next" },
    { node_id: "sms", status: "completed", exit: "sent" },
    { node_id: "delay", status: "completed", exit: "next" },
    { node_id: "email", status: "completed", exit: "sent" },
    { node_id: "end", status: "completed", exit: null },
  ]);
});
