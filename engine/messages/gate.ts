import type { Provider } from "#channels/channel.ts";
import { staysHere } from "#channels/stays-here.ts";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import { WorkLimitExceeded } from "#contract/work-budget.ts";
import type { Db } from "#db/client.ts";
import { readSmsCountries } from "#db/queries/sms-countries.ts";
import type { Clock } from "../base/clock.ts";
import { named } from "../base/hold-watch.ts";
import type { ChunkExecution } from "../execution/chunk.ts";
import type { MessageDraft, Output } from "../flow/node-executor.ts";
import type { ChannelLimiter } from "./channel-limiter.ts";
import { type Composed, canBeUnsubscribed, composeMessage } from "./compose-message.ts";
import { readContactRoom } from "./contact-cap-rows.ts";
import type { MessageLinks } from "./message-links.ts";
import { checkRecipient } from "./recipient-check.ts";

/**
 * The gate in front of every provider. It alone says whether a message may leave now, and if not, by which code. What
 * protects a person most is asked first, so the history shows the weightiest reason:
 *
 *   1 end       the execution is to end: its send was stopped or undone, or it was cancelled
 *   2 person    do not contact, the suppression list, an opt-out     (recipient-check.ts)
 *   3 address   none, not a valid one, a country that is not allowed (recipient-check.ts)
 *   4 provider  none can be opened
 *   5 text      a value is missing or unsafe, or it is too long; a marketing e-mail gets the link by which people unsubscribe
 *   6 cap       the contact has had as many messages within a day as it may
 *   7 pace      the limit of the channel or of the workspace's hour, or the channel is in trouble
 *   8 claim     under the locks under which the message is committed (claim-rows.ts): the send is paused or stopped or can still
 *               be undone, contact or suppression list have changed since 2, another contact of the send has the address
 *
 * Test sends pass it too, up to 5 and with 8: their messages are kept here and count for nobody. One that a person sends to an
 * address by hand has its own look (judge-address-rows.ts). It fails closed: whatever throws here does so before the claim.
 */
export type GateAnswer =
  | { verdict: "leaves"; to: string; contactVersion: string; message: Composed; unsubscribeUrl?: string | undefined }
  /** It is skipped for good. `facts` are kept with the step. */
  | { verdict: "never"; code: Reason; facts?: Output }
  /** The step failed on the way to a text. */
  | { verdict: "fails"; code: Reason; message: string }
  | { verdict: "ends"; code: Reason }
  /** It waits. `error`: why the provider could not be opened. */
  | { verdict: "later"; code: "pace" }
  | { verdict: "later"; code: "provider_unavailable"; error: Error };

export interface Candidate {
  execution: ChunkExecution;
  draft: MessageDraft;
}

/** Judges messages of one workspace, channel and kind, in order. `waitMs`: after so long the pace may let the next ones through. */
export async function askGate(
  { db, clock, limiter, links }: { db: Db; clock: Clock; limiter: ChannelLimiter; links?: MessageLinks | undefined },
  provider: Provider | Error,
  candidates: readonly Candidate[],
): Promise<{ answers: readonly GateAnswer[]; waitMs: number }> {
  const [first] = candidates;
  if (!first) return { answers: [], waitMs: 0 };
  const { workspaceId, isTest } = first.execution.send;
  const { channel } = first.draft;
  const facts = await readGateFacts(db, { workspaceId, channels: [channel] });
  const answers = candidates.map((candidate) => judgeMessage(candidate, facts, { provider, links }));
  const standing = () => answers.flatMap((answer, index) => (answer.verdict === "leaves" ? index : []));
  if (isTest || standing().length === 0) return { answers, waitMs: 0 };

  const idOf = (index: number) => candidates[index]?.execution.row.contactId as string;
  const { whole, left } = await readContactRoom(db, { workspaceId, contactIds: standing().map(idOf) }, clock);
  const rooms = new Map(left);
  for (const index of standing()) {
    const room = rooms.get(idOf(index)) ?? whole;
    rooms.set(idOf(index), room - 1);
    if (room <= 0) answers[index] = { verdict: "never", code: "cap_reached" };
  }

  const uncapped = standing();
  if (uncapped.length === 0) return { answers, waitMs: 0 };
  const { granted, waitMs } = await limiter.acquire({ workspaceId, channel }, uncapped.length);
  for (const index of uncapped.slice(granted)) answers[index] = { verdict: "later", code: "pace" };
  return { answers, waitMs };
}

/** What the gate knows of a workspace before it looks at a message. */
export interface GateFacts {
  /** The countries to which SMS may go. */
  smsCountries: ReadonlySet<string>;
}

/** They are read each time, so that a change of the list holds for what has not left yet. */
export async function readGateFacts(
  db: Db,
  { workspaceId, channels }: { workspaceId: string; channels: readonly Channel[] },
): Promise<GateFacts> {
  return { smsCountries: channels.includes("sms") ? await readSmsCountries(db, workspaceId) : none };
}
const none: ReadonlySet<string> = new Set();

/**
 * Stages 1 to 5, which need nothing but the message: in memory, so that a forecast asks the same of a message that is only looked at.
 * A missing provider is told before the text.
 */
export function judgeMessage(
  { execution, draft }: Candidate,
  facts: GateFacts,
  { provider, links }: { provider?: Provider | Error; links?: MessageLinks | undefined } = {},
): GateAnswer {
  const { contact, cancel } = execution.memory;
  if (cancel !== null) return { verdict: "ends", code: cancel };
  if (!contact) throw new Error("An execution without a contact stands at a message");
  const { to, refusal } = checkRecipient(contact, draft, facts.smsCountries);
  if (refusal !== undefined) {
    const country = refusal === "country_not_allowed" ? contact.phoneCountry : null;
    return { verdict: "never", code: refusal, ...(country && { facts: { country } }) };
  }
  if (provider instanceof Error) return { verdict: "later", code: "provider_unavailable", error: provider };
  const unsubscribeUrl = links && canBeUnsubscribed(draft) ? linkOf(execution, to, links) : undefined;
  if (links && canBeUnsubscribed(draft) && provider && unsubscribeUrl === undefined && !staysHere(provider.name))
    return { verdict: "later", code: "provider_unavailable", error: noAddress };
  try {
    const composed = named(execution.id, () => composeMessage(draft, execution, unsubscribeUrl));
    if (composed.refusal === undefined)
      return { verdict: "leaves", to, contactVersion: contact.version, message: composed.message, unsubscribeUrl };
    return { verdict: "never", code: composed.refusal, ...(composed.fields && { facts: { fields: composed.fields } }) };
  } catch (error) {
    if (!(error instanceof WorkLimitExceeded)) throw error;
    return { verdict: "fails", code: error.reason, message: error.message };
  }
}

/** Who looks at a test message is not its recipient, so its link changes nothing. */
function linkOf({ send, memory: { contact } }: ChunkExecution, address: string, links: MessageLinks): string | undefined {
  if (send.isTest || !contact) return links.sampleUrl();
  return links.unsubscribeUrl({ workspaceId: send.workspaceId, contactId: contact.fields.id, address });
}
const noAddress = new Error("Links in e-mails need the public address of this instance: its operator must set PUBLIC_URL.");
