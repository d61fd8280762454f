import type { Provider } from "#channels/channel.ts";
import { staysHere } from "#channels/stays-here.ts";
import type { LinkTracking } from "#contract/link-tracking.ts";
import { isLoopback } from "#contract/loopback.ts";
import type { MessageKind } from "#contract/message-kinds.ts";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import { WorkLimitExceeded } from "#contract/work-budget.ts";
import type { Db } from "#db/client.ts";
import { findWorkspaceRules, type WorkspaceRules } from "#db/queries/sending-rules.ts";
import type { Clock } from "../base/clock.ts";
import { named } from "../base/hold-watch.ts";
import type { ChunkContact, ChunkExecution } from "../execution/chunk.ts";
import { drawOf } from "../execution/node-context.ts";
import type { MessageDraft, Output } from "../flow/node-executor.ts";
import { type AboutToLeave, askSenders, type SenderAnswer } from "./ask-senders.ts";
import type { ChannelLimiter } from "./channel-limiter.ts";
import { type Composed, canBeUnsubscribed, composeMessage } from "./compose-message.ts";
import { type Consented, findConsented, isConsented } from "./consented-rows.ts";
import { readContactRoom } from "./contact-cap-rows.ts";
import { askDomain } from "./domain-room.ts";
import { asksWhoWrote, judgeHours, narrowHours } from "./judge-hours.ts";
import { readMarketingRoom } from "./marketing-cap-rows.ts";
import type { MessageLinks } from "./message-links.ts";
import { checkRecipient, isOutsideSandbox, type RecipientCheck } from "./recipient-check.ts";
import type { ShortLink, Tracking } from "./track-links.ts";
import { readWroteLately } from "./wrote-lately-rows.ts";

/**
 * The gate in front of every provider. It alone says whether a message may leave now, and if not, by which code. What
 * protects a person most is asked first, so the history shows the weightiest reason:
 *
 *   1 end       the execution is to end: its send was stopped or undone, or it was cancelled
 *   2 person    do not contact, the suppression list, what they asked for under an earlier address, an opt-out (recipient-check.ts)
 *   3 address   none, not a valid one, a country that is not allowed (recipient-check.ts)
 *   4 sandbox   the workspace writes to a few addresses only
 *   5 provider  none can be opened
 *   6 text      a value is missing or unsafe, or it is too long; a marketing e-mail gets the link by which people unsubscribe, and
 *               where the workspace notes clicks and opens, links lead through this instance
 *   7 consent   the workspace wants one for marketing SMS, and none is recorded for this number
 *   8 hours     those of the place where the person may be           (judge-hours.ts)
 *   9 caps      the contact has had as many messages as it may
 *  10 too late  the moment has passed after which the send or the step lets nothing leave, or would be before the message may
 *  11 pace      its sender has no moment free (ask-senders.ts), the marketing e-mails of the day are used up of a domain that is not
 *               checked (domain-room.ts), the limit of the channel or of the workspace's hour or day is reached, or the channel is in trouble
 *  12 claim     under the locks under which the message is committed (claim-rows.ts): the send is paused or stopped or can still
 *               be undone, contact or suppression list have changed since 2, another contact of the send has the address
 *
 * Test sends pass it too, up to 6 and with 12: their messages are kept here and count for nobody. Hours are not asked where
 * messages stay on this machine, because they reach nobody. What a person writes to a contact by hand passes 2 to 4, 8, 9, 11 and 12
 * (gate-by-hand.ts), the answer to HELP 2 to 4 and 11, except that a STOP does not hold it (gate-for-help.ts), and a test message to an address 2
 * and 4 (judge-address-rows.ts). It fails closed: whatever throws here does so before the claim.
 *
 * Each stage is a pure function of what was read before it, so the same can be asked of a contact who is only counted. A forecast
 * asks 1 to 10, and of 11 the senders and the limits of a day (engine/forecast/plan-messages.ts).
 */
export type GateAnswer =
  /** `facts` are kept with the step. */
  | {
      verdict: "leaves";
      to: string;
      /** The sender of the pool that writes to this contact; absent where the provider has no choice. */
      from?: string;
      /** Milliseconds until its moment at this sender. */
      leavesIn?: number;
      contactVersion: string;
      message: Composed;
      unsubscribeUrl?: string | undefined;
      shortLinks?: readonly ShortLink[];
      validUntil?: number;
      facts?: Output;
    }
  /** It is skipped for good. */
  | { verdict: "never"; code: Reason; facts?: Output }
  /** The step failed on the way to a text. */
  | { verdict: "fails"; code: Reason; message: string }
  | { verdict: "ends"; code: Reason }
  /** It waits. `error`: why the provider could not be opened. */
  | { verdict: "later"; code: "pace" }
  | { verdict: "later"; code: "provider_unavailable"; error: Error }
  /** It waits for the hours of the place; with no hour that all zones allow, it is looked at again then. */
  | { verdict: "later"; code: "outside_window_waiting" | "no_sending_hours"; until: Date; facts: Output }
  /** It waits for its sender, which may send no faster, or for the next day of the workspace or of its sending domain. */
  | { verdict: "later"; code: LimitReason; until: Date; facts: Output };

/** The limits that a message waits for. */
export type LimitReason = "paced" | "day_limit" | "domain_unchecked";

export interface Candidate {
  execution: ChunkExecution;
  draft: MessageDraft;
  /** When the execution came to this step, in milliseconds since 1970. Left out, now. */
  reachedAt?: number;
}

type Tools = { db: Db; clock: Clock; limiter: ChannelLimiter; links?: MessageLinks | undefined; time(): number };

/** Judges messages of one workspace, channel and kind, in order. `waitMs`: after so long the pace may let the next ones through. */
export async function askGate(
  { db, clock, limiter, links, time }: Tools,
  provider: Provider | Error,
  candidates: readonly Candidate[],
): Promise<{ answers: readonly GateAnswer[]; waitMs: number }> {
  const [first] = candidates;
  if (!first) return { answers: [], waitMs: 0 };
  const { workspaceId, isTest } = first.execution.send;
  const { draft } = first;
  const { channel, kind } = draft;
  const facts = await readGateFacts(db, { workspaceId, channels: [channel] });
  const answers = candidates.map((candidate) => judgeMessage(candidate, facts, { provider, links }));
  const standing = () => answers.flatMap((answer, index) => (answer.verdict === "leaves" ? index : []));
  if (isTest) return { answers, waitMs: 0 };
  const now = time();
  refuseLate(answers, candidates, now);
  if (standing().length === 0) return { answers, waitMs: 0 };

  const idOf = (index: number) => candidates[index]?.execution.row.contactId as string;
  const ids = () => standing().map(idOf);
  const { rules } = facts;
  if (needsConsent(draft, rules)) {
    const consented = await findConsented(db, { workspaceId, channel, contactIds: ids() });
    for (const index of standing()) answers[index] = askConsent(answers[index] as GateAnswer, consented(idOf(index)));
  }

  // A message that stays on this machine reaches nobody: it has no hours, and no limit of what a contact gets.
  const mayReach = provider instanceof Error || !staysHere(provider.name);
  if (mayReach) {
    const asks = asksWhoWrote(draft, rules.quietHours);
    const lately = asks ? await readWroteLately(db, { workspaceId, channel, contactIds: ids() }, clock) : new Map<string, number>();
    for (const index of standing())
      answers[index] = askHours(answers[index] as GateAnswer, candidates[index] as Candidate, rules, {
        now,
        wroteLately: lately.has(idOf(index)),
      });
  }
  refuseLate(answers, candidates, now);
  if (standing().length === 0) return { answers, waitMs: 0 };

  if (mayReach) {
    const { whole, left } = await readContactRoom(db, { workspaceId, contactIds: ids() }, clock);
    refuseBeyond(answers, standing(), idOf, new Map(left), whole);
  }
  if (mayReach && kind === "marketing" && (rules.marketingPerDay !== null || rules.marketingPerWeek !== null))
    refuseBeyond(answers, standing(), idOf, new Map(await readMarketingRoom(db, { workspaceId, contactIds: ids() }, rules, clock)), 0);

  for (const index of standing()) answers[index] = askEnd(answers[index] as GateAnswer, candidates[index] as Candidate, now);
  const uncapped = standing();
  if (uncapped.length === 0 || provider instanceof Error) return { answers, waitMs: 0 };
  const place = { workspaceId, channel };
  const asked = await askSenders(
    { db, clock },
    provider,
    place,
    uncapped.map((index) => toAsk(candidates[index] as Candidate, answers[index] as GateAnswer)),
  );
  uncapped.forEach((index, n) => {
    answers[index] = withSender(answers[index] as GateAnswer, asked.answers[n] as SenderAnswer);
  });

  const moment = standing();
  if (moment.length === 0) {
    refuseLate(answers, candidates, now);
    return { answers, waitMs: 0 };
  }
  const domain = await askDomain({ db, clock }, { workspaceId, draft, provider, wanted: moment.length });
  const unproven = moment.splice(domain.granted);
  for (const index of unproven) answers[index] = waits("domain_unchecked", domain.nextDayAt);
  const { granted, waitMs, nextDay } = await limiter.acquire(place, moment.length);
  await domain.giveBack(moment.length - granted);
  const over = moment.slice(granted);
  for (const index of over) answers[index] = { verdict: "later", code: "pace" };
  if (nextDay) for (const index of moment.slice(-nextDay.count)) answers[index] = waits("day_limit", nextDay.at);
  const unused = [...unproven, ...over];
  if (unused.length > 0) await asked.giveBack(unused.map((index) => uncapped.indexOf(index)));
  refuseLate(answers, candidates, now);
  return { answers, waitMs };
}

/** What the gate knows of a workspace before it looks at a message. */
export type GateFacts = WorkspaceRules;

/** They are read each time, so that a change of a rule holds for what has not left yet. */
export const readGateFacts = (db: Db, { workspaceId }: { workspaceId: string; channels: readonly Channel[] }): Promise<GateFacts> =>
  findWorkspaceRules(db, workspaceId);

/**
 * Stages 1 to 6, which need nothing but the message: in memory, so that a forecast asks the same of a message that is only looked at.
 * A missing provider is told before the text.
 */
export function judgeMessage(
  { execution, draft }: Candidate,
  { smsCountries, rules, tracking }: GateFacts,
  { provider, links }: { provider?: Pick<Provider, "name" | "isOnThisMachine"> | Error | undefined; links?: MessageLinks | undefined } = {},
): GateAnswer {
  const { send } = execution;
  const { contact, cancel } = execution.memory;
  if (cancel !== null) return { verdict: "ends", code: cancel };
  if (!contact) throw new Error("An execution without a contact stands at a message");
  const { to, refusal } = judgeRecipient(contact, draft, { smsCountries, rules });
  if (refusal !== undefined) {
    const country = refusal === "country_not_allowed" ? contact.phoneCountry : null;
    return { verdict: "never", code: refusal, ...(country && { facts: { country } }) };
  }
  if (provider instanceof Error) return { verdict: "later", code: "provider_unavailable", error: provider };
  const unsubscribeUrl = links && canBeUnsubscribed(draft) ? linkOf(execution, to, links) : undefined;
  if (links && canBeUnsubscribed(draft) && provider && !staysHere(provider.name) && !opensThere(unsubscribeUrl, provider, send))
    return { verdict: "later", code: "provider_unavailable", error: noAddress };
  try {
    const composed = named(execution.id, () =>
      composeMessage(draft, execution, { unsubscribeUrl, tracking: links && trackingOf(execution, draft, tracking, links) }),
    );
    if (composed.refusal === undefined) {
      const { message, shortLinks } = composed;
      return { verdict: "leaves", to, contactVersion: contact.version, message, unsubscribeUrl, shortLinks: send.isTest ? [] : shortLinks };
    }
    return { verdict: "never", code: composed.refusal, ...(composed.fields && { facts: { fields: composed.fields } }) };
  } catch (error) {
    if (!(error instanceof WorkLimitExceeded)) throw error;
    return { verdict: "fails", code: error.reason, message: error.message };
  }
}

/** Stages 2 to 4. */
export function judgeRecipient(
  contact: ChunkContact,
  draft: Pick<MessageDraft, "channel" | "kind">,
  { smsCountries, rules }: Pick<GateFacts, "smsCountries" | "rules">,
): RecipientCheck {
  const found = checkRecipient(contact, draft, smsCountries);
  return found.refusal === undefined && isOutsideSandbox(found.to, rules) ? { refusal: "sandbox" } : found;
}

/** Whether a link opens where the message goes. An e-mail without a link that works is worse than a late one. */
const opensThere = (url: string | undefined, { isOnThisMachine }: Pick<Provider, "isOnThisMachine">, { isTest }: ChunkExecution["send"]) =>
  url !== undefined && (isOnThisMachine || isTest || !isLoopback(new URL(url).hostname));

/** A member who looks at a test message is not its recipient, so its link changes nothing. */
function linkOf({ send, memory: { contact } }: ChunkExecution, address: string, links: MessageLinks): string | undefined {
  if (send.isTest || !contact) return links.sampleUrl();
  return links.unsubscribeUrl({ workspaceId: send.workspaceId, contactId: contact.fields.id, address });
}

/** A member who looks at a test message, or at what would be sent, is not its recipient. */
function trackingOf(execution: ChunkExecution, { channel }: MessageDraft, rules: LinkTracking, links: MessageLinks): Tracking | undefined {
  if (!rules.clicks && !rules.opens) return undefined;
  const { id: executionId, send, writes } = execution;
  const visit = writes.pending?.visit;
  const message = send.isTest || visit === undefined ? "sample" : { workspaceId: send.workspaceId, executionId, visit, channel };
  return { rules, links: links.tracked(message) };
}

const noAddress = new Error(
  "Whoever gets this e-mail could not open its unsubscribe link, which leads to this machine. The operator must set PUBLIC_URL to an address that the internet can reach.",
);

/** Whether stage 7 asks about a message. */
export const needsConsent = ({ channel, kind }: Pick<MessageDraft, "channel" | "kind">, { smsConsent }: WorkspaceRules["rules"]): boolean =>
  channel === "sms" && kind === "marketing" && smsConsent === "needed";

/** Whether stage 7 asks about any message of these kinds. */
export const asksForConsent = (channel: Channel, kinds: ReadonlySet<MessageKind> | undefined, rules: WorkspaceRules["rules"]): boolean =>
  [...(kinds ?? [])].some((kind) => needsConsent({ channel, kind }, rules));

/** Stage 7 for a message that needs a consent and would leave. */
export const askConsent = (answer: GateAnswer, consented: Consented): GateAnswer =>
  answer.verdict !== "leaves" || isConsented(consented, answer.to) ? answer : { verdict: "never", code: "no_consent" };

/** Stage 8 for a message that would leave. */
export function askHours(
  answer: GateAnswer,
  { execution, draft }: Candidate,
  rules: WorkspaceRules["rules"],
  { now, wroteLately }: { now: number; wroteLately: boolean },
): GateAnswer {
  const { contact } = execution.memory;
  if (answer.verdict !== "leaves" || !contact) return answer;
  const seed = `${drawOf(execution)} ${execution.writes.pending?.visit ?? 0}`;
  const person = { timeZone: contact.fields.time_zone, phone: answer.to, country: contact.phoneCountry, wroteLately };
  const own = execution.flow.problem === undefined ? execution.flow.sendingHours : undefined;
  const hours = judgeHours({ draft, person, rules: narrowHours(rules.quietHours, own, draft), seed }, now);
  if (hours.verdict === "later") return hours;
  const { validUntil, facts } = hours;
  return { ...answer, ...(validUntil !== undefined && { validUntil }), ...(facts && { facts }) };
}

/** The moment after which a message may not leave: that of its send or of its step, whichever comes first. */
const deadlineOf = ({ execution, draft: { leavesWithinSeconds }, reachedAt }: Candidate): number =>
  Math.min(
    execution.send.notLaterThan ?? Number.POSITIVE_INFINITY,
    leavesWithinSeconds === undefined || reachedAt === undefined ? Number.POSITIVE_INFINITY : reachedAt + leavesWithinSeconds * 1_000,
  );

const tooLate: GateAnswer = { verdict: "never", code: "too_late" };

/** Stage 10 for a message that would leave: it may not after its moment, and its provider is told of it. */
export function askEnd(answer: GateAnswer, candidate: Candidate, now: number): GateAnswer {
  const deadline = deadlineOf(candidate);
  if (answer.verdict !== "leaves" || deadline === Number.POSITIVE_INFINITY) return answer;
  return now > deadline ? tooLate : { ...answer, validUntil: Math.min(answer.validUntil ?? deadline, deadline) };
}

/** Stage 10 for a message that would wait past the moment after which it may not leave: it is refused instead of waiting in vain. */
export function endWait(answer: GateAnswer, candidate: Candidate, now: number): GateAnswer {
  if (answer.verdict !== "later") return answer;
  const until = "until" in answer ? answer.until.getTime() : now;
  return until > deadlineOf(candidate) ? tooLate : answer;
}

function refuseLate(answers: GateAnswer[], candidates: readonly Candidate[], now: number): void {
  for (const [index, answer] of answers.entries()) answers[index] = endWait(answer, candidates[index] as Candidate, now);
}

/** What stage 11 asks the sender of a message that would leave. */
export const toAsk = ({ execution, draft }: Candidate, answer: GateAnswer): AboutToLeave => ({
  contactId: execution.row.contactId as string,
  to: answer.verdict === "leaves" ? answer.to : "",
  country: execution.memory.contact?.phoneCountry ?? null,
  text: answer.verdict === "leaves" ? answer.message.text : "",
  kind: draft.kind,
  send: execution.send,
});

/** A message that has no moment at its sender waits, and says until when. */
export const withSender = (answer: GateAnswer, { until, ...sender }: SenderAnswer): GateAnswer =>
  answer.verdict !== "leaves" ? answer : until === undefined ? { ...answer, ...sender } : waits("paced", until);

/** It waits for its sender or for the next day. */
export const waits = (code: LimitReason, until: Date): GateAnswer => ({
  verdict: "later",
  code,
  until,
  facts: { until: until.toISOString() },
});

/** Refuses what is beyond the room of its contact, in order. `whole`: the room of those who are not in the map. */
function refuseBeyond(
  answers: GateAnswer[],
  standing: readonly number[],
  idOf: (index: number) => string,
  rooms: Map<string, number>,
  whole: number,
): void {
  for (const index of standing) {
    const room = rooms.get(idOf(index)) ?? whole;
    rooms.set(idOf(index), room - 1);
    if (room <= 0) answers[index] = { verdict: "never", code: "cap_reached" };
  }
}
