import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { raiseFence } from "#db/queries/send-fence.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { sendTo } from "#test/engine.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, email, graph, node, wait } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";
import { type ImapServer, mailboxPassword, mailboxUser, startImapServer } from "#test/imap-server.ts";
import { deliveryReportMail, feedbackReportMail, plainMail } from "#test/mails.ts";
import { type SmtpSink, startSmtpSink } from "#test/smtp-sink.ts";
import { type MailboxReading, readMailboxes } from "./read-mailboxes.ts";

let app: TestApp;
let admin: Client;
let smtp: SmtpSink;
let imap: ImapServer;

beforeAll(async () => {
  [smtp, imap] = [await startSmtpSink(), await startImapServer()];
  app = await startTestApp({ allowPrivateHosts: true });
  admin = await app.ours.as("admin");
  const { status, text } = await admin.put("/api/providers/email", withMailbox());
  if (status !== 200) throw new Error(text);
  await read();
});
afterAll(async () => {
  await app.stop();
  await smtp.stop();
  await imap.stop();
});
beforeEach(async () => {
  await app.db.owner.deleteFrom("suppressions").execute();
});

const withMailbox = (mailbox: object = {}, more: object = { mailboxPassword }) => ({
  provider: "smtp",
  settings: {
    host: "127.0.0.1",
    port: smtp.port,
    security: "none",
    fromName: "Salon",
    fromAddress: "hello@salon.example",
    mailbox: { host: "127.0.0.1", port: imap.port, security: "none", username: mailboxUser, ...mailbox },
  },
  ...more,
});

const reading = (more: Partial<MailboxReading> = {}): MailboxReading => ({
  ownerDb: app.db.owner,
  providers: app.resources.providers,
  engine: app.resources.engine,
  log: app.resources.log,
  signal: new AbortController().signal,
  ...more,
});
/** The time of the mailbox comes, and a worker reads it. */
async function read(more: Partial<MailboxReading> = {}): Promise<number> {
  await sql`update private.mailboxes set next_at = clock_timestamp()`.execute(app.db.owner);
  const count = await readMailboxes(reading(more));
  await app.resources.engine.inboundIdle();
  await app.driver.runUntilIdle();
  return count;
}
const stateOfMailbox = async () => (await admin.get("/api/providers/email/mailbox")).body;

/** One e-mail to a person, as it arrived at the mail server. */
async function sendOne(
  flow = chain(node("start", { reEntry: { rule: "any_time" } }), email("Hi", { text: "Hello" }), node("end")),
  contactId?: string,
) {
  const address = `p-${randomUUID()}@example.com`;
  const id = contactId ?? (await buildContact(app.db.owner, app.ours.workspaceId, { email: address }));
  const { executionId } = await app.resources.engine.createSend(
    sendTo(app.ours.workspaceId, await buildFlow(app.db.owner, app.ours.workspaceId, flow), [id]),
  );
  await app.driver.runUntilIdle();
  const arrived = smtp.accepted.at(-1);
  const mail = await arrived?.parse();
  if (!arrived || !mail?.messageId) throw new Error("Nothing arrived at the mail server.");
  return { contactId: id, executionId: executionId as string, address: arrived.to[0] as string, messageId: mail.messageId };
}
type Sent = Awaited<ReturnType<typeof sendOne>>;
const bounce = ({ messageId, address }: Sent, more = {}) => deliveryReportMail({ messageId, recipient: address, ...more });
const full = { status: "5.2.2", diagnostic: "smtp; 552 5.2.2 Mailbox full" };
const stateOf = ({ messageId }: Sent) =>
  app.db.owner.selectFrom("messages").select(["status", "reason"]).where("provider_message_id", "=", messageId).executeTakeFirstOrThrow();
const closed = () => app.db.owner.selectFrom("suppressions").select(["address", "reason", "source"]).execute();
const received = (contactId: string) =>
  app.db.owner
    .selectFrom("inbound_messages")
    .select(["body", "from_address", "automatic", "answers_id"])
    .where("contact_id", "=", contactId)
    .orderBy("id")
    .execute();

describe("what anybody can write to the mailbox", () => {
  test("a bounce with an id that somebody made up, or of another address, closes nobody's", async () => {
    const sent = await sendOne();
    const victim = `victim-${randomUUID()}@example.com`;
    await buildContact(app.db.owner, app.ours.workspaceId, { email: victim });
    imap.deliver(deliveryReportMail({ messageId: `<${randomUUID()}@salon.example>`, recipient: victim }));
    imap.deliver(deliveryReportMail({ messageId: "<hello@salon.example>", recipient: sent.address }));
    imap.deliver(feedbackReportMail({ messageId: `<${randomUUID()}@salon.example>` }));
    // A person who got a message knows its id. It says nothing about anybody else.
    imap.deliver(bounce(sent, { recipient: victim }));
    await read();
    expect(await closed()).toEqual([]);
  });

  test("a message of another workspace is not ours, whoever knows its id", async () => {
    const sent = await sendOne();
    await sql`update messages set workspace_id = ${app.theirs.workspaceId}, contact_id = null, flow_execution_id = null, send_id = null
      where provider_message_id = ${sent.messageId}`.execute(app.db.owner);
    imap.deliver(bounce(sent));
    imap.deliver(feedbackReportMail({ messageId: sent.messageId }));
    await read();
    expect(await closed()).toEqual([]);
  });

  test("mails of strangers, newsletters and our own messages are not kept", async () => {
    const sent = await sendOne();
    const before = await app.db.owner.selectFrom("inbound_messages").select("id").execute();
    imap.deliver(plainMail({ from: "stranger@example.org", text: "Buy this" }));
    imap.deliver(plainMail({ from: sent.address, text: "News", headers: "List-Id: <news.example>\n" }));
    imap.deliver(smtp.accepted.at(-1)?.raw as Buffer);
    imap.deliver(plainMail({ from: "<>", text: "nobody" }));
    await read();
    expect(await app.db.owner.selectFrom("inbound_messages").select("id").execute()).toHaveLength(before.length);
  });
});

describe("a bounce", () => {
  test("of a mailbox that does not exist closes the address at once, however often it comes", async () => {
    const sent = await sendOne();
    const raw = bounce(sent);
    imap.deliver(raw);
    imap.deliver(raw);
    await read();
    imap.deliver(bounce(sent));
    await read();
    expect(await stateOf(sent)).toEqual({ status: "undelivered", reason: "mailbox_not_found" });
    expect(await closed()).toEqual([{ address: sent.address, reason: "bounced_before", source: "provider" }]);
  });

  test("that may pass closes it after the third", async () => {
    const first = await sendOne();
    imap.deliver(bounce(first, full));
    await read();
    for (let n = 2; n <= 3; n += 1) {
      expect(await closed()).toEqual([]);
      imap.deliver(bounce(await sendOne(undefined, first.contactId), full));
      await read();
    }
    expect(await closed()).toMatchObject([{ address: first.address, reason: "bounced_before" }]);
  });
});

test("a feedback report closes the address for marketing, as a complaint at a provider does", async () => {
  const sent = await sendOne();
  imap.deliver(feedbackReportMail({ messageId: sent.messageId }));
  await read();
  expect(await closed()).toEqual([{ address: sent.address, reason: "complaint", source: "contact" }]);
  expect((await stateOf(sent)).status).toBe("sent");
});

describe("a mail of a contact", () => {
  const asking = () =>
    graph(
      [
        node("start", { reEntry: { rule: "any_time" } }),
        email("Coming?", { text: "Answer yes or no." }),
        node("wait_for_reply", { limitSeconds: 3600, cases: [{ id: "yes", is: "yes" }] }, "wait"),
        node("end", {}, "came"),
        node("end", {}, "other"),
      ],
      "start > email",
      "email > wait",
      "wait:yes > came",
      "wait:other > other",
      "wait:no_reply > other",
    );
  const lastNode = async ({ executionId }: Sent) => {
    const { rows } = await sql<{ node_id: string }>`
      select node_id from flow_execution_steps where flow_execution_id = ${executionId}::uuid order by visit desc limit 1`.execute(
      app.db.owner,
    );
    return rows[0]?.node_id;
  };
  const answer = ({ messageId, address }: Sent, text: string, more = {}) =>
    plainMail({ from: address, text, headers: `In-Reply-To: ${messageId}\n`, ...more });

  test("goes on with the flow that waits for it, once, without what it quotes", async () => {
    const sent = await sendOne(asking());
    const raw = answer(sent, "Yes\n\nOn Mon, 30 Nov 2026 at 08:00, Salon <hello@salon.example> wrote:\n> Answer yes or no.");
    imap.deliver(raw);
    imap.deliver(raw);
    await read();
    expect(await received(sent.contactId)).toMatchObject([{ body: "Yes", from_address: sent.address, automatic: false }]);
    expect(await lastNode(sent)).toBe("came");
  });

  test("from another address is of the contact whose message it answers, and no one's where it answers none", async () => {
    const sent = await sendOne(asking());
    imap.deliver(answer(sent, "yes", { from: "ana@work.example" }));
    imap.deliver(plainMail({ from: "ana@work.example", text: "yes" }));
    await read();
    expect(await received(sent.contactId)).toMatchObject([{ body: "yes", from_address: "ana@work.example" }]);
    expect(await lastNode(sent)).toBe("came");
  });

  test("goes on with the flow whose message it answers, also where another one has written since", async () => {
    const first = await sendOne(asking());
    const second = await sendOne(asking(), first.contactId);
    imap.deliver(answer(first, "yes"));
    await read();
    expect([await lastNode(first), await lastNode(second)]).toEqual(["came", "wait"]);
  });

  test("that names no message of ours is a reply all the same", async () => {
    const sent = await sendOne(asking());
    imap.deliver(plainMail({ from: sent.address.toUpperCase(), text: "yes", subject: "hello" }));
    await read();
    expect(await lastNode(sent)).toBe("came");
  });

  test("that a machine wrote is kept, and is no reply", async () => {
    const sent = await sendOne(asking());
    imap.deliver(answer(sent, "yes, I am away", { headers: `Auto-Submitted: auto-replied\nIn-Reply-To: ${sent.messageId}\n` }));
    await read();
    expect(await received(sent.contactId)).toMatchObject([{ automatic: true }]);
    expect(await lastNode(sent)).toBe("wait");
  });

  test("ends a flow that stops on a reply", async () => {
    const flow = chain(node("start", { stopOnReply: true }), email("Hi", { text: "Hello" }), wait(3600), node("end"));
    const sent = await sendOne(flow);
    imap.deliver(answer(sent, "call me"));
    await read();
    const { status, ended_reason } = await app.db.owner
      .selectFrom("flow_executions")
      .select(["status", "ended_reason"])
      .where("id", "=", sent.executionId)
      .executeTakeFirstOrThrow();
    expect([status, ended_reason]).toEqual(["cancelled", "replied"]);
  });

  test("above 1 MiB is kept by its headers, and says so", async () => {
    const sent = await sendOne();
    imap.deliver(answer(sent, "x ".repeat(700_000)));
    await read();
    expect(await received(sent.contactId)).toMatchObject([{ body: expect.stringContaining("is too large") }]);
  });
});

describe("whatever happens between", () => {
  test("a worker that dies after it has stored a mail and before it has noted so stores nothing twice", async () => {
    const sent = await sendOne();
    imap.deliver(plainMail({ from: sent.address, text: "hello" }));
    imap.deliver(bounce(sent));
    const dying: MailboxReading["engine"] = {
      async takeInbound(call) {
        await app.resources.engine.takeInbound(call);
        throw new Error("died");
      },
    };
    await read({ engine: dying });
    expect((await stateOfMailbox()).problem).toMatch(/error in Sluice/);
    await read();
    expect(await received(sent.contactId)).toMatchObject([{ body: "hello" }]);
    expect(await closed()).toHaveLength(1);
    expect((await stateOfMailbox()).problem).toBeNull();
  });

  test("a worker that dies before it has stored a mail loses none", async () => {
    const sent = await sendOne();
    imap.deliver(plainMail({ from: sent.address, text: "hello" }));
    await read({ engine: { takeInbound: async () => Promise.reject(new Error("died")) } });
    expect(await received(sent.contactId)).toEqual([]);
    await read();
    expect(await received(sent.contactId)).toHaveLength(1);
  });

  test("mail that is numbered anew is not taken twice", async () => {
    const sent = await sendOne();
    const raw = plainMail({ from: sent.address, text: "hello" });
    imap.deliver(raw);
    await read();
    imap.renumber();
    imap.deliver(plainMail({ from: sent.address, text: "and again" }));
    await read();
    await read();
    expect((await received(sent.contactId)).map(({ body }) => body)).toEqual(["hello", "and again"]);
  });

  test("two workers never read the same mailbox at once, and one that was too slow does not turn back what the other noted", async () => {
    const sent = await sendOne();
    imap.deliver(plainMail({ from: sent.address, text: "one" }));
    const before = imap.signIns;
    await sql`update private.mailboxes set next_at = clock_timestamp()`.execute(app.db.owner);
    await Promise.all([readMailboxes(reading()), readMailboxes(reading()), readMailboxes(reading())]);
    expect(imap.signIns - before).toBe(1);

    imap.deliver(plainMail({ from: sent.address, text: "two" }));
    const slow: MailboxReading["engine"] = {
      async takeInbound(call) {
        await app.resources.engine.takeInbound(call);
        // Its hold has ended meanwhile, and another worker has read on.
        await sql`update private.mailboxes set lease = private.uuid_v7(), last_uid = 1000000`.execute(app.db.owner);
      },
    };
    await read({ engine: slow });
    const { rows } = await sql<{ last_uid: number }>`select last_uid from private.mailboxes`.execute(app.db.owner);
    expect(rows).toEqual([{ last_uid: 1_000_000 }]);
    await sql`update private.mailboxes set lease = null, lease_until = null, last_uid = 0`.execute(app.db.owner);
    await read();
    await app.resources.engine.inboundIdle();
    expect((await received(sent.contactId)).map(({ body }) => body)).toEqual(["one", "two"]);
  });

  test("a connection that breaks in the middle is told, and the next pass reads everything", async () => {
    const sent = await sendOne();
    imap.deliver(plainMail({ from: sent.address, text: "hello" }));
    imap.breakNextBody();
    await read();
    expect((await stateOfMailbox()).problem).toContain("broke the connection off");
    await read();
    expect(await received(sent.contactId)).toHaveLength(1);
    expect((await stateOfMailbox()).problem).toBeNull();
  });
});

describe("a mailbox that cannot be read", () => {
  test("is asked less and less often, with a wrong password seldom at once, and anew when the settings are saved", async () => {
    imap.refuseSignIns(true);
    await read();
    const state = await stateOfMailbox();
    expect(state).toMatchObject({ isNamed: true, problem: expect.stringContaining("check the user name and the password") });
    expect(state.lastReadAt).not.toBeNull();
    const wait = async () => {
      const { rows } = await sql<{ seconds: number }>`
        select extract(epoch from next_at - clock_timestamp())::int as seconds from private.mailboxes`.execute(app.db.owner);
      return rows[0]?.seconds ?? 0;
    };
    expect(await wait()).toBeGreaterThan(1_500);
    const before = imap.signIns;
    expect(await readMailboxes(reading())).toBe(0);
    expect(imap.signIns).toBe(before);
    imap.refuseSignIns(false);
    expect((await admin.put("/api/providers/email?check=no", withMailbox())).status).toBe(200);
    expect(await readMailboxes(reading())).toBe(1);
    expect(await stateOfMailbox()).toMatchObject({ problem: null });
  });

  test("is not stored where it was checked, and the password of another one is not used for it", async () => {
    const wrong = await admin.put("/api/providers/email", withMailbox({}, { mailboxPassword: "wrong-wrong-wrong" }));
    expect([wrong.status, wrong.body.code]).toEqual([502, "provider_unavailable"]);
    expect(wrong.body.error).toContain("refuses the sign-in");
    const elsewhere = await admin.put("/api/providers/email?check=no", withMailbox({ username: "other@salon.example" }, {}));
    expect(elsewhere.body.problems).toMatchObject([{ path: "mailboxPassword", message: expect.stringContaining("again") }]);
    expect((await admin.put("/api/providers/email", withMailbox({}, {}))).status).toBe(200);
  });

  test("that is another one begins at its end, and a copy that may not send reads none", async () => {
    const other = await startImapServer();
    other.deliver(plainMail({ from: "ana@example.org", text: "old" }));
    expect((await admin.put("/api/providers/email", withMailbox({ port: other.port }))).status).toBe(200);
    expect(await stateOfMailbox()).toMatchObject({ isNamed: true, lastReadAt: null, taken: 0 });
    await raiseFence(app.db.owner);
    expect(await read()).toBe(0);
    await sql`update private.instance set fenced_at = null`.execute(app.db.owner);
    expect(await read()).toBe(1);
    expect(await stateOfMailbox()).toMatchObject({ lastReadAt: expect.any(String), problem: null });
    await other.stop();
  });

  test("is forgotten with its password when it is taken out of the settings", async () => {
    const { mailbox: _, ...settings } = withMailbox().settings;
    expect((await admin.put("/api/providers/email", { provider: "smtp", settings })).body).toMatchObject({ hasSecret: false });
    expect(await stateOfMailbox()).toMatchObject({ isNamed: false });
    expect(await read()).toBe(0);
  });
});

test("the password of a mailbox stands in no log and in no row as it is", async () => {
  expect(app.logged.join("")).not.toContain(mailboxPassword);
  const { rows } = await sql<{ text: string }>`select string_agg(p::text, '') as text from providers p`.execute(app.db.owner);
  expect(rows[0]?.text ?? "").not.toContain(mailboxPassword);
});
