import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import { failuresToClose } from "#engine/messages/channel-limiter-rows.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { countOpen, until } from "./desk.ts";
import type { Record } from "./outside.ts";
import type { ChaosContext, Finding, Scenario } from "./scenario.ts";
import { compareTruths, countBy } from "./truths.ts";
import { inWorld, type World } from "./world.ts";

const flow = chain(node("start"), sms(), node("end"));
const sizes = { small: { people: 120, asked: 5 }, full: { people: 1_000, asked: 10 } };
const faults = {
  "taken, no answer": 0.02,
  "taken, 500": 0.04,
  "taken, 30 s slow": 0.02,
  "taken, garbage": 0.04,
  "taken, empty body": 0.04,
  "taken, reset": 0.04,
  "refused, 429": 0.02,
};
const inFlight = 4;
/** The shortest rest of a channel whose provider failed again and again. */
const restSeconds = 30;

/** R8: an SMS provider with every fault of a real one. */
export const providerFaults: Scenario = {
  id: "R8",
  title: "a provider that hangs, fails, is slow, talks garbage, resets and asks to be left alone",
  run: (context) =>
    inWorld(context, { latency: [2, 20] }, async (world) => {
      await world.start({ inFlight });
      const findings = [...(await retryAfter(context, world)), ...(await breaker(context, world)), ...(await everyFault(context, world))];
      return [...findings, ...(await compareTruths(world.database.db, world.desk.promised, await world.outside.record())).findings];
    }),
};

/**
 * Each message is asked to come back after some seconds. It is alone in its workspace, so nothing else makes it wait.
 */
async function retryAfter({ size, say }: ChaosContext, { database, desk, outside }: World): Promise<Finding[]> {
  const retryAfterSeconds = 10;
  outside.behave({ faults: { "refused, 429": 1 }, retryAfterSeconds });
  for (let i = 0; i < sizes[size].asked; i += 1) {
    const workspace = await desk.openWorkspace(1);
    await workspace.send(await workspace.buildFlow(flow), { contactIds: workspace.contactIds });
  }
  await until(async () => (await outside.count()).refused === sizes[size].asked, 20);
  outside.behave({});
  await until(async () => (await countOpen(database.db)) === 0, 60);
  const seconds = gaps(await outside.record());
  say(`asked for ${retryAfterSeconds} s, came back after ${seconds.map((one) => one.toFixed(2)).join(" ")}`);
  const isKept =
    seconds.length === sizes[size].asked && seconds.every((one) => one >= retryAfterSeconds * 0.9 && one <= retryAfterSeconds * 1.1);
  return [
    {
      what: "Retry-After is kept",
      goal: `${retryAfterSeconds} s, 10 % more or less`,
      measured: `${Math.min(...seconds).toFixed(1)} to ${Math.max(...seconds).toFixed(1)} s of ${seconds.length}`,
      held: isKept,
    },
  ];
}

/** Seconds from a refusal of a message to the next time it was handed over. */
function gaps({ refused, arrived }: Record): number[] {
  return refused.flatMap(({ id, at }) => {
    const next = [...refused, ...arrived].filter((one) => one.id === id && one.at > at).map((one) => one.at);
    return next.length === 0 ? [] : [(Math.min(...next) - at) / 1_000];
  });
}

/**
 * A provider that accepts every message and answers 500. After ten in a row nothing more is handed over at first, and
 * then one message at a time.
 */
async function breaker({ say }: ChaosContext, { database, desk, outside }: World): Promise<Finding[]> {
  const people = 100;
  const workspace = await desk.openWorkspace(people);
  outside.behave({ faults: { "taken, 500": 1 } });
  const before = (await outside.count()).arrived;
  const count = async () => (await outside.count()).arrived - before;
  const sendId = await workspace.send(await workspace.buildFlow(flow));
  await until(async () => await isResting(database.db, workspace.id), 30);
  await sleep(5_000);
  const risked = await count();
  const resting = await isResting(database.db, workspace.id);
  await sleep(restSeconds * 1_000);
  const tried = (await count()) - risked;
  outside.behave({});
  const healed = await until(async () => (await countOpen(database.db, [sendId])) === 0, 200);
  say(`${risked} were risked, ${tried} tried in the ${restSeconds} s after it, all over after ${healed?.toFixed(0)} s`);
  return [
    {
      what: "the breaker opens",
      goal: `after ${failuresToClose} failures in a row, and the calls under way: at most ${failuresToClose + inFlight - 1}`,
      measured: `${risked} of ${people} were risked; ${resting ? "the channel rests" : "the channel is open"}`,
      held: resting && risked >= failuresToClose && risked <= failuresToClose + inFlight - 1,
    },
    { what: "after its rest, messages that try", goal: "at most 1 in the first 30 s", measured: tried, held: tried <= 1 },
    {
      what: "with a healthy provider everybody else is served",
      goal: `${people - risked - tried} arrive, within 200 s`,
      measured: `${(await count()) - risked - tried}, ${healed === undefined ? "not over" : `over after ${healed.toFixed(0)} s`}`,
      held: healed !== undefined && (await count()) === people,
    },
  ];
}

async function isResting(db: Db, workspaceId: string): Promise<boolean> {
  const { rows } = await sql<{ rests: boolean }>`select closed_until > clock_timestamp() as rests from private.channel_gates
    where workspace_id = ${workspaceId} and channel = 'sms' and failures >= ${failuresToClose}`.execute(db);
  return rows[0]?.rests ?? false;
}

async function everyFault({ size, say }: ChaosContext, { database, desk, outside }: World): Promise<Finding[]> {
  const { people } = sizes[size];
  const workspace = await desk.openWorkspace(people);
  outside.behave({ faults, latency: [2, 20], retryAfterSeconds: 2 });
  const sendId = await workspace.send(await workspace.buildFlow(flow));
  const seconds = await until(async () => (await countOpen(database.db, [sendId])) === 0, 900, 500);
  const messages = await database.db.selectFrom("messages").select(["status", "error_message"]).where("send_id", "=", sendId).execute();
  const { sent = 0, unknown = 0, ...others } = countBy(messages.map(({ status }) => status));
  say(`${sent} sent, ${unknown} unknown: ${JSON.stringify(countBy(messages.flatMap(({ error_message }) => error_message ?? [])))}`);
  const early = gaps(await outside.record()).filter((one) => one < 2 * 0.9).length;
  return [
    {
      what: `${people} sends, every fault: all ended`,
      goal: "within 900 s",
      measured: seconds === undefined ? "no" : `${seconds.toFixed(0)} s`,
      held: seconds !== undefined,
    },
    {
      what: "what was taken without a readable answer is held (no rule sends it again), everything else is sent",
      goal: `${people} sent or unknown`,
      measured: `${sent} sent, ${unknown} unknown, others ${JSON.stringify(others)}`,
      held: sent + unknown === people,
    },
    { what: "brought back before Retry-After was over", goal: "0", measured: early, held: early === 0 },
  ];
}
