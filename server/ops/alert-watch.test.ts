import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "kysely";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { listAlerts } from "#db/queries/alerts.ts";
import { createGraphileDriver } from "#engine/drivers/graphile.ts";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import { silentLog } from "#test/engine.ts";
import { buildContact, buildWorkspace } from "#test/factories.ts";
import { type HistorySeed, seedHistory } from "#test/seed-history.ts";
import { lookForAlerts } from "./alert-watch.ts";
import { createMetrics } from "./metrics.ts";

let db: TestDb;
let workspaceId: string;
let seed: HistorySeed;
const metrics = createMetrics();
let logged: { level: number; code?: string; state?: string; msg: string }[] = [];
let posted: { state: string; code: string; who: string; workspaceId: string | null; text: string }[] = [];
let answer = 200;
const receiver = createServer(async (req, res) => {
  let body = "";
  for await (const chunk of req) body += chunk;
  if (answer === 200) posted.push(...JSON.parse(body).alerts);
  res.writeHead(answer).end();
});
let webhookUrl: string;

beforeAll(async () => {
  db = await createTestDb();
  await createGraphileDriver({ connectionString: db.ownerUrl, log: silentLog }).prepare();
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  webhookUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
beforeEach(async () => {
  workspaceId = await buildWorkspace(db.owner);
  seed = await seedHistory(db.owner, workspaceId);
  await setWorkers(1);
});
afterEach(async () => {
  await sql`truncate private.alerts, private.workers, private.unknown_messages, private.send_lanes, private.channel_gates, wake_ups`.execute(
    db.owner,
  );
  await sql`update flow_sends set ended_at = now()`.execute(db.owner);
  logged = [];
  posted = [];
  answer = 200;
});
afterAll(async () => {
  receiver.close();
  await db.drop();
});

const log = pino({ level: "warn" }, { write: (line: string) => void logged.push(JSON.parse(line)) });
const countJobs = () => createGraphileDriver({ connectionString: db.ownerUrl, log }).countJobs(db.owner);
const lookAsUsual = (more: { steadySeconds?: number } = {}) =>
  lookForAlerts({ ownerDb: db.owner, log, metrics, webhookUrl, instance: "https://sluice.test", countJobs, ...more });
/** Without a waiting time between two looks, a condition that is still there at the second look is steady. */
const look = () => lookAsUsual({ steadySeconds: 0 });
const told = () => posted.map(({ state, code }) => `${code} ${state}`);
const shown = async (of = workspaceId) => (await listAlerts(db.owner, { workspaceId: of })).map(({ code }) => code);

async function setWorkers(count: number) {
  await sql`truncate private.workers`.execute(db.owner);
  for (let i = 0; i < count; i += 1) await sql`insert into private.workers (id) values (${randomUUID()}::uuid)`.execute(db.owner);
}

test("nothing is told while all is well", async () => {
  await look();
  await look();
  expect([posted, logged, await shown()]).toEqual([[], [], []]);
});

test("a passing moment is not told: a worker that is just being replaced", async () => {
  await setWorkers(0);
  for (let process = 0; process < 5; process += 1) await lookAsUsual();
  await setWorkers(1);
  await lookAsUsual();
  expect([posted, logged]).toEqual([[], []]);
  await setWorkers(0);
  await lookAsUsual();
  await sql`update private.alerts set seen_at = now() - interval '15 seconds'`.execute(db.owner);
  await lookAsUsual();
  expect(told()).toEqual(["no_worker began"]);
});

test("what was so before every process ended has not lasted until the next one starts", async () => {
  await setWorkers(0);
  await lookAsUsual();
  await sql`update private.alerts set seen_at = now() - interval '1 hour'`.execute(db.owner);
  await lookForAlerts({ ownerDb: db.owner, log, metrics, webhookUrl, instance: "https://sluice.test", countJobs }, "first");
  expect([posted, logged]).toEqual([[], []]);
  await sql`update private.alerts set seen_at = now() - interval '15 seconds'`.execute(db.owner);
  await lookAsUsual();
  expect(told()).toEqual(["no_worker began"]);
});

test("what lasts is told once when it is true, and once when it is over", async () => {
  await setWorkers(0);
  await look();
  expect(await shown()).toEqual([]);
  await look();
  await look();
  await look();
  expect([told(), await shown()]).toEqual([["no_worker began"], ["no_worker"]]);
  expect(await metrics.text()).toMatch(/sluice_workers 0\n[\s\S]*sluice_alerts\{code="no_worker"\} 1/);
  await setWorkers(1);
  await look();
  await look();
  expect([told(), await shown()]).toEqual([["no_worker began", "no_worker ended"], []]);
  expect(logged.map(({ level, code, state }) => ({ level, code, state }))).toEqual([
    { level: 50, code: "no_worker", state: "began" },
    { level: 40, code: "no_worker", state: "ended" },
  ]);
  expect(await metrics.text()).toMatch(/sluice_alerts\{code="no_worker"\} 0/);
});

test("what could not be posted is posted at the next look", async () => {
  await setWorkers(0);
  answer = 500;
  await look();
  await look();
  expect(logged.map(({ msg }) => msg)).toEqual(["alerts could not be posted to ALERT_WEBHOOK_URL; they are posted at the next look"]);
  answer = 200;
  await look();
  await look();
  expect(told()).toEqual(["no_worker began"]);
});

test("many processes look, and one tells", async () => {
  await setWorkers(0);
  await look();
  await Promise.all(Array.from({ length: 4 }, look));
  expect(told()).toEqual(["no_worker began"]);
});

test("work that nobody begins, doubtful messages, a closed channel and a stuck send are told to those who can mend them", async () => {
  const send = await seed.send(await seed.flow(), { counters: { expected: 600, enrolled: 600 } });
  await sql`update flow_sends set lanes = 1, enrolled_at = now() where id = ${send.id}::uuid`.execute(db.owner);
  await sql`insert into private.send_lanes (send_id, lane, workspace_id, from_seq, ready_at, served_at)
    values (${send.id}::uuid, 0, ${workspaceId}, 0, now() - interval '11 minutes', now() - interval '11 minutes')`.execute(db.owner);
  const contactId = await buildContact(db.owner, workspaceId, { phone_e164: "+14155550188", email: "canary@example.com" });
  const execution = await seed.execution(send, { contactId, status: "running" });
  await sql`insert into wake_ups (flow_execution_id, workspace_id, flow_version_id, due_at, node_id)
    values (${execution}::uuid, ${workspaceId}, ${send.versionId}::uuid, now() - interval '61 seconds', 'delay')`.execute(db.owner);
  const message = await seed.message({ status: "sending", to_address: "+14155550188" });
  await sql`update messages set status = 'unknown' where id = ${message}::uuid`.execute(db.owner);
  await sql`insert into private.channel_gates (workspace_id, channel, closed_until) values (${workspaceId}, 'email', now() + interval '5 minutes')`.execute(
    db.owner,
  );
  await look();
  await look();
  expect(posted.map(({ code, who, workspaceId: of }) => ({ code, who, of })).toSorted((a, b) => (a.code < b.code ? -1 : 1))).toEqual([
    { code: "late", who: "operator", of: workspaceId },
    { code: "provider_down", who: "owner", of: workspaceId },
    { code: "send_stuck", who: "operator", of: workspaceId },
    { code: "unknown_messages", who: "editor", of: workspaceId },
  ]);
  expect(await shown(await buildWorkspace(db.owner)), "another workspace").toEqual([]);
  expect(JSON.stringify([posted, logged])).not.toMatch(/\+1415|canary/);
});

test("a mail server that refuses the sender, and one that a few messages find dead, are told with its words", async () => {
  const other = await buildWorkspace(db.owner);
  await sql`insert into private.channel_gates (workspace_id, channel, failures, closed_until, trouble_reason, trouble_text, trouble_since, troubled_at) values
    (${workspaceId}, 'email', 10, now() + interval '30 seconds', 'sender_refused', '550 5.1.8 Sender address rejected', now(), now()),
    (${other}, 'email', 2, null, 'provider_unavailable', 'connect ECONNREFUSED', now() - interval '1 minute', now()),
    (${other}, 'sms', 1, null, 'provider_rejected', '450 come back later', now() - interval '1 minute', now())`.execute(db.owner);
  await look();
  await look();
  expect(posted.map(({ code, workspaceId: of, text }) => ({ code, of, text }))).toEqual(
    expect.arrayContaining([
      {
        code: "sender_refused",
        of: workspaceId,
        text: expect.stringMatching(/^The provider refuses the sender, so e-mail is paused.*Sender address rejected$/),
      },
      { code: "provider_down", of: other, text: expect.stringContaining("ECONNREFUSED") },
    ]),
  );
  expect(posted).toHaveLength(2);
});

test("a provider that lets the account no longer in is told with who must do what", async () => {
  const words = "Twilio refuses the sign-in. An owner must check the account SID";
  await sql`insert into private.channel_gates (workspace_id, channel, failures, closed_until, trouble_reason, trouble_text, trouble_since, troubled_at) values
    (${workspaceId}, 'sms', 10, now() + interval '30 seconds', 'credentials_refused', ${words}, now(), now())`.execute(db.owner);
  await look();
  await look();
  expect(posted).toMatchObject([
    {
      code: "channel_refused",
      who: "owner",
      workspaceId,
      text: expect.stringMatching(
        /^The provider refuses the sign-in, so SMS is paused. .*nothing is lost.* It said: Twilio refuses the sign-in/,
      ),
    },
  ]);
});

test("a paused send, one that sleeps, and an hour-old doubt are no alerts", async () => {
  const paused = await seed.send(await seed.flow(), { state: "paused", counters: { expected: 600, enrolled: 600 } });
  await sql`update flow_sends set lanes = 1, enrolled_at = now() where id = ${paused.id}::uuid`.execute(db.owner);
  await sql`insert into private.send_lanes (send_id, lane, workspace_id, from_seq, ready_at, served_at)
    values (${paused.id}::uuid, 0, ${workspaceId}, 0, now() - interval '11 minutes', now() - interval '11 minutes')`.execute(db.owner);
  const sleeping = await seed.send(await seed.flow(), { counters: { expected: 1, enrolled: 1 } });
  const execution = await seed.execution(sleeping, { status: "running" });
  await sql`insert into wake_ups (flow_execution_id, workspace_id, flow_version_id, due_at, node_id)
    values (${execution}::uuid, ${workspaceId}, ${sleeping.versionId}::uuid, now() + interval '3 days', 'delay')`.execute(db.owner);
  await sql`insert into private.unknown_messages (message_id, workspace_id, became_at)
    values (${randomUUID()}::uuid, ${workspaceId}, now() - interval '61 minutes')`.execute(db.owner);
  await look();
  await look();
  expect(posted).toEqual([]);
});

test("an enrolment that nobody goes on with is stuck", async () => {
  const send = await seed.send(await seed.flow(), { state: "enrolling", counters: { expected: 20_000 } });
  await sql`update flow_sends set created_at = now() - interval '12 minutes' where id = ${send.id}::uuid`.execute(db.owner);
  await look();
  await look();
  expect(told()).toEqual(["send_stuck began"]);
});
