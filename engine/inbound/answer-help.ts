import type { Provider } from "#channels/channel.ts";
import { countParts } from "#channels/count-parts.ts";
import { staysHere } from "#channels/stays-here.ts";
import { askForStartText, helpTextOf } from "#contract/help-text.ts";
import type { Reason } from "#contract/reasons.ts";
import { languageOfContact } from "#contract/unsubscribe-words.ts";
import { readFence } from "#db/queries/send-fence.ts";
import type { EngineContext } from "../engine-context.ts";
import { judgeHelpAnswer } from "../messages/gate-for-help.ts";
import { handOver } from "../messages/hand-over.ts";
import { findSenderFor } from "../messages/last-sender-rows.ts";
import { type DueHelp, insertHelpAnswer, isBeyondStrangers, settleHelp, takeDueHelp } from "./help-rows.ts";

/** Milliseconds. A copy that may not send, and a provider that cannot be opened, are asked about so seldom. */
const seldomMs = 60_000;

/** Gives the answers of a workspace that are due, to HELP and to what may mean START, one after the other. What cannot be given now is tried again, for an hour. */
export async function answerHelp(context: EngineContext, workspaceId: string): Promise<void> {
  for (;;) {
    const help = await takeDueHelp(context.db, workspaceId);
    if (!help) return;
    await answerOne(context, workspaceId, help);
  }
}

/**
 *   promised ──the gate lets it through──▶ written as `sending` ──provider asked──▶ sent, failed or unknown
 *      │ ▲
 *      └─┘ the channel rests, or nothing may be sent now
 *
 * It is written once, because its id was chosen when it was promised. One that was written and not finished was in the hands of a process
 * that has died; it is settled like any message outside of flows (schedule/lost-messages.ts).
 */
async function answerOne(context: EngineContext, workspaceId: string, help: DueHelp): Promise<void> {
  const { db, clock, limiter, log } = context;
  const { id, answerId, channel, from: to, contactId } = help;
  const language = languageOfContact(help.metadata);
  const text = help.word === "help" ? helpTextOf(help.workspace, language) : askForStartText(help.workspace.name, language);
  if (to === null || text === null || help.isMoot) return settleHelp(db, { id });
  const provider = await context.providerFor(workspaceId, channel).catch((error: unknown) => {
    log.warn({ err: error, workspaceId }, "HELP could not be answered yet, because the provider cannot be opened");
    return undefined;
  });
  const later = (waitMs: number) => settleHelp(db, { id, waitMs: Math.max(waitMs, 1_000) });
  if (!help.isLate && (provider === undefined || (!staysHere(provider.name) && (await readFence(db)) !== null))) return later(seldomMs);
  // One of our own numbers is nobody who asks, and two of them would answer each other.
  if (provider !== undefined && (provider.from === to || provider.senders?.includes(to))) return settleHelp(db, { id });
  if (contactId === null && (await isBeyondStrangers(db, { workspaceId, id }))) {
    log.warn({ workspaceId }, "HELP was not answered, because it came from too many numbers today that are no contact's");
    return settleHelp(db, { id });
  }
  // What was tried out in test mode is not answered to a real phone, nor the other way round.
  if (provider !== undefined && staysHere(provider.name) !== staysHere(help.provider)) return settleHelp(db, { id });

  const refusal: Reason | null = help.isLate ? "too_late" : await judgeHelpAnswer(db, { workspaceId, to });
  if (refusal === null) {
    const { granted, waitMs } = await limiter.acquire({ workspaceId, channel }, 1);
    if (granted === 0) return later(waitMs);
  }
  const from = provider === undefined ? null : await senderOf(context, provider, workspaceId, help, to);
  const row = { id: answerId, workspaceId, contactId, provider: provider?.name ?? help.provider, to, from, body: text, refusal };
  const isNew = await insertHelpAnswer(db, { ...row, segments: countParts[channel](text) }, clock);
  if (isNew && refusal === null && provider !== undefined)
    await handOver(context, provider, { ...row, channel, subject: null, kind: "transactional", asks: "help" });
  return settleHelp(db, { id });
}

/** The number to which they wrote, as long as it is one of ours. */
async function senderOf(
  { db }: EngineContext,
  provider: Provider,
  workspaceId: string,
  { channel, contactId, to: ours }: DueHelp,
  to: string,
): Promise<string | null> {
  if (provider.senders?.includes(ours)) return ours;
  return findSenderFor(db, { workspaceId, channel, provider, contactId, to });
}
