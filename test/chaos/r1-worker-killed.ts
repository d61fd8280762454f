import { setTimeout as sleep } from "node:timers/promises";
import { listedWithinMs } from "#channels/sms/twilio/reconcile.ts";
import type { DoubtRule } from "#contract/people.ts";
import { leaseSeconds } from "#engine/execution/message-rows.ts";
import { retrySeconds } from "#engine/messages/message-outcome.ts";
import { chain, email, node, sms } from "#test/graphs.ts";
import { countOpen, until } from "./desk.ts";
import { quantile } from "./quantile.ts";
import { noteKill, readRecoveries, type StrandedKill } from "./recoveries.ts";
import type { ReportDesk } from "./report-desk.ts";
import type { ChaosContext, Finding, Scenario } from "./scenario.ts";
import { compareTruths, type Truths } from "./truths.ts";
import { inWorld, type World } from "./world.ts";

const flow = chain(node("start"), email("One"), sms("Two"), email("Three", {}, "email2"), email("Four", {}, "email3"), node("end"));
const messagesEach = 4;
/** A small run has few recoveries and shares two cores with the other tests of a commit. */
const sizes = {
  small: { sends: 6, each: 50, kills: 5, recoverySeconds: 12 },
  full: { sends: 4, each: 500, kills: 20, recoverySeconds: 5 },
};
/** A worker may have four turns at a time, and each claims up to 25 messages before it hands them over. */
const inDoubtPerKill = 4 * 25;

/**
 * Seconds until a second try where messages in doubt are sent once more: the lease of the call runs out first, and the
 * retry waits after that.
 */
const beforeSecondTry = leaseSeconds + retrySeconds[0];

/** R1: workers are killed at random moments of a send, and started again. */
export const workerKilled: Scenario = {
  id: "R1",
  title: "workers killed at random moments of a send of four messages each, three of them over SMTP",
  run: (context) => inWorld(context, { latency: [10, 40] }, (world) => run(context, world, "hold")),
};

/** The same for workspaces that have messages in doubt sent once more. */
export const workerKilledResend: Scenario = {
  id: "R1B",
  title: "as R1, in a workspace that has messages in doubt sent once more",
  run: (context) => inWorld(context, { latency: [10, 40] }, (world) => run(context, world, "resend")),
};

/** The same with the product's provider for Twilio, whose list and reports settle every SMS in doubt. */
export const workerKilledTwilio: Scenario = {
  id: "R1T",
  title: "as R1, with the SMS by Twilio, which reports late, doubled and out of order, and of one message in ten never",
  run: (context) => inWorld(context, { latency: [10, 40] }, (world) => run(context, world, "hold"), { withTwilio: true }),
};

export const workerKilledTwilioResend: Scenario = {
  id: "R1BT",
  title: "as R1B, with the SMS by Twilio",
  run: (context) => inWorld(context, { latency: [10, 40] }, (world) => run(context, world, "resend"), { withTwilio: true }),
};

async function run({ size, random, say }: ChaosContext, world: World, rule: DoubtRule): Promise<Finding[]> {
  const { database, outside, desk, reports } = world;
  const { sends, each, kills, recoverySeconds } = sizes[size];
  const soon = recoverySeconds + (rule === "resend" ? beforeSecondTry : 0);
  const workspace = await desk.openWorkspace(each);
  await database.db.updateTable("workspaces").set({ email_in_doubt: rule, sms_in_doubt: rule }).where("id", "=", workspace.id).execute();
  const flowId = await workspace.buildFlow(flow);
  const plan = outside.twilio && reports ? { twilio: { ...outside.twilio, reportsTo: reports.urlFor(workspace.id) } } : {};
  const workers = await Promise.all([world.start(plan), world.start(plan)]);
  let people = 0;
  const sendAll = async () => {
    await workspace.send(flowId);
    people += each;
  };
  for (let i = 0; i < sends; i += 1) await sendAll();

  const noted: StrandedKill[] = [];
  let spare = world.load(plan);
  while (noted.length < kills) {
    await sleep(random.between(150, 1_500));
    // A machine that is quick is given more to do, so that every worker dies at work.
    if ((await countOpen(database.db)) === 0) await sendAll();
    const victim = random.between(0, 1);
    noted.push(await noteKill(database.db, workers[victim] as (typeof workers)[0]));
    const next = await spare;
    spare = world.load(plan);
    workers[victim] = next;
    await next.begin();
  }
  // What its report does not settle is looked up after so long.
  const endSeconds = 60 + (outside.twilio ? listedWithinMs / 1_000 + beforeSecondTry : 0);
  const settled = await until(async () => (await countOpen(database.db)) === 0, endSeconds + 30);
  const truths = await compareTruths(database.db, desk.promised, await outside.record(), { told: outside.twilio ? ["sms"] : [] });
  const recoveries = await readRecoveries(database.db, noted);
  say(
    `messages: ${JSON.stringify(truths.statuses)} of ${people * messagesEach}; seconds to new progress: ${recoveries.map((s) => s.toFixed(1)).join(" ")}`,
  );
  return [
    { what: "kills under work", goal: `${kills}`, measured: noted.length, held: noted.length === kills },
    {
      what: "all ended after the last kill",
      goal: `within ${endSeconds} s`,
      measured: settled === undefined ? `not within ${endSeconds + 30} s` : `${settled.toFixed(1)} s`,
      held: settled !== undefined && settled <= endSeconds,
    },
    ...truths.findings,
    ...(reports ? [judgeReports(reports)] : []),
    ...judgeDoubt(rule, noted.length, truths),
    {
      what: "kill to new progress of what was stranded, p95",
      goal: `at most ${soon} s`,
      measured: recoveries.length === 0 ? "nothing was stranded" : `${quantile(recoveries, 0.95).toFixed(1)} s of ${recoveries.length}`,
      held: recoveries.length > 0 && quantile(recoveries, 0.95) <= soon,
    },
  ];
}

const judgeReports = ({ calls: { taken, refused } }: ReportDesk): Finding => ({
  what: "reports of Twilio",
  goal: "some, and none refused",
  measured: `${taken} taken, ${refused} refused`,
  held: taken > 0 && refused === 0,
});

function judgeDoubt(rule: DoubtRule, kills: number, { statuses, unknownArrived, resentTwice }: Truths): Finding[] {
  const { unknown = 0 } = statuses;
  const bound = kills * inDoubtPerKill;
  const held = { what: "held as unknown", measured: `${unknown}, of which ${unknownArrived} had arrived` };
  if (rule === "hold")
    return [{ ...held, goal: `at most what the dead had claimed: ${kills} kills x ${inDoubtPerKill}`, held: unknown <= bound }];
  return [
    { ...held, goal: "only what was in the hands of two dead, one after the other: a tenth of the bound", held: unknown <= bound / 10 },
    {
      what: "arrived twice, because the workspace has what is in doubt sent once more",
      goal: `at most what the dead had claimed: ${kills} kills x ${inDoubtPerKill}`,
      measured: resentTwice,
      held: resentTwice <= bound,
    },
  ];
}
