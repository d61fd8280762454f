import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { freeTheDead, sendTo, startTestEngine } from "#test/engine.ts";
import { db, restartEngine, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import { type BreakPoint, onBreakPoint, SimulatedCrash } from "../base/break-point.ts";

setUpEngine();
const number = "+14155550100";
const ask = (more: Record<string, unknown> = {}, id = "wait_for_reply") =>
  node(
    "wait_for_reply",
    {
      limitSeconds: 3600,
      cases: [
        { id: "yes", is: "yes" },
        { id: "no", is: "no" },
      ],
      ...more,
    },
    id,
  );
const end = (id: string) => node("end", {}, id);
const asking = (text = "Coming?") =>
  graph(
    [node("start"), sms(text), ask(), end("came"), end("did_not"), end("other"), end("silent")],
    "start > sms",
    "sms > wait_for_reply",
    "wait_for_reply:yes > came",
    "wait_for_reply:no > did_not",
    "wait_for_reply:other > other",
    "wait_for_reply:no_reply > silent",
  );
const person = (more: Record<string, unknown> = {}) => buildContact(db.owner, workspaceId, { phone_e164: number, ...more });
async function send(flow: FlowGraph, contactId: string): Promise<string> {
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const { executionId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  await sluice.run();
  return executionId as string;
}
let written = 0;
function nextId(): string {
  written += 1;
  return `in-${written}`;
}
/** Comes in and is acted on, and the workers do what follows. */
interface Written {
  from?: string;
  to?: string;
  id?: string;
  automatic?: boolean;
}
async function write(text: string, { from = number, to = "+15550001111", id = nextId(), ...more }: Written = {}) {
  const message = { kind: "received", providerMessageId: id, from, to, text, files: 0, ...more } as const;
  await sluice.engine.takeInbound({ workspaceId, channel: "sms", provider: "fake", events: [message] });
  await sluice.engine.inboundIdle();
  await sluice.run();
}
const path = async (id: string) => {
  const { rows } = await sql<{ way: string }>`
    select node_id || coalesce(':' || exit, '') as way from flow_execution_steps
    where flow_execution_id = ${id}::uuid and status not in ('waiting') order by visit, attempt`.execute(db.owner);
  return rows.map(({ way }) => way);
};
const execution = (id: string) => db.owner.selectFrom("flow_executions").selectAll().where("id", "=", id).executeTakeFirstOrThrow();

describe("what is no reply", () => {
  test.each(["STOP", "stop texting me", "START", "HELP"])("%s goes on by no case", async (text) => {
    const id = await send(asking(), await person());
    await write(text);
    expect(await execution(id)).toMatchObject({ status: "running", waiting_for: "reply" });
    await sluice.wait(3700);
    expect((await path(id)).at(-2)).toBe("wait_for_reply:no_reply");
  });

  test.each([
    ["a phone says that its owner drives", { text: "I'm driving with Do Not Disturb turned on." }],
    ["the provider says that a machine wrote it", { text: "yes", automatic: true }],
  ])("an automatic answer is ignored: %s", async (_, { text, ...more }) => {
    const id = await send(asking(), await person());
    await write(text, more);
    expect(await execution(id)).toMatchObject({ waiting_for: "reply" });
    await write("yes");
    expect(await path(id)).toEqual(["start:next", "sms:sent", "wait_for_reply:yes", "came"]);
  });

  test("what somebody else wrote", async () => {
    const id = await send(asking(), await person());
    await person({ phone_e164: "+14155550101" });
    await write("yes", { from: "+14155550101" });
    await write("yes", { from: "+14155550102" });
    expect(await execution(id)).toMatchObject({ waiting_for: "reply" });
  });

  test("what was written before the message left", async () => {
    const contactId = await person();
    await write("yes");
    const id = await send(asking(), contactId);
    expect(await execution(id)).toMatchObject({ waiting_for: "reply" });
  });
});

test("a reply steers the flow at once, and the step keeps it", async () => {
  const id = await send(asking(), await person());
  await write("No thanks");
  expect(await path(id)).toEqual(["start:next", "sms:sent", "wait_for_reply:no", "did_not"]);
  const { result } = await db.owner
    .selectFrom("flow_execution_steps")
    .select("result")
    .where("flow_execution_id", "=", id)
    .where("node_id", "=", "wait_for_reply")
    .executeTakeFirstOrThrow();
  expect(result).toMatchObject({ text: "No thanks", case: "no", replyId: expect.any(String) });
});

test("without a reply it goes on when the time is over, and a later reply changes nothing", async () => {
  const id = await send(asking(), await person());
  await sluice.wait(3700);
  await write("yes");
  expect(await path(id)).toEqual(["start:next", "sms:sent", "wait_for_reply:no_reply", "silent"]);
});

test("a reply that comes while the flow rests before the step is there when it comes to it", async () => {
  const flow = graph(
    [node("start"), sms(), wait(600), ask(), end("came"), end("silent")],
    "start > sms",
    "sms > delay",
    "delay > wait_for_reply",
    "wait_for_reply:yes > came",
    "wait_for_reply:no_reply > silent",
  );
  const id = await send(flow, await person());
  await write("yes");
  expect(await execution(id)).toMatchObject({ waiting_for: "time" });
  await sluice.wait(700);
  expect((await path(id)).slice(-2)).toEqual(["wait_for_reply:yes", "came"]);
});

test("two questions take one reply each, and the first reply is none to the second question", async () => {
  const flow = graph(
    [node("start"), sms("One?", {}, "q1"), ask({}, "a1"), sms("Two?", {}, "q2"), ask({}, "a2"), end("done")],
    "start > q1",
    "q1 > a1",
    "a1:yes > q2",
    "q2 > a2",
    "a2:no > done",
  );
  const id = await send(flow, await person());
  await write("yes");
  expect(await path(id)).toEqual(["start:next", "q1:sent", "a1:yes", "q2:sent"]);
  await write("no");
  expect((await path(id)).slice(-2)).toEqual(["a2:no", "done"]);
});

test("two waits without a message between them never go on by the same reply", async () => {
  const flow = graph(
    [node("start"), sms(), ask({}, "a1"), ask({}, "a2"), end("done")],
    "start > sms",
    "sms > a1",
    "a1:yes > a2",
    "a2:yes > done",
  );
  const id = await send(flow, await person());
  await write("yes");
  expect(await execution(id)).toMatchObject({ current_node_id: "a2", waiting_for: "reply" });
  await write("yes");
  expect((await path(id)).slice(-2)).toEqual(["a2:yes", "done"]);
});

describe("several flows wait for the same contact", () => {
  test("the one that wrote last is answered", async () => {
    const contactId = await person();
    const first = await send(asking("First?"), contactId);
    const second = await send(asking("Second?"), contactId);
    await write("yes");
    expect(await execution(first)).toMatchObject({ waiting_for: "reply" });
    expect((await path(second)).slice(-1)).toEqual(["came"]);
    await write("no");
    expect((await path(first)).slice(-1)).toEqual(["did_not"]);
  });

  test("the one that wrote from the number that was answered goes before", async () => {
    const contactId = await person();
    const first = await send(asking("First?"), contactId);
    const second = await send(asking("Second?"), contactId);
    await sql`update messages set from_address = case when flow_execution_id = ${first}::uuid then '+15550001111' else '+15550002222' end
      where contact_id = ${contactId}::uuid`.execute(db.owner);
    await write("yes", { to: "+15550001111" });
    expect((await path(first)).slice(-1)).toEqual(["came"]);
    expect(await execution(second)).toMatchObject({ waiting_for: "reply" });
  });

  test("a reply that names a message of a flow that is over steers no other", async () => {
    const id = await person({ email: "coffee@example.org" });
    const waits = await send(asking(), id);
    await send(chain(node("start"), email("Did you like our coffee?")), id);
    const message = await db.owner
      .selectFrom("messages")
      .select("id")
      .where("contact_id", "=", id)
      .where("channel", "=", "email")
      .executeTakeFirstOrThrow();
    const answer = { kind: "received", providerMessageId: nextId(), from: "coffee@example.org", to: "x@y.example", files: 0 } as const;
    await sluice.engine.takeInbound({
      ...{ workspaceId, channel: "email", provider: "fake" },
      events: [{ ...answer, text: "Yes, I did!", answers: message.id }],
    });
    await sluice.engine.inboundIdle();
    await sluice.run();
    expect(await execution(waits)).toMatchObject({ waiting_for: "reply" });
    await write("yes");
    expect(await path(waits)).toEqual(["start:next", "sms:sent", "wait_for_reply:yes", "came"]);
  });

  test("one that only writes takes no reply from the one that asks", async () => {
    const contactId = await person();
    const asked = await send(asking(), contactId);
    await send(chain(node("start"), sms("News")), contactId);
    await write("yes");
    expect((await path(asked)).slice(-1)).toEqual(["came"]);
  });
});

describe("stop on reply", () => {
  const stopping = (...more: Parameters<typeof chain>) => chain(node("start", { stopOnReply: true }), ...more);

  test("a reply ends the flow, and nothing more leaves", async () => {
    const id = await send(stopping(sms("One"), wait(600), sms("Two", {}, "two")), await person());
    await write("call me");
    expect(await execution(id)).toMatchObject({ status: "cancelled", ended_reason: "replied" });
    await sluice.wait(700);
    expect(sluice.providers.sms.calls.map(({ text }) => text)).toEqual(["One"]);
  });

  test.each(["STOP", "HELP"])("%s is no reply and does not end it", async (text) => {
    const id = await send(stopping(sms("One"), wait(600)), await person());
    await write(text);
    expect(await execution(id)).toMatchObject({ status: "running" });
  });

  test("a flow that has written nothing yet, and one without the setting, go on", async () => {
    const contactId = await person();
    const silent = await send(stopping(wait(600), sms("One")), contactId);
    const without = await send(chain(node("start"), sms("One"), wait(600)), contactId);
    await write("hello");
    expect([(await execution(silent)).status, (await execution(without)).status]).toEqual(["running", "running"]);
  });

  test("where the flow waits for the reply, the reply steers it instead", async () => {
    const flow = asking();
    const id = await send({ ...flow, nodes: [node("start", { stopOnReply: true }), ...flow.nodes.slice(1)] }, await person());
    await write("yes");
    expect(await execution(id)).toMatchObject({ status: "completed" });
    expect((await path(id)).slice(-1)).toEqual(["came"]);
  });
});

describe("exactly once", () => {
  test("the same webhook several times at once counts once", async () => {
    const flow = graph([node("start"), sms(), ask({}, "a1"), ask({}, "a2")], "start > sms", "sms > a1", "a1:yes > a2", "a2:yes > sms");
    const id = await send({ nodes: flow.nodes, edges: flow.edges.slice(0, 3) }, await person());
    await Promise.all(Array.from({ length: 5 }, () => write("yes", { id: "same" })));
    expect(await execution(id)).toMatchObject({ current_node_id: "a2", waiting_for: "reply" });
  });

  test.each<BreakPoint>(["chunk-read", "before-save", "saving", "chunk-saved", "before-ring"])(
    "a worker that dies at %s takes nothing from the reply and doubles nothing",
    async (point) => {
      const flow = graph(
        [node("start"), sms("Coming?"), ask(), sms("Great", {}, "great"), sms("Pity", {}, "pity")],
        "start > sms",
        "sms > wait_for_reply",
        "wait_for_reply:yes > great",
        "wait_for_reply:no > pity",
      );
      const id = await send(flow, await person());
      let died = false;
      onBreakPoint((at) => {
        if (at !== point || died) return;
        died = true;
        throw new SimulatedCrash(point);
      });
      const first = sluice;
      await write("yes").catch(() => {});
      onBreakPoint(undefined);
      await restartEngine({ providerFor: async (_, channel) => first.providers[channel] });
      await freeTheDead(db.owner, first);
      await sluice.engine.inboundIdle();
      for (let round = 0; round < 4; round += 1) await sluice.wait(60);
      expect(died).toBe(true);
      expect(first.providers.sms.calls.map(({ text }) => text)).toEqual(["Coming?", "Great"]);
      expect((await path(id)).slice(-2)).toEqual(["wait_for_reply:yes", expect.stringMatching(/^great/)]);
    },
  );

  test("a process that dies after it has stored a reply loses nothing", async () => {
    const id = await send(asking(), await person());
    await sql`insert into inbound_messages (workspace_id, channel, provider, provider_message_id, from_address, to_address, body, received_at)
      values (${workspaceId}, 'sms', 'fake', 'left-behind', ${number}, '+15550001111', 'yes', clock_timestamp() - interval '10 seconds')`.execute(
      db.owner,
    );
    const other = await startTestEngine(db.owner);
    await write("unrelated", { from: "+19995550000" });
    await other.engine.inboundIdle();
    await sluice.run();
    expect((await path(id)).slice(-1)).toEqual(["came"]);
  });

  test("a reply in the very moment in which the flow comes to the step is not missed", async () => {
    for (const point of ["chunk-read", "before-save", "saving"] as const) {
      const contactId = await buildContact(db.owner, workspaceId, { phone_e164: `+1415555${3000 + written}` });
      const flow = asking();
      const flowId = await buildFlow(db.owner, workspaceId, flow);
      const { phone_e164: from } = await db.owner
        .selectFrom("contacts")
        .select("phone_e164")
        .where("id", "=", contactId)
        .executeTakeFirstOrThrow();
      let done: Promise<void> | undefined;
      onBreakPoint((at) => {
        if (at !== point || done || sluice.providers.sms.calls.length === 0) return;
        const message = {
          kind: "received",
          providerMessageId: `at-${point}`,
          from: from as string,
          to: "+15550001111",
          text: "yes",
          files: 0,
        } as const;
        done = sluice.engine
          .takeInbound({ workspaceId, channel: "sms", provider: "fake", events: [message] })
          .then(() => sluice.engine.inboundIdle());
      });
      const { executionId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
      await sluice.run();
      await done;
      onBreakPoint(undefined);
      for (let round = 0; round < 3; round += 1) await sluice.wait(1);
      written += 1;
      // The message had been handed over, so it is a reply to it.
      if (done) expect((await path(executionId as string)).slice(-1), point).toEqual(["came"]);
    }
  });
});

describe("an e-mail that asks for no more", () => {
  const quoted = "\n\nOn Mon, 30 Nov 2026 at 10:00, Salon <hello@salon.example> wrote:\n> Unsubscribe here.";
  const letter = async (text: string, email: string, more: { automatic?: true; answers?: string } = {}) => {
    const from = `${email[0]?.toUpperCase()}${email.slice(1)}`;
    const message = { kind: "received", providerMessageId: nextId(), from, to: "hello@salon.example", text, files: 0, ...more } as const;
    await sluice.engine.takeInbound({ workspaceId, channel: "email", provider: "fake", events: [message] });
    await sluice.engine.inboundIdle();
  };
  const entry = (address: string) =>
    db.owner
      .selectFrom("suppressions")
      .select(["reason", "source"])
      .where("workspace_id", "=", workspaceId)
      .where("channel", "=", "email")
      .where("address", "=", address)
      .executeTakeFirst();

  test("changes nothing where it asks for nothing in its own words, or is an automatic answer that does not", async () => {
    await buildContact(db.owner, workspaceId, { email: "quiet@example.org" });
    await letter("I am out of the office until Monday.", "quiet@example.org", { automatic: true });
    await letter(`See you at the end of the week.${quoted}`, "quiet@example.org");
    expect(await entry("quiet@example.org")).toBeUndefined();
  });

  test("is one also where a machine seems to have written it: that is a guess, and a refusal is none", async () => {
    await buildContact(db.owner, workspaceId, { email: "guess@example.org" });
    await letter("STOP", "guess@example.org", { automatic: true });
    expect(await entry("guess@example.org")).toEqual({ reason: "unsubscribe", source: "contact" });
  });

  test("closes the address that was written to as well, where it comes from another one", async () => {
    const id = await buildContact(db.owner, workspaceId, { email: "ann@work.example" });
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), email("News", { kind: "marketing" })));
    const news = async () => {
      await sluice.engine.createSend(sendTo(workspaceId, flowId, [id]));
      await sluice.run();
    };
    await news();
    const message = await db.owner.selectFrom("messages").select("id").where("contact_id", "=", id).executeTakeFirstOrThrow();
    await letter("Please take me off your list.", "ann@home.example", { answers: message.id });
    expect(await entry("ann@work.example")).toEqual({ reason: "maybe_stop", source: "contact" });
    await letter("STOP", "ann@home.example", { answers: message.id });
    expect([await entry("ann@work.example"), await entry("ann@home.example")]).toEqual([
      { reason: "unsubscribe", source: "contact" },
      { reason: "unsubscribe", source: "contact" },
    ]);
    const calls = sluice.providers.email.calls.length;
    await news();
    expect(sluice.providers.email.calls).toHaveLength(calls);
  });

  test("closes the address for marketing at once, and one that may ask for it does until somebody has read it", async () => {
    const contactId = await buildContact(db.owner, workspaceId, { email: "ann@example.org" });
    await letter(`Please take me off your list.${quoted}`, "ann@example.org");
    expect(await entry("ann@example.org")).toEqual({ reason: "maybe_stop", source: "contact" });
    const notices = await db.owner.selectFrom("notices").select(["kind", "channel"]).where("contact_id", "=", contactId).execute();
    expect(notices).toEqual([{ kind: "maybe_stop", channel: "email" }]);
    await letter(`UNSUBSCRIBE${quoted}`, "ann@example.org");
    expect(await entry("ann@example.org")).toEqual({ reason: "unsubscribe", source: "contact" });
    const calls = sluice.providers.email.calls.length;
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), email("News", { kind: "marketing" })));
    await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
    await sluice.run();
    expect(sluice.providers.email.calls).toHaveLength(calls);
  });
});
