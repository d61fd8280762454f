import type { ErrorCode } from "#contract/api-errors.ts";
import { type HealingBar, type HealingRun, healingBarWords, type SendHealing } from "#contract/healing.ts";
import { type Channel, channels } from "#contract/messages.ts";
import { isTimeout, isUniqueViolation } from "#db/errors.ts";
import { findWorkspaceRules } from "#db/queries/sending-rules.ts";
import { turnsPerWorker } from "#db/queries/turn-limit.ts";
import { breakPoint } from "../base/break-point.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import { pageFor } from "../enrollment/page-size.ts";
import { closeIfDone } from "../execution/counter-rows.ts";
import { channelsByType } from "../execution/message-tally.ts";
import type { ReadyFlow } from "../flow/flow-graph.ts";
import { kindOf } from "../flow/message-channels.ts";
import { openFlow } from "../flow/open-flow.ts";
import { ruleOf } from "../flow/rule-of.ts";
import { roundStarts } from "../forecast/round-starts.ts";
import { healJob, turnJobs } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";
import type { Asker, OfSend } from "../send-api.ts";
import { previewMoreOfSend, refuseUnasked } from "./ask-approval.ts";
import { countLeftOut, enterLeftOut } from "./heal-left-out-rows.ts";
import { continueMissed, countMissed, findPageEnd, type MessageFacts } from "./heal-messages-rows.ts";
import { beginPress, endPress, type HealedSend, isPressOpen, movePress, type Press, readHealedSend, toRun } from "./healed-send-rows.ts";
import { beginPreview } from "./preview-send-rows.ts";
import { uncount } from "./restart-rows.ts";
import { notTwice } from "./retry-executions.ts";

/** Pages that are done before the answer. The others are done by a job. */
const pagesAtOnce = 2;
/** The same where the part that was counted holds nobody: it is likely that there is nobody, and then that is the answer. */
const pagesUntilFound = 25;

/**
 * Who of a send was skipped or failed and can be reached now, and whether who asks would need an approval.
 *
 * @throws EngineRefusal send_not_found, count_took_too_long
 */
export async function previewHealing(
  context: EngineContext,
  of: Omit<OfSend, "actor"> & { asker?: Asker | undefined },
): Promise<SendHealing> {
  const send = await findHealedSend(context, of);
  const nobody = { contacts: 0, isWhole: true, byReason: [], wouldRepeat: 0, approval: null };
  const last = send.press && toRun(send.press);
  if (send.bar !== null || isPressOpen(send.press)) return { bar: send.bar, ...nobody, last };
  const counted = await count(context, send);
  const more = { ...send, asker: of.asker };
  const approval = await context.db.transaction().execute((tx) => previewMoreOfSend(context, tx, more, toAskFor(counted)));
  return { bar: null, ...counted, approval, last };
}

/** For how many an approval is needed. Of a send that is not looked at wholly nobody knows how many they are. */
const toAskFor = ({ contacts, isWhole }: Pick<SendHealing, "contacts" | "isWhole">): number =>
  isWhole ? contacts : Number.POSITIVE_INFINITY;

/** Counts in a reading transaction of its own, as other counts of the workspace do. */
async function count(
  context: EngineContext,
  send: HealedSend,
): Promise<Pick<SendHealing, "contacts" | "isWhole" | "byReason" | "wouldRepeat">> {
  const { db, clock } = context;
  const mostCounted = context.workSizes.healCount;
  const { flow, facts } = await readFacts(context, send);
  const rule = ruleOf(flow);
  const page = { after: null, limit: pageFor(rule, send.narrowing, mostCounted), rule };
  try {
    const { leftOut, missed } = await db.transaction().execute(async (tx) => {
      if (!(await beginPreview(tx, send.workspaceId)))
        throw new EngineRefusal("too_many_requests", "Two counts of this workspace are running. Try again in a moment.");
      return {
        leftOut: await countLeftOut(tx, send, page, clock),
        missed: await countMissed(tx, send, { afterSeq: -1, limit: mostCounted }, facts, clock),
      };
    });
    const byReason = [...leftOut.byReason, ...missed.byReason].sort((a, b) => b.contacts - a.contacts || (a.reason < b.reason ? -1 : 1));
    return {
      contacts: byReason.reduce((sum, { contacts }) => sum + contacts, 0),
      isWhole: leftOut.looked < page.limit && missed.looked < mostCounted,
      byReason,
      wouldRepeat: missed.wouldRepeat,
    };
  } catch (error) {
    if (!isTimeout(error)) throw error;
    throw new EngineRefusal("count_took_too_long", "Who can be reached now could not be counted within 5 seconds. Try again in a moment.");
  }
}

/** What a bar is refused with. */
const barCodes: Record<HealingBar, ErrorCode> = {
  awaits_approval: "conflict",
  enrolling: "conflict",
  few_first: "conflict",
  not_begun: "conflict",
  over: "send_over",
  is_test: "nothing_to_retry",
  too_late: "send_too_late",
  flow_archived: "flow_archived",
  flow_gone: "flow_not_found",
  forgotten: "nothing_to_retry",
};

/**
 * Sends to those of a send who can be reached now, once: those who had been left out are enrolled, others go on at the message that
 * had not left. A second press while one is under way, or that was still counting when one began, is answered with that one.
 *
 * @throws EngineRefusal send_not_found, nothing_to_retry, total_changed, approval_needed, and what a bar says
 */
export async function healSend(
  context: EngineContext,
  of: OfSend & { seen?: number | undefined; asker?: Asker | undefined },
): Promise<HealingRun> {
  const send = await findHealedSend(context, of);
  if (send.bar !== null) throw new EngineRefusal(barCodes[send.bar], healingBarWords[send.bar]);
  if (isPressOpen(send.press)) return toRun(send.press);
  await breakPoint("heal-counting");
  const { contacts, isWhole } = await count(context, send);
  await breakPoint("heal-counted");
  const meanwhile = await pressSince(context, of, send);
  if (meanwhile) return meanwhile;
  if (contacts === 0 && isWhole) throw nobody();
  if (of.seen !== undefined && contacts > of.seen)
    throw new EngineRefusal(
      "total_changed",
      `By now ${contacts} contacts can be reached instead of ${of.seen}, so nothing was sent. Look again.`,
    );
  const begun = await context.db.transaction().execute(async (tx) => {
    await refuseUnasked(context, tx, { ...send, asker: of.asker }, toAskFor({ contacts, isWhole }));
    const press = await beginPress(tx, send, isWhole ? contacts : null, of.actor, context.clock);
    if (press) await context.driver.wake(tx, [healJob(send.id)]);
    return press;
  });
  await breakPoint("heal-begun");
  const pages = contacts === 0 ? pagesUntilFound : pagesAtOnce;
  for (let page = 0; begun && page < pages; page += 1) if (!(await healPage(context, send.id))) break;
  const run = await pressSince(context, of, send);
  if (!run) throw nobody();
  return run;
}

/**
 * Answers the press that began since a send was read, whoever pressed. Undefined where there is none.
 *
 * @throws EngineRefusal nothing_to_retry where it found that others had done all of it, and what a bar says
 */
async function pressSince(context: EngineContext, of: OfSend, before: HealedSend): Promise<HealingRun | undefined> {
  const { press, bar } = await findHealedSend(context, of);
  if (press === null || press.startedAt === before.press?.startedAt) {
    if (bar !== null) throw new EngineRefusal(barCodes[bar], healingBarWords[bar]);
    return undefined;
  }
  const run = toRun(press);
  if (!run.isRunning && run.enrolled + run.continued === 0) throw nobody();
  return run;
}

const nobody = () => new EngineRefusal("nothing_to_retry", "Nobody of this send can be reached now who was not reached before.");

async function findHealedSend({ db, clock }: EngineContext, of: Omit<OfSend, "actor">): Promise<HealedSend> {
  const send = await readHealedSend(db, of, clock);
  if (!send) throw new EngineRefusal("send_not_found", "This send does not exist in this workspace.");
  return send;
}

/** Does the next page of a press and hands over the one after it. A job too many does nothing. */
export async function runHeal(context: EngineContext, job: { sendId: string }): Promise<void> {
  if (await healPage(context, job.sendId)) await context.driver.wake(context.db, [healJob(job.sendId)]);
}

class StalePage extends Error {}

/** Does one page, in one transaction. Returns whether there is another one. */
async function healPage(context: EngineContext, sendId: string): Promise<boolean> {
  const { db, clock, workSizes } = context;
  const send = await readHealedSend(db, { sendId }, clock);
  if (!send || !isPressOpen(send.press)) return false;
  const { press } = send;
  if (send.bar !== null) {
    await db.transaction().execute((tx) => close(context, tx, sendId));
    return false;
  }
  const { flow, facts } = await readFacts(context, send);
  try {
    return await transactThenRing(context, async (tx, ring) => {
      // An archiving of the flow waits for this page, and the page after it sees that.
      if ((await openFlow(tx, send)) instanceof EngineRefusal) throw new StalePage();
      const rule = ruleOf(flow);
      const to = press.stage === "left_out" ? await leftOutPage() : await messagesPage();
      if (!(await movePress(tx, send, to.press, to.press.enrolled - press.enrolled))) throw new StalePage();
      if (to.press.stage === "over") await closeIfDone(tx, send.id, clock);
      if (to.moved > 0)
        ring([...turnJobs(send.workspaceId, { quick: true }), ...turnJobs(send.workspaceId, { quick: false, turns: turnsPerWorker })]);
      await breakPoint("heal-page");
      return to.press.stage !== "over";

      async function leftOutPage(): Promise<{ press: Press; moved: number }> {
        const limit = pageFor(rule, send?.narrowing ?? {}, Math.min(healPageSize, workSizes.enrollPage));
        const starts = dripStarts(send as HealedSend, press, limit);
        const page = await enterLeftOut(tx, send as HealedSend, { after: press.after, limit, rule, most: press.most, starts }, clock);
        if (page.back !== page.entered) throw new StalePage();
        const most = left(press.most, page.entered);
        const isLast = page.looked < limit;
        return {
          press: {
            ...press,
            ...(isLast || most === 0
              ? { stage: most === 0 ? ("over" as const) : ("messages" as const), after: null }
              : { after: page.last }),
            most,
            enrolled: press.enrolled + page.entered,
            dripFrom: page.entered > 0 && starts ? (starts[page.entered] ?? null) : press.dripFrom,
          },
          moved: page.entered,
        };
      }

      async function messagesPage(): Promise<{ press: Press; moved: number }> {
        const page = { afterSeq: press.after === null ? -1 : Number(press.after), limit: Math.min(healPageSize, workSizes.enrollPage) };
        const end = await findPageEnd(tx, send as HealedSend, page);
        const restarted = await continueMissed(tx, send as HealedSend, { ...page, upTo: end ?? undefined, most: press.most }, facts, clock);
        for (const one of restarted) await uncount(tx, one);
        const continued = restarted.reduce((sum, { completed, failed, partial }) => sum + completed + failed + partial, 0);
        const most = left(press.most, continued);
        const isOver = end === null || most === 0;
        return {
          press: {
            ...press,
            ...(isOver ? { stage: "over" as const, after: null } : { after: String(end) }),
            most,
            continued: press.continued + continued,
          },
          moved: continued,
        };
      }
    });
  } catch (error) {
    // Another run of this job has done this page, or the send or its flow was closed meanwhile; the next look sees which.
    if (!(error instanceof StalePage) && !isUniqueViolation(error)) throw error;
    const now = await readHealedSend(db, { sendId }, clock);
    return now !== undefined && isPressOpen(now.press);
  }
}

/** Contacts that one page looks at. */
const healPageSize = 2_000;

const left = (most: number | null, taken: number): number | null => (most === null ? null : most - taken);

/** When the next contacts of a drip begin; one more than a page, for where the next page goes on. */
function dripStarts(send: HealedSend, press: Press, limit: number): number[] | undefined {
  if (!send.drip || send.contactClock) return undefined;
  const next = roundStarts(send.drip, Math.max(send.now, press.dripFrom ?? 0), send.zone);
  return Array.from({ length: limit + 1 }, next);
}

async function close({ clock }: EngineContext, tx: Parameters<typeof endPress>[0], sendId: string): Promise<void> {
  await endPress(tx, sendId);
  await closeIfDone(tx, sendId, clock);
}

async function readFacts(context: EngineContext, send: HealedSend): Promise<{ flow: ReadyFlow | undefined; facts: MessageFacts }> {
  const { db, nodes } = context;
  const flow = (await context.flows.load(db, [send.flowVersionId])).get(send.flowVersionId);
  const { rules } = await findWorkspaceRules(db, send.workspaceId);
  const open: Channel[] = [];
  for (const channel of channels) if (await hasProvider(context, send.workspaceId, channel)) open.push(channel);
  const steps = flow && flow.problem === undefined ? [...flow.nodes.values()] : [];
  const needConsent = steps.filter(
    ({ definition, config }) => rules.smsConsent === "needed" && definition.channel === "sms" && kindOf(config) === "marketing",
  );
  return {
    flow,
    facts: {
      channelsByType: channelsByType(nodes),
      notTwice: notTwice(nodes),
      open,
      needConsent: needConsent.map(({ id }) => id),
      sandbox: rules.sandbox,
    },
  };
}

async function hasProvider({ providerFor }: EngineContext, workspaceId: string, channel: Channel): Promise<boolean> {
  try {
    await providerFor(workspaceId, channel);
    return true;
  } catch {
    return false;
  }
}
