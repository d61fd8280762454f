import { sql } from "kysely";
import type { Drip } from "#contract/sends.ts";
import { sendTo, startTestEngine, type TestEngine } from "../engine.ts";
import { buildContact, buildContacts, buildFlow, buildWorkspace } from "../factories.ts";
import { chain, node, sms } from "../graphs.ts";
import { twelveZones, wallClock } from "../zones.ts";
import { atLeast, exactly } from "./exactly.ts";
import type { ChaosContext, Finding, Scenario } from "./scenario.ts";
import { onStage, type Stage } from "./stage.ts";
import { totalsOf } from "./totals-of.ts";
import { changesWithin, offsetAt, wrongWait } from "./wall.ts";

const day = 86_400_000;

export const r12: Scenario = {
  id: "R12",
  title: "waits for an hour of the day in twelve zones, over every change of the clocks of a year",
  run: (context) => onStage((stage) => run(context, stage)),
};

/** The observed waits. Wrong ones are kept as sentences. */
interface Seen {
  waits: Map<string, number>;
  jumpedOver: number;
  twice: number;
  wrong: string[];
  early: number;
  notOnTime: number;
}

interface Sleeper {
  id: string;
  zone: string;
  node_id: string;
  wake_at: Date;
}

async function run({ size, say }: ChaosContext, stage: Stage): Promise<Finding[]> {
  const { db } = stage;
  const sluice = await startTestEngine(db);
  const begin = await virtualNow(stage, sluice);
  const all = changesWithin(380, begin + 2 * day, twelveZones);
  // The small run takes the two days of one zone, forward and back.
  const changes = size === "full" ? all : changesWithin(380, begin + 2 * day, ["Europe/Berlin"]);
  const perZone = size === "full" ? 6 : 1;
  const workspaceId = await buildWorkspace(db);
  const contacts: string[] = [];
  for (const zone of twelveZones) {
    for (let i = 0; i < perZone; i += 1) contacts.push(await buildContact(db, workspaceId, { time_zone: zone, firstname: zone }));
  }
  // The node's name says which time it waits for. Clocks jump over or repeat half past two and a quarter past two.
  const until = (time: string, place: number) => node("delay", { mode: "until_time", time }, `${time.replace(":", "")} ${place}`);
  const window = node("time_window", { days: [1, 2, 3, 4, 5, 6, 7], from: "09:00", to: "09:45" }, "0900 window");
  const graphs = [
    chain(node("start"), until("09:00", 1), sms("nine")),
    chain(node("start"), until("02:30", 1), sms("first", {}, "a"), until("02:30", 2), sms("second", {}, "b")),
    chain(node("start"), until("02:15", 1), sms("first", {}, "a"), until("02:15", 2), sms("second", {}, "b")),
    chain(node("start"), window, sms("inside")),
  ];
  const flowIds = await Promise.all(graphs.map((graph) => buildFlow(db, workspaceId, graph)));
  say(`${changes.length} days on which clocks change: ${changes.map((at) => new Date(at).toISOString().slice(0, 10)).join(" ")}`);

  const seen: Seen = { waits: new Map(), jumpedOver: 0, twice: 0, wrong: [], early: 0, notOnTime: 0 };
  for (const change of changes) {
    // Ten o'clock UTC on the day before.
    await forwardTo(stage, sluice, change - 14 * 3_600_000);
    for (const flowId of flowIds) await sluice.engine.createSend(sendTo(workspaceId, flowId, contacts));
    await sleepThrough(stage, sluice, workspaceId, seen);
  }
  const drips = await dripThrough(stage, sluice, size === "full" ? 6 : 2);
  const waits = (wanted: string) => [...seen.waits].filter(([name]) => name.startsWith(wanted)).reduce((sum, [, count]) => sum + count, 0);
  const messages = sluice.providers.sms.calls.length;
  return [
    exactly("delays until 09:00", seen.waits.get("0900 1") ?? 0, changes.length * contacts.length),
    atLeast("time windows waited for", seen.waits.get("0900 window") ?? 0, changes.length * (contacts.length - 2 * perZone)),
    atLeast("waits for times that clocks jumped over", seen.jumpedOver, 1),
    atLeast("waits for times that clocks showed twice", seen.twice, 1),
    { what: "waits that end at a wrong minute", goal: "0", measured: seen.wrong[0] ?? 0, held: seen.wrong.length === 0 },
    exactly("messages before their minute", seen.early, 0),
    exactly("messages not sent at their minute", seen.notOnTime, 0),
    exactly("messages", messages, changes.length * contacts.length * 6 + drips.people),
    exactly("waits for 02:30 and 02:15, two for each", waits("0230") + waits("0215"), changes.length * contacts.length * 4),
    { what: "drips outside their hours", goal: "0", measured: drips.wrong[0] ?? 0, held: drips.wrong.length === 0 },
    await totalsOf(db),
  ];
}

/**
 * Goes from one wake-up to the next until no execution waits. Each wait is checked when it is planned and again when it
 * is due.
 */
async function sleepThrough(stage: Stage, sluice: TestEngine, workspaceId: string, seen: Seen): Promise<void> {
  const judged = new Set<string>();
  await sluice.run();
  for (;;) {
    const now = await virtualNow(stage, sluice);
    const sleepers = await listSleepers(stage, workspaceId);
    for (const { id, zone, node_id, wake_at } of sleepers) {
      if (judged.has(id + node_id)) continue;
      judged.add(id + node_id);
      seen.waits.set(node_id, (seen.waits.get(node_id) ?? 0) + 1);
      const wanted = `${node_id.slice(0, 2)}:${node_id.slice(2, 4)}`;
      const wrong = wrongWait(wanted, zone, now, wake_at.getTime());
      if (wrong) seen.wrong.push(wrong);
      if (wallClock(wake_at, zone).time !== wanted) seen.jumpedOver += 1;
      if (isShownTwice(wake_at.getTime(), zone)) seen.twice += 1;
    }
    const [first] = sleepers;
    if (!first) return;
    const due = first.wake_at.getTime();
    const together = sleepers.filter(({ wake_at }) => wake_at.getTime() === due);
    const before = sluice.providers.sms.calls.length;
    await forwardTo(stage, sluice, due - 2_000);
    seen.early += sluice.providers.sms.calls.length - before;
    await forwardTo(stage, sluice, due + 100);
    seen.notOnTime += Math.abs(sluice.providers.sms.calls.length - before - together.length);
  }
}

/** Whether clocks go back within the next three hours and then show this time once more. */
function isShownTwice(moment: number, zone: string): boolean {
  const back = offsetAt(moment, zone) - offsetAt(moment + 3 * 3_600_000, zone);
  return back > 0 && wallClock(new Date(moment + back * 60_000), zone).time === wallClock(new Date(moment), zone).time;
}

async function listSleepers({ db }: Stage, workspaceId: string): Promise<Sleeper[]> {
  const { rows } = await sql<Sleeper>`select e.id, c.time_zone as zone, e.current_node_id as node_id, e.wake_at
    from flow_executions e join contacts c on c.id = e.contact_id
    where e.workspace_id = ${workspaceId} and e.status = 'running' and e.wake_at is not null order by e.wake_at`.execute(db);
  return rows;
}

/**
 * A drip that may begin from nine to half past nine, one contact every ten minutes, on the clock of a workspace in each
 * zone.
 */
async function dripThrough(stage: Stage, sluice: TestEngine, people: number): Promise<{ people: number; wrong: string[] }> {
  const { db } = stage;
  const drip: Drip = { count: 1, everySeconds: 600, days: [1, 2, 3, 4, 5, 6, 7], hours: { from: "09:00", to: "09:30" } };
  const wrong: string[] = [];
  const zones = new Map<string, string>();
  for (const timeZone of twelveZones) {
    const workspaceId = await buildWorkspace(db, { timeZone });
    const flowId = await buildFlow(db, workspaceId, chain(node("start"), sms(timeZone)));
    const contacts = await buildContacts(db, workspaceId, people);
    await sluice.engine.createSend(sendTo(workspaceId, flowId, contacts, { drip }));
    zones.set(workspaceId, timeZone);
  }
  for (let moves = 0; moves < 20 * people * zones.size; moves += 1) {
    const before = sluice.providers.sms.calls.length;
    await sluice.run();
    const now = await virtualNow(stage, sluice);
    for (const { text } of sluice.providers.sms.calls.slice(before)) {
      const { time } = wallClock(new Date(now), text);
      if (time < "09:00" || time >= "09:30") wrong.push(`${text}: at ${time}`);
    }
    const { rows } = await sql<{ next_at: Date | null; open: number }>`select min(next_at) as next_at, count(*)::int as open from flow_sends
      where ended_at is null and drip is not null`.execute(db);
    if (rows[0]?.open === 0) return { people: people * zones.size, wrong };
    await forwardTo(stage, sluice, rows[0]?.next_at ? rows[0].next_at.getTime() + 100 : now + 60_000);
  }
  return { people: people * zones.size, wrong: [...wrong, "they did not come to an end"] };
}

async function virtualNow({ db }: Stage, { driver }: TestEngine): Promise<number> {
  const { rows } = await sql<{ now: Date }>`select ${driver.clock.now} as now`.execute(db);
  return rows[0]?.now.getTime() ?? 0;
}

async function forwardTo(stage: Stage, sluice: TestEngine, moment: number): Promise<void> {
  await sluice.wait(Math.max(0, moment - (await virtualNow(stage, sluice))) / 1_000);
}
