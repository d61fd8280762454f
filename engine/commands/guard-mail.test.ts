import { sql } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import { sendTo } from "#test/engine.ts";
import { db, restartEngine, setUpWorkspace, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, email, node, sms, wait } from "#test/graphs.ts";
import { judgeMail } from "./guard-mail.ts";

setUpWorkspace();
beforeEach(() => restartEngine());

/** So many e-mails left within the last days, and so many of their people were lost. */
async function mailed({
  sent,
  bounced = 0,
  complained = 0,
  daysAgo = 1,
}: {
  sent: number;
  bounced?: number;
  complained?: number;
  daysAgo?: number;
}) {
  await sql`
    insert into messages (workspace_id, channel, provider, to_address, subject, body, status, created_at)
    select ${workspaceId}, 'email', 'smtp', 'm' || n || '@example.test', 'x', 'x', 'sent', clock_timestamp() - ${daysAgo}::int * interval '1 day'
    from generate_series(1, ${sent}::int) n`.execute(db.owner);
  await sql`
    insert into suppressions (workspace_id, channel, address, reason, source, created_at)
    select ${workspaceId}, 'email', 'm' || n || '-' || ${daysAgo}::int || '@example.test', case when n <= ${bounced}::int then 'bounced_before' else 'complaint' end,
      case when n <= ${bounced}::int then 'provider' else 'contact' end, clock_timestamp() - ${daysAgo}::int * interval '1 day'
    from generate_series(1, ${bounced + complained}::int) n`.execute(db.owner);
}
const guards = async () =>
  (await sql`select level, sent, bounced, complained from private.mail_guards where workspace_id = ${workspaceId}`.execute(db.owner)).rows;
async function send(first: ReturnType<typeof email>, more = {}) {
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), first, wait(3_600), node("end")));
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, await buildContacts(db.owner, workspaceId, 2), more));
  await sluice.run();
  return sendId;
}
const stateOf = async (id: string) =>
  db.owner.selectFrom("flow_sends").select(["state", "changed_by_name"]).where("id", "=", id).executeTakeFirstOrThrow();

test.each([
  [{ sent: 199, bounced: 199, complained: 199 }, null],
  [{ sent: 200, bounced: 3, complained: 0 }, null],
  [{ sent: 200, bounced: 4, complained: 0 }, "warn"],
  [{ sent: 200, bounced: 8, complained: 0 }, "pause"],
  [{ sent: 2_001, bounced: 0, complained: 1 }, null],
  [{ sent: 2_000, bounced: 0, complained: 1 }, "warn"],
  [{ sent: 1_000, bounced: 0, complained: 1 }, "pause"],
])("%j is judged as %j", (health, level) => {
  expect(judgeMail(health)).toBe(level);
});

describe("the guard rail", () => {
  test("leaves alone what is good, and forgets what has become good", async () => {
    await mailed({ sent: 300, bounced: 5 });
    await mailed({ sent: 10, bounced: 100, daysAgo: 8 });
    expect(await sluice.engine.guardMail()).toBe(0);
    expect(await guards()).toEqual([]);
    await mailed({ sent: 1, complained: 1, daysAgo: 2 });
    await sluice.engine.guardMail();
    expect(await guards()).toMatchObject([{ level: "pause", bounced: 5, complained: 1 }]);
    await sql`delete from suppressions where workspace_id = ${workspaceId}`.execute(db.owner);
    await sluice.engine.guardMail();
    expect(await guards()).toEqual([]);
  });

  test("counts what came back because of our own domain, once for each message, though it closes no address", async () => {
    const sendId = await send(email());
    await mailed({ sent: 200 });
    const report = (channel: string, status: string, reason: string, times: number) =>
      sql`
      with back as (
        insert into messages (workspace_id, channel, provider, to_address, status)
        select ${workspaceId}, ${channel}, 'resend', 'b' || n || '@example.test', ${status} from generate_series(1, 8) n returning id, workspace_id)
      insert into message_reports (workspace_id, message_id, provider, status, reason, received_at)
      select workspace_id, id, 'resend', 'undelivered', ${reason}, clock_timestamp() from back, generate_series(1, ${times}::int)`.execute(
        db.owner,
      );
    await report("email", "delivered", "sender_refused", 1);
    await report("email", "undelivered", "not_delivered", 1);
    await report("sms", "undelivered", "sender_refused", 1);
    expect(await sluice.engine.guardMail()).toBe(0);
    expect(await guards()).toEqual([]);
    await report("email", "undelivered", "sender_refused", 2);
    await report("email", "undelivered", "sender_refused", 1);
    expect(await sluice.engine.guardMail()).toBe(1);
    expect(await guards()).toMatchObject([{ level: "pause", bounced: 16, complained: 0 }]);
    expect((await stateOf(sendId)).state).toBe("paused");
  });

  test("warns and pauses nothing below its second limit", async () => {
    const sendId = await send(email());
    await mailed({ sent: 200, bounced: 5 });
    expect(await sluice.engine.guardMail()).toBe(0);
    expect(await guards()).toMatchObject([{ level: "warn", bounced: 5 }]);
    expect((await stateOf(sendId)).state).toBe("running");
  });

  test("pauses sends of marketing e-mail once; those of receipts and of SMS go on, and a person who resumes has decided", async () => {
    const marketing = await send(email());
    const receipts = await send(email("Hi", { kind: "transactional" }));
    const texts = await send(sms());
    const trial = await send(email(), { isTest: true });
    await mailed({ sent: 200, bounced: 12 });
    const paused = await Promise.all([sluice.engine.guardMail(), sluice.engine.guardMail()]);
    expect(paused.reduce((a, b) => a + b)).toBe(1);
    expect(await stateOf(marketing)).toEqual({ state: "paused", changed_by_name: "Guard rail for e-mail" });
    for (const id of [receipts, texts, trial]) expect((await stateOf(id)).state).not.toBe("paused");
    await sluice.engine.resumeSend({ workspaceId, sendId: marketing, actor: { id: null, name: "Ada" } });
    expect(await sluice.engine.guardMail()).toBe(0);
    expect((await stateOf(marketing)).state).toBe("running");
  });
});
