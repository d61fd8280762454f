import { sql } from "kysely";
import { expect, test } from "vitest";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { email, graph, node, sms } from "#test/graphs.ts";

setUpEngine();

const hour = 3600;
const inHours = (hours: number) => new Date(Date.now() + hours * hour * 1000).toISOString();
const untilDue = (more: Record<string, unknown> = {}) =>
  graph(
    [node("start"), node("delay", { mode: "until_date", field: "metadata.due", ...more }), sms("on time"), email("past", {}, "past")],
    "start > delay",
    "delay:next > sms",
    ...((more.past ?? "exit") === "exit" ? ["delay:past > past"] : []),
  );
const move = (due: unknown) =>
  sql`update contacts set metadata = metadata || ${JSON.stringify({ due })}::jsonb where workspace_id = ${workspaceId}`.execute(db.owner);
const said = () => [...sluice.providers.sms.calls.map(({ text }) => text), ...sluice.providers.email.calls.map(({ subject }) => subject)];
const execution = (id: string) => db.owner.selectFrom("flow_executions").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const steps = (id: string) =>
  db.owner.selectFrom("flow_execution_steps").selectAll().where("flow_execution_id", "=", id).orderBy("visit").orderBy("attempt").execute();

async function send(due: unknown, more: Record<string, unknown> = {}): Promise<string> {
  const contactId = await buildContact(db.owner, workspaceId, { metadata: { due } });
  const flowId = await buildFlow(db.owner, workspaceId, untilDue(more));
  const { executionId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  await sluice.run();
  return executionId as string;
}

test("a date that is put off holds the message back until the new one, and the history shows both waits", async () => {
  const id = await send(inHours(2));
  expect(await execution(id)).toMatchObject({ status: "running", waiting_for: "time" });
  await move(inHours(5));
  await sluice.run();
  await sluice.wait(3 * hour);
  expect(said()).toEqual([]);
  await sluice.wait(3 * hour);
  expect(said()).toEqual(["on time"]);
  expect(await steps(id)).toMatchObject([{}, { attempt: 1, status: "completed" }, { attempt: 2, status: "completed", exit: "next" }, {}]);
});

test("a date that is brought forward wakes the execution then, without its old wake-up", async () => {
  const id = await send(inHours(50));
  await sluice.wait(hour);
  await move(inHours(4));
  await sluice.run();
  expect((await execution(id)).wake_at?.getTime()).toBeLessThan(Date.parse(inHours(5)));
  expect(said()).toEqual([]);
  await sluice.wait(4 * hour);
  expect(said()).toEqual(["on time"]);
});

test("other changes of the contact leave the wait as it is, in one step", async () => {
  const id = await send(inHours(2));
  for (const status of ["A", "B", "C"]) {
    await sql`update contacts set lead_status = ${status} where workspace_id = ${workspaceId}`.execute(db.owner);
    await sluice.wait(60);
  }
  expect(await steps(id)).toHaveLength(2);
  await sluice.wait(2 * hour);
  expect(said()).toEqual(["on time"]);
  expect(await steps(id)).toHaveLength(3);
});

test("a date is read once more before the execution goes on, even where no change was heard of", async () => {
  await send(inHours(2));
  await db.owner.deleteFrom("waits").execute();
  await move(inHours(9));
  await sluice.wait(3 * hour);
  expect(said()).toEqual([]);
  await sluice.wait(7 * hour);
  expect(said()).toEqual(["on time"]);
});

test("a date that is moved into the past, or taken away, leaves by the exit for it", async () => {
  const id = await send(inHours(2));
  await move(inHours(-30));
  await sluice.run();
  expect(said()).toEqual(["past"]);
  expect((await steps(id))[1]).toMatchObject({ status: "completed", exit: "past" });
});

test("a date that cannot be read sends nothing and fails for that reason, also where past dates go on", async () => {
  const id = await send("06/01/2027", { past: "go_on" });
  expect(said()).toEqual([]);
  expect(await execution(id)).toMatchObject({ status: "failed", ended_reason: "date_unreadable" });
  const other = await send(inHours(2), { past: "go_on" });
  await move("June 1, 2027");
  await sluice.wait(3 * hour);
  expect(said()).toEqual([]);
  expect(await execution(other)).toMatchObject({ status: "failed", ended_reason: "date_unreadable" });
});
