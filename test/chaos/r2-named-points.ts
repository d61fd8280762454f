import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import type { BreakPoint } from "#engine/base/break-point.ts";
import { chain, email, node, sms } from "#test/graphs.ts";
import { countOpen, until } from "./desk.ts";
import { calm, type Record } from "./outside.ts";
import type { ChaosContext, Finding, Scenario } from "./scenario.ts";
import { compareTruths, countBy } from "./truths.ts";
import { inWorld, type World } from "./world.ts";

interface Place {
  /** The point at which the worker dies. "held" means that the outside world has every byte and has not answered. */
  at: BreakPoint | "held";
  means: string;
  /** The arrivals and the message's state, which are the same in every workspace. */
  expected: string;
}

const places: readonly Place[] = [
  { at: "messages-claimed", means: "claimed, no call begun", expected: "0 unknown" },
  { at: "provider-called", means: "about to call", expected: "0 unknown" },
  { at: "held", means: "every byte out, no answer", expected: "1 unknown" },
  { at: "provider-answered", means: "answered, nothing written", expected: "1 unknown" },
  { at: "before-save", means: "answered, about to write", expected: "1 unknown" },
  { at: "saving", means: "answered, written and not committed", expected: "1 unknown" },
  { at: "chunk-saved", means: "committed", expected: "1 sent" },
  { at: "chunk-read", means: "before the claim", expected: "1 sent" },
];
const rounds = { small: 1, full: 50 };

/** R2: a worker dies at each named point. The arrivals and the database's state are the same every time. */
export const namedPoints: Scenario = {
  id: "R2",
  title: "a worker killed at each named point, one message at a time, by turns over SMTP and HTTP",
  run: (context) => inWorld(context, { latency: [0, 3] }, (world) => run(context, world)),
};

async function run({ size, say }: ChaosContext, world: World): Promise<Finding[]> {
  const { database, desk, outside } = world;
  const workspace = await desk.openWorkspace(rounds[size]);
  const flows = [
    await workspace.buildFlow(chain(node("start"), sms(), node("end"))),
    await workspace.buildFlow(chain(node("start"), email(), node("end"))),
  ] as const;
  const sendsOf = new Map<Place, string[]>();
  const plan = places.flatMap((place) => Array.from({ length: rounds[size] }, (_, round) => ({ place, round })));
  const loadFor = (place: Place | undefined) => world.load(place && place.at !== "held" ? { killAt: place.at } : {});

  let next = loadFor(plan[0]?.place);
  let deaths = 0;
  for (const [index, { place, round }] of plan.entries()) {
    const victim = await next;
    next = loadFor(plan[index + 1]?.place);
    outside.behave({ ...calm, latency: [0, 3], hold: place.at === "held" });
    const held = place.at === "held" ? outside.held() : undefined;
    await victim.begin();
    const contactId = workspace.contactIds[round] as string;
    const sendId = await workspace.send(flows[(round + places.indexOf(place)) % 2] as string, { contactIds: [contactId] });
    sendsOf.set(place, [...(sendsOf.get(place) ?? []), sendId]);
    if (held) {
      await held;
      await victim.kill();
    }
    const isDead = await until(async () => !victim.isAlive(), 20, 20);
    if (isDead !== undefined) deaths += 1;
    else await victim.kill();
    await putAside(database.db, sendId);
  }
  outside.behave({ latency: [0, 3] });
  await sql`update private.send_lanes set ready_at = clock_timestamp()`.execute(database.db);
  await (await next).begin();
  await world.start();
  const settled = await until(async () => (await countOpen(database.db)) === 0, 60);

  const record = await outside.record();
  const findings: Finding[] = [];
  for (const place of places) {
    const seen = countBy(await readEnds(database.db, sendsOf.get(place) ?? [], record));
    say(`${place.means}: ${JSON.stringify(seen)}`);
    findings.push({
      what: `killed when ${place.means} (${place.at}): arrivals and state`,
      goal: `${rounds[size]} x ${place.expected}`,
      measured: Object.entries(seen)
        .map(([end, count]) => `${count} x ${end}`)
        .join(", "),
      held: seen[place.expected] === rounds[size],
    });
  }
  return [
    { what: "deaths at the named points", goal: `${plan.length}`, measured: deaths, held: deaths === plan.length },
    {
      what: "all ended",
      goal: "within 60 s",
      measured: settled === undefined ? "no" : `${settled.toFixed(1)} s`,
      held: settled !== undefined,
    },
    ...findings,
    ...(await compareTruths(database.db, desk.promised, record)).findings,
  ];
}

/** The work that this death left is kept from the workers after it, so that each of them dies over its own message. */
async function putAside(db: Db, sendId: string): Promise<void> {
  await sql`update private.send_lanes set ready_at = clock_timestamp() + interval '1 day' where send_id = ${sendId}::uuid`.execute(db);
}

/** How each of these sends to one contact ended: the arrivals outside, and the message's state. */
async function readEnds(db: Db, sendIds: readonly string[], record: Record): Promise<string[]> {
  const ends: string[] = [];
  for (const sendId of sendIds) {
    const { rows } = await sql<{ id: string; status: string }>`select id, status from messages where send_id = ${sendId}::uuid`.execute(db);
    const arrivals = record.arrived.filter(({ id }) => rows.some((row) => row.id === id)).length;
    ends.push(`${arrivals} ${rows.map(({ status }) => status).join("+") || "no message"}`);
  }
  return ends;
}
