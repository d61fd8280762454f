import { sql } from "kysely";
import { beforeEach, expect, test } from "vitest";
import type { MessageKind } from "#contract/message-kinds.ts";
import type { Channel } from "#contract/messages.ts";
import { type Random, seededRandom } from "#test/chaos/random.ts";
import { sendTo } from "#test/engine.ts";
import { db, restartEngine, setUpWorkspace, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, email, node, sms, wait } from "#test/graphs.ts";

// What leaves, for random people and random refusals that come before and in the middle of a send, is exactly what the model
// below allows, and the history has exactly its reasons. GATE_PEOPLE makes the crowds larger. What gate-crowds.test.ts adds is time: nights, zones, retries, bounces.

setUpWorkspace();
beforeEach(() => restartEngine());

const crowd = Number(process.env.GATE_PEOPLE ?? 100);

interface Person {
  id: string;
  phone: string | null;
  /** What was typed, where it is no number. */
  typed: string | null;
  country: string | null;
  email: string | null;
  dnc: boolean;
  smsOff: boolean;
  emailOff: boolean;
  isGone: boolean;
  /** Messages within the day. */
  had: number;
}

interface World {
  people: Person[];
  /** Reasons on the suppression list, by channel and address. */
  closed: Map<string, string>;
  countries: string[];
  cap: number;
}

const key = (channel: Channel, address: string) => `${channel} ${address.trim().toLowerCase()}`;
const known = ["stop", "bounced_before", "dnc", "maybe_stop"] as const;
/** A reason that is not of our list is a person's own words. */
const told = (reason: string, channel: Channel) =>
  reason === "stop" ? `opted_out_${channel}` : reason === "bounced_before" || reason === "maybe_stop" ? reason : "dnc";

/** The model: whether a message may leave, written out. Null: it leaves. */
function refusalOf(world: World, taken: Map<string, string>, person: Person, channel: Channel, kind: MessageKind): string | null {
  const address = channel === "sms" ? person.phone : person.email;
  if (person.dnc) return "dnc";
  const closed = address === null ? undefined : world.closed.get(key(channel, address));
  if (closed !== undefined && !(closed === "maybe_stop" && kind !== "marketing")) return told(closed, channel);
  if (channel === "sms" && person.smsOff) return "opted_out_sms";
  if (channel === "email" && person.emailOff) return "opted_out_email";
  if (channel === "sms" && person.phone === null) return person.typed === null ? "no_phone" : "bad_phone";
  if (channel === "sms" && !world.countries.includes(person.country ?? "")) return "country_not_allowed";
  if (channel === "email" && (person.email ?? "").trim() === "") return "no_email";
  if (channel === "email" && !person.email?.includes(".test")) return "bad_email";
  if (person.had >= world.cap) return "cap_reached";
  const holder = taken.get(key(channel, address as string));
  if (holder !== undefined && holder !== person.id) return "duplicate_address";
  return null;
}

const numbers = (n: number) =>
  [
    { phone: `+1415${2_000_000 + n}`, country: "US" },
    { phone: `+43664${1_000_000 + n}`, country: "AT" },
  ] as const;

async function createWorld(random: Random): Promise<World> {
  const chance = (share: number) => random.next() < share;
  const people: Person[] = [];
  for (let n = 0; n < crowd; n += 1) {
    const { phone, country } = chance(0.15) ? numbers(random.between(0, 4))[0] : numbers(n)[chance(0.2) ? 1 : 0];
    const hasPhone = chance(0.85);
    const isTyped = !hasPhone && chance(0.5);
    const mail = random.pick([`p${n}@example.test`, `p${n}@example.test`, `F${random.between(0, 4)}@Example.test`, null, "", "nobody@"]);
    const person = {
      phone: hasPhone ? phone : null,
      typed: isTyped ? "12" : null,
      country: hasPhone ? country : null,
      email: mail,
      dnc: chance(0.08),
      smsOff: chance(0.08),
      emailOff: chance(0.08),
      isGone: false,
      had: 0,
    };
    const id = await buildContact(db.owner, workspaceId, {
      phone_e164: person.phone,
      phone_number: person.phone ?? person.typed,
      email: mail,
      dnc: person.dnc,
      sms_opted_out_at: person.smsOff ? new Date() : null,
      email_opted_out_at: person.emailOff ? new Date() : null,
    });
    people.push({ ...person, id });
  }
  people.sort((a, b) => (a.id < b.id ? -1 : 1));
  const countries = random.pick([["US"], ["US", "AT"], ["AT"], ["US"]]);
  const cap = random.pick([1, 2, 3, 10]);
  await sql`update workspaces set sms_countries = ${countries}::text[] where id = ${workspaceId}`.execute(db.owner);
  await sql`insert into private.workspace_limits (workspace_id, messages_per_contact_day, messages_per_hour) values (${workspaceId}, ${cap}, 1000000)`.execute(
    db.owner,
  );
  const world: World = { people, closed: new Map(), countries, cap };
  for (const person of people) if (chance(0.1)) await close(world, random, person);
  return world;
}

async function close(world: World, random: Random, person: Person): Promise<void> {
  const channel = random.pick(["sms", "email"] as const);
  const address = (channel === "sms" ? person.phone : person.email)?.trim().toLowerCase();
  if (!address || world.closed.has(key(channel, address))) return;
  const reason = random.pick([...known, "please never again"]);
  await sql`insert into suppressions (workspace_id, channel, address, reason) values (${workspaceId}, ${channel}, ${address}, ${reason})`.execute(
    db.owner,
  );
  world.closed.set(key(channel, address), reason);
}

let written = 0;
/** People refuse, or are refused for, while the send is under way. */
async function change(world: World, random: Random, person: Person): Promise<void> {
  const update = (what: object) => db.owner.updateTable("contacts").set(what).where("id", "=", person.id).execute();
  switch (random.pick(["close", "stop", "dnc", "smsOff", "emailOff"] as const)) {
    case "close":
      return close(world, random, person);
    case "stop": {
      if (!person.phone) return;
      written += 1;
      const message = {
        kind: "received",
        providerMessageId: `in-${written}`,
        from: person.phone,
        to: "+1",
        text: "Stop",
        files: 0,
      } as const;
      await sluice.engine.takeInbound({ workspaceId, channel: "sms", provider: "fake", events: [message] });
      await sluice.engine.inboundIdle();
      const before = world.closed.get(key("sms", person.phone));
      if (before === undefined || before === "bounced_before" || before === "maybe_stop")
        world.closed.set(key("sms", person.phone), "stop");
      return;
    }
    case "dnc":
      person.dnc = true;
      return void (await update({ dnc: true }));
    case "smsOff":
      person.smsOff = true;
      return void (await update({ sms_opted_out_at: new Date() }));
    case "emailOff":
      person.emailOff = true;
      return void (await update({ email_opted_out_at: new Date() }));
  }
}

/** The history of a send: what became of each person at each step, "completed" or the reason. */
async function history(sendId: string): Promise<Record<string, string>> {
  const { rows } = await sql<{ contact_id: string; node_id: string; end: string }>`
    select e.contact_id, s.node_id, coalesce(s.reason, s.status) as end from flow_execution_steps s
    join flow_executions e on e.id = s.flow_execution_id
    where e.send_id = ${sendId}::uuid and s.node_type in ('send_sms', 'send_email')`.execute(db.owner);
  return Object.fromEntries(rows.map(({ contact_id, node_id, end }) => [`${contact_id} ${node_id}`, end]));
}

const left = () =>
  [...sluice.providers.sms.calls, ...sluice.providers.email.calls].map(({ channel, to, text }) => `${key(channel, to)} ${text}`).sort();

test.each(Array.from({ length: 8 }, (_, seed) => seed + 1))(
  "seed %i: exactly what the model allows leaves, before and after people refuse, and the history has its reasons",
  async (seed) => {
    const random = seededRandom(seed);
    const world = await createWorld(random);
    const flowId = await buildFlow(
      db.owner,
      workspaceId,
      chain(
        node("start", { reEntry: { rule: "any_time" } }),
        ...[
          sms("one", {}, "one"),
          email("two", { text: "two", kind: "transactional" }, "two"),
          wait(600),
          sms("three", { kind: "conversational" }, "three"),
          email("four", { text: "four" }, "four"),
        ],
        node("end"),
      ),
    );
    const actor = { id: "019a0000-0000-7000-8000-000000000001", name: "Test" };
    const expected: string[] = [];
    const taken = new Map<string, string>();
    const reasons: Record<string, string> = {};
    /** What the model says of a step now. Who was refused there `before` stays refused. */
    const kinds: Record<string, MessageKind> = { one: "marketing", two: "transactional", three: "conversational", four: "marketing" };
    const expectStep = (step: string, channel: Channel, before: Map<string, string> = new Map()) => {
      for (const person of world.people) {
        const refusal = before.get(person.id) ?? refusalOf(world, taken, person, channel, kinds[step] as MessageKind);
        reasons[`${person.id} ${step}`] = refusal ?? "completed";
        if (refusal !== null) continue;
        const address = (channel === "sms" ? person.phone : person.email) as string;
        taken.set(key(channel, address), person.id);
        person.had += 1;
        expected.push(`${key(channel, address)} ${step}`);
      }
    };
    const changeSome = async () => {
      for (const person of world.people) if (random.next() < 0.15) await change(world, random, person);
    };
    const hold = random.pick(["none", "undo", "pause", "rest"] as const);
    const { sendId } = await sluice.engine.createSend(
      sendTo(
        workspaceId,
        flowId,
        world.people.map(({ id }) => id),
        hold === "undo" ? { undoSeconds: 30 } : {},
      ),
    );
    if (hold === "pause") await sluice.engine.pauseSend({ workspaceId, sendId, actor });
    // The channel of e-mail rests: who is refused is told so at once, and the others wait.
    if (hold === "rest")
      await sql`insert into private.channel_gates (workspace_id, channel, closed_until)
        values (${workspaceId}, 'email', now() + interval '40 seconds')`.execute(db.owner);
    await sluice.run();
    const refused = new Map<string, string>();
    if (hold === "rest") {
      expectStep("one", "sms");
      for (const person of world.people) {
        const refusal = refusalOf(world, new Map(), person, "email", "transactional");
        if (refusal !== null) refused.set(person.id, refusal);
      }
    }
    if (hold !== "none") {
      expect(left(), `held by ${hold}`).toEqual(expected.toSorted());
      await changeSome();
      if (hold === "pause") await sluice.engine.resumeSend({ workspaceId, sendId, actor });
      for (let i = 0; i < 6; i += 1) await sluice.wait(20);
    }
    if (hold !== "rest") expectStep("one", "sms");
    expectStep("two", "email", refused);
    expect(left()).toEqual(expected.toSorted());

    await changeSome();
    const isStopped = random.next() < 0.25;
    if (isStopped) await sluice.engine.stopSend({ workspaceId, sendId, actor });
    for (let i = 0; i < 2; i += 1) await sluice.wait(700);
    if (!isStopped) {
      expectStep("three", "sms");
      expectStep("four", "email");
    }
    expect(left()).toEqual(expected.toSorted());
    expect(await history(sendId)).toEqual(reasons);

    // A test send asks the same of each person, and nothing of it leaves or counts.
    const test = await sluice.engine.createSend(
      sendTo(
        workspaceId,
        flowId,
        world.people.map(({ id }) => id),
        { isTest: true },
      ),
    );
    await sluice.run();
    expect(left()).toEqual(expected.toSorted());
    const ofTest = await history(test.sendId);
    const fresh = new Map<string, string>();
    for (const person of world.people) {
      const refusal = refusalOf({ ...world, cap: Number.POSITIVE_INFINITY }, fresh, person, "sms", "marketing");
      expect(ofTest[`${person.id} one`], person.id).toBe(refusal ?? "completed");
      if (refusal === null) fresh.set(key("sms", person.phone as string), person.id);
    }
  },
);

test("a person is not written to by hand either, under any of these refusals; the weightiest is named", async () => {
  const judge = (channel: Channel, to: string) => sluice.engine.judgeAddress({ workspaceId, channel, to });
  await buildContact(db.owner, workspaceId, {
    phone_e164: "+14155550101",
    email: "off@example.test",
    sms_opted_out_at: new Date(),
    email_opted_out_at: new Date(),
  });
  await buildContact(db.owner, workspaceId, { phone_e164: "+14155550102", email: "dnc@example.test", dnc: true });
  await sql`insert into suppressions (workspace_id, channel, address, reason) values
    (${workspaceId}, 'sms', '+14155550103', 'stop'), (${workspaceId}, 'email', 'gone@example.test', 'bounced_before')`.execute(db.owner);
  expect(await judge("sms", "+14155550101")).toBe("opted_out_sms");
  expect(await judge("email", "Off@example.test")).toBe("opted_out_email");
  expect([await judge("sms", "+14155550102"), await judge("email", "dnc@example.test")]).toEqual(["dnc", "dnc"]);
  expect([await judge("sms", "+14155550103"), await judge("email", "gone@example.test")]).toEqual(["opted_out_sms", "bounced_before"]);
  expect([await judge("sms", "+14155550199"), await judge("email", "new@example.test"), await judge("email", "+14155550103")]).toEqual([
    null,
    null,
    null,
  ]);
  expect(await sluice.engine.judgeAddress({ workspaceId: "another", channel: "sms", to: "+14155550103" })).toBeNull();
});
