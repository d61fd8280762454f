import { sql } from "kysely";
import { expect, test } from "vitest";
import type { OutgoingMessage, SendResult } from "#channels/channel.ts";
import type { InboundEvent } from "#channels/inbound-events.ts";
import type { Channel } from "#contract/messages.ts";
import { SendingRules } from "#contract/sending-rules.ts";
import { saveSendingRules } from "#db/queries/sending-rules.ts";
import { type Random, seededRandom } from "#test/chaos/random.ts";
import { addressOf, buildCrowd, countriesOf, isOpenFor, type Person } from "#test/crowd-of-people.ts";
import { sendTo } from "#test/engine.ts";
import { changeWorkspace, db, restartEngine, setUpTestDb, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildFlow } from "#test/factories.ts";
import { chain, email, node, sms, wait } from "#test/graphs.ts";
import { clockChanges } from "#test/zones.ts";
import { createStillClock } from "../base/clock.ts";

// Crowds go through a flow that takes days, around a change of the clocks. People write STOP, START and what may mean stop, members mark
// them, they get other numbers and agree to be written to there, addresses bounce at once and later, providers refuse and are tried again. Every message is judged at the moment at which the
// provider gets it, by a model that shares nothing with the gate (test/crowd-of-people.ts).
//
// GATE_CROWDS=100 GATE_CROWD=1000 is a hundred thousand people; GATE_FROM begins with another crowd, so that it can be run in pieces.

setUpTestDb();

const crowds = Number(process.env.GATE_CROWDS ?? 2);
const crowdSize = Number(process.env.GATE_CROWD ?? 150);
const firstCrowd = Number(process.env.GATE_FROM ?? 1);

const steps = { one: "marketing", two: "marketing", three: "transactional", four: "marketing", five: "conversational" } as const;
type Step = keyof typeof steps;
const flow = chain(
  node("start"),
  sms("one {{ lastname }}", {}, "one"),
  wait(7 * 3_600),
  email("two {{ lastname }}", { kind: "marketing" }, "two"),
  wait(9 * 3_600, "night"),
  sms("three {{ lastname }}", { kind: "transactional" }, "three"),
  wait(4 * 3_600, "later"),
  sms("four {{ lastname }}", {}, "four"),
  wait(20 * 3_600, "day"),
  sms("five {{ lastname }}", { kind: "conversational" }, "five"),
  node("end"),
);
const own = { from: "09:00", to: "20:00" };
const longestMs = 16 * 24 * 3_600_000;

class World {
  readonly random: Random;
  readonly clock: ReturnType<typeof createStillClock>;
  people: Person[] = [];
  countries: string[] = [];
  cap = 0;
  perDay = 0;
  needsConsent = false;
  moves = 0;
  /** Those whose number before was closed by their own words. */
  movedAlong = 0;
  /** Reasons on the suppression list, by channel and address: what surely holds. */
  readonly closed = new Map<string, string>();
  /** The contact that had an address of the send first. */
  readonly holders = new Map<string, string>();
  /** Messages that left or may have, by person: when the first try was, whether it is marketing. */
  readonly had = new Map<string, Map<Step, { at: number; counts: boolean }>>();
  readonly taken = new Set<string>();
  readonly wrongs: string[] = [];
  readonly accepted: { id: string; person: Person; channel: Channel; to: string }[] = [];
  /** What happens while messages are being sent. */
  readonly meanwhile: Promise<void>[] = [];
  calls = 0;
  retries = 0;
  bounces = 0;
  stops = 0;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    const day = this.random.pick(clockChanges);
    this.clock = createStillClock(new Date(Date.parse(`${day}T00:00:00Z`) - this.random.between(0, 60) * 3_600_000));
  }
  chance(share: number) {
    return this.random.next() < share;
  }
}

const key = (channel: Channel, address: string) => `${channel} ${address.toLowerCase()}`;

/** Judges a call at the moment at which it is made, and answers as a provider that has bad days. */
function takeCall(world: World, message: OutgoingMessage): SendResult {
  const { channel, to } = message;
  const [step, n] = (channel === "sms" ? message.text : (message.subject ?? "")).split(" ") as [Step, string];
  const person = world.people[Number(n)];
  const at = world.clock.time();
  world.calls += 1;
  const wrong = (what: string) => world.wrongs.push(`${what}: ${step} to ${n} at ${new Date(at).toISOString()}`);
  const kind = steps[step];
  if (person === undefined || kind === undefined) {
    wrong("a text that is none of these");
    return { outcome: "unknown", message: "Nobody knows" };
  }
  if (message.kind !== kind) wrong("another kind");
  if (addressOf(person, channel)?.toLowerCase() !== to.toLowerCase()) wrong("another address");
  if (person.dnc) wrong("do not contact");
  if (channel === "sms" ? person.smsOff : person.emailOff) wrong("opted out");
  const closed = world.closed.get(key(channel, to));
  if (closed !== undefined && (kind === "marketing" || closed !== "maybe_stop")) wrong(`closed by ${closed}`);
  const { refusedBefore } = person;
  if (channel === "sms" && refusedBefore !== null && (kind === "marketing" || refusedBefore === "stop"))
    wrong(`closed by ${refusedBefore} of an earlier number`);
  if (channel === "sms" && kind === "marketing" && world.needsConsent && !person.agreed.has(to)) wrong("a number that never agreed");
  if (channel === "sms" && !world.countries.includes(person.place.country)) wrong("a country that is not allowed");
  if (channel === "sms" && kind === "marketing" && !isOpenFor(person, at, own)) wrong("outside the hours of the place");
  const holder = world.holders.get(key(channel, to));
  if (holder !== undefined && holder !== person.id) wrong("a second contact of the address");
  if (world.taken.has(`${person.id} ${step}`)) wrong("a second time");
  const had = world.had.get(person.id) ?? new Map<Step, { at: number; counts: boolean }>();
  world.had.set(person.id, had);
  const inDay = [...had].filter(([one, { at: then, counts }]) => one !== step && counts && then > at - 24 * 3_600_000);
  if (inDay.length >= world.cap) wrong("above the limit of the contact");
  if (kind === "marketing" && inDay.filter(([one]) => steps[one] === "marketing").length >= world.perDay)
    wrong("above the limit of marketing");
  if (world.chance(0.004)) world.meanwhile.push(stop(world, world.random.pick(world.people)));
  return answer(world, person, step, message, had);
}

function answer(
  world: World,
  person: Person,
  step: Step,
  { id, channel, to }: OutgoingMessage,
  had: Map<Step, { at: number; counts: boolean }>,
): SendResult {
  const first = had.get(step)?.at ?? world.clock.time();
  const keep = (counts: boolean) => had.set(step, { at: first, counts });
  const drawn = world.random.next();
  if (drawn < 0.06) {
    keep(false);
    world.retries += 1;
    return { outcome: "rejected", reason: "provider_unavailable", message: "Try again", retryable: true };
  }
  person.isCalm &&= drawn >= 0.12;
  if (drawn < 0.09) {
    keep(false);
    world.bounces += 1;
    bounce(world, channel, to);
    const reason = channel === "sms" ? "unknown_number" : "mailbox_not_found";
    return { outcome: "rejected", reason, message: "No such address", retryable: false, invalidatesAddress: true };
  }
  if (drawn < 0.1) {
    keep(false);
    return { outcome: "rejected", reason: "provider_rejected", message: "Not this text", retryable: false };
  }
  keep(true);
  world.taken.add(`${person.id} ${step}`);
  world.holders.set(key(channel, to), person.id);
  if (drawn < 0.12) return { outcome: "unknown", message: "No answer came" };
  world.accepted.push({ id, person, channel, to });
  return { outcome: "accepted", providerMessageId: `out-${id}` };
}

function bounce({ closed, people }: World, channel: Channel, address: string): void {
  for (const one of people) if (addressOf(one, channel) === address) one.isCalm = false;
  if (!closed.has(key(channel, address))) closed.set(key(channel, address), "bounced_before");
}

let written = 0;
async function tell(events: InboundEvent[], channel: Channel = "sms"): Promise<void> {
  await sluice.engine.takeInbound({ workspaceId, channel, provider: "fake", events });
  await sluice.engine.inboundIdle();
}
/** Resolves with the answer to the provider, and after that everything that was written is acted on. */
async function write(from: string, text: string): Promise<void> {
  written += 1;
  await tell([{ kind: "received", providerMessageId: `in-${written}`, from, to: "+15550001111", text, files: 0 }]);
}

async function stop(world: World, { phone }: Person): Promise<void> {
  if (!phone) return;
  world.stops += 1;
  for (const one of world.people) if (one.phone === phone) one.isCalm = false;
  await write(phone, world.random.pick(["STOP", "please stop", "Unsubscribe"]));
  world.closed.set(key("sms", phone), "stop");
}

/** Somebody enters another number for a person. What they had asked for under the one before holds for it. */
async function move(world: World, person: Person): Promise<void> {
  const { closed } = world;

  // Half of those who had another number go back to it.
  world.moves += 1;
  const { begins, digits } = person.place;
  const other = [...person.agreed].find((number) => number !== person.phone);
  const number = other !== undefined && world.chance(0.5) ? other : `${begins}${10 ** (digits - 1) * 7 + world.moves}`;
  const asked = person.phone === null ? undefined : closed.get(key("sms", person.phone));
  await db.owner.updateTable("contacts").set({ phone_number: number, phone_e164: number }).where("id", "=", person.id).execute();
  person.phone = number;
  // What they had agreed to before a STOP counts no more for any number.
  if (asked === "stop" || (asked === "maybe_stop" && person.refusedBefore === null)) person.refusedBefore = asked;
  if (asked === "stop") person.agreed.clear();
  if (asked === "stop" || asked === "maybe_stop") world.movedAlong += 1;
}

/** Something happens to a person between two moments. When it resolves it holds. */
async function happen(world: World, person: Person): Promise<void> {
  const { random, closed } = world;
  const mark = (what: object) => db.owner.updateTable("contacts").set(what).where("id", "=", person.id).execute();
  for (const one of world.people) if (one.phone === person.phone || one.email === person.email) one.isCalm = false;
  switch (
    random.pick(["stop", "stop", "start", "maybe", "dnc", "smsOff", "emailOff", "bounce", "bounce", "moved", "moved", "agrees"] as const)
  ) {
    case "stop": {
      await stop(world, person);
      return world.chance(0.3) ? move(world, person) : undefined;
    }
    case "start": {
      if (!person.phone) return;
      // It may leave from the moment at which START is acted on.
      if (["stop", "maybe_stop"].includes(closed.get(key("sms", person.phone)) ?? "")) closed.delete(key("sms", person.phone));
      for (const one of world.people) if (one.phone === person.phone) one.refusedBefore = null;
      return write(person.phone, "START");
    }
    case "maybe": {
      if (!person.phone) return;
      await write(person.phone, "please don't text me at work");
      if (!closed.has(key("sms", person.phone))) closed.set(key("sms", person.phone), "maybe_stop");
      return;
    }
    case "dnc":
      await mark({ dnc: true });
      person.dnc = true;
      return;
    case "smsOff":
      await mark({ sms_opted_out_at: new Date() });
      person.smsOff = true;
      person.agreed.clear();
      return;
    case "emailOff":
      await mark({ email_opted_out_at: new Date() });
      person.emailOff = true;
      return;
    case "moved":
      return move(world, person);
    case "agrees": {
      if (!person.phone || person.smsOff) return;
      await sql`insert into contact_consents (workspace_id, contact_id, channel, state, source, given_at)
        values (${workspaceId}, ${person.id}::uuid, 'sms', 'opted_in', 'form', now())`.execute(db.owner);
      person.agreed.add(person.phone);
      person.refusedBefore = null;
      return;
    }
    case "bounce": {
      const late = world.accepted.findLast((message) => message.person === person);
      if (!late) return;
      world.bounces += 1;
      const about = {
        providerMessageId: `out-${late.id}`,
        messageId: late.id,
        status: "undelivered",
        invalidatesAddress: { after: 1 },
      } as const;
      await tell([{ kind: "delivery", ...about, reason: "unknown_number", message: "No such number" }], late.channel);
      // The person may have another address by now.
      bounce(world, late.channel, late.to);
    }
  }
}

/** The moment at which a message is written is the database's. The test moves that clock too. */
async function moveClock(world: World, ms: number): Promise<void> {
  world.clock.moveTo(world.clock.time() + ms);
  await sql`update private.test_clock set at = ${new Date(world.clock.time())}`.execute(db.owner);
}

async function setUp(world: World): Promise<string> {
  await sql`create table if not exists private.test_clock (at timestamptz)`.execute(db.owner);
  await sql`truncate private.test_clock`.execute(db.owner);
  await sql`insert into private.test_clock values (${new Date(world.clock.time())})`.execute(db.owner);
  await sql`create or replace function private.test_now() returns timestamptz language sql volatile as 'select at from private.test_clock'`.execute(
    db.owner,
  );
  await sql`alter table messages alter column created_at set default private.test_now()`.execute(db.owner);
  await changeWorkspace();
  await restartEngine({}, { clock: world.clock });
  const { random } = world;
  world.countries = countriesOf(random);
  world.cap = random.pick([1, 2, 3, 10]);
  world.perDay = random.pick([1, 2, 5]);
  world.needsConsent = random.pick([true, false]);
  const smsConsent = world.needsConsent ? "needed" : "not_needed";
  const rules = SendingRules.parse({ quietHours: { on: true, ...own }, marketingPerDay: world.perDay, smsConsent });
  await saveSendingRules(db.owner, { workspaceId, rules });
  await sql`update workspaces set sms_countries = ${world.countries}::text[], email_in_doubt = 'hold', sms_in_doubt = 'hold' where id = ${workspaceId}`.execute(
    db.owner,
  );
  await sql`insert into private.workspace_limits (workspace_id, messages_per_contact_day, messages_per_hour, messages_per_day)
    values (${workspaceId}, ${world.cap}, 1000000, 1000000)`.execute(db.owner);
  for (const channel of ["sms", "email"] as const) sluice.providers[channel].answer((message) => takeCall(world, message));
  world.people = await buildCrowd(db.owner, workspaceId, random, crowdSize);
  return buildFlow(db.owner, workspaceId, flow);
}

const open = async (sendId: string) =>
  (
    await sql<{ count: number }>`select count(*)::int as count from flow_executions
      where send_id = ${sendId}::uuid and status in ('pending', 'running')`.execute(db.owner)
  ).rows[0]?.count ?? 0;

test.each(Array.from({ length: crowds }, (_, n) => firstCrowd + n))(
  "crowd %i: no message reaches anybody whom it may not reach at that moment, and those whom nothing keeps from it get theirs",
  async (seed) => {
    const world = new World(seed);
    const flowId = await setUp(world);
    const ids = world.people.map(({ id }) => id);
    const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
    await sluice.run();
    const begun = world.clock.time();
    while ((await open(sendId)) > 0 && world.clock.time() < begun + longestMs) {
      for (const person of world.people) if (world.chance(0.004)) await happen(world, person);
      // What is tried again is due within minutes, and hours open on the hour.
      await moveClock(world, world.random.pick([10, 30, 60, 90, 120]) * 60_000);
      await sluice.run();
      await Promise.all(world.meanwhile.splice(0));
    }
    const { calls, retries, bounces, stops, moves, movedAlong, wrongs, accepted } = world;
    if (process.env.GATE_CROWDS)
      process.stdout.write(
        `crowd ${seed}: ${ids.length} people, ${calls} calls, ${retries} to be tried again, ${bounces} bounces, ${stops} STOP, ${moves} other numbers (${movedAlong} after a STOP), ${world.needsConsent ? "consent needed, " : ""}${wrongs.length} wrong${wrongs.length > 0 ? `: ${wrongs.join("; ")}` : ""}\n`,
      );
    expect(wrongs).toEqual([]);
    expect(await open(sendId), "whoever is still under way after so long waits for nothing").toBe(0);

    // The safest gate lets nobody through. Who was never refused got every message, or a reason of a limit or of an address that another has.
    const { rows } = await sql<{ contact_id: string; node_id: string; end: string }>`
      select e.contact_id, s.node_id, case when s.status = 'completed' then 'left' else coalesce(s.reason, s.status) end as end
      from flow_execution_steps s join flow_executions e on e.id = s.flow_execution_id
      where e.send_id = ${sendId}::uuid and s.node_type in ('send_sms', 'send_email') and s.exit is not null`.execute(db.owner);
    const ends = Map.groupBy(rows, ({ contact_id }) => contact_id);
    const calm = world.people.filter((one) => one.isCalm && !one.dnc && !one.smsOff && !one.emailOff && one.phone && one.email);
    const allows = ({ phone, agreed }: Person) => !world.needsConsent || agreed.has(phone ?? "");
    const reachable = calm.filter((one) => world.countries.includes(one.place.country) && allows(one));
    const allowed = new Set(["left", "cap_reached", "duplicate_address"]);
    for (const person of reachable) {
      const ended = ends.get(person.id) ?? [];
      expect(ended.map(({ node_id }) => node_id).sort(), person.id).toEqual(Object.keys(steps).sort());
      expect(
        ended.filter(({ end }) => !allowed.has(end)),
        person.id,
      ).toEqual([]);
    }
    expect(reachable.length).toBeGreaterThan(ids.length * 0.1);
    expect(accepted.length).toBeGreaterThan(ids.length * (world.cap === 1 ? 0.5 : 1));

    const { rows: kept } = await sql<{ count: number }>`
      select count(*)::int as count from messages where send_id = ${sendId}::uuid and status in ('sent', 'delivered', 'undelivered')`.execute(
      db.owner,
    );
    expect(kept[0]?.count, "what the database says left is what the provider took").toBe(accepted.length);
  },
  600_000,
);
