import { staysHere } from "#channels/stays-here.ts";
import type { DraftMessageQuestion } from "#contract/message-previews.ts";
import { reasons } from "#contract/reasons.ts";
import type { Db } from "#db/client.ts";
import { consumeAttempt } from "#db/queries/rate-limits.ts";
import type { Engine } from "#engine/engine-api.ts";
import type { ProviderDirectory } from "../compose/provider-directory.ts";
import { refused, tooManyRequests } from "../http/errors.ts";
import { requireMyPhone } from "./my-phone.ts";
import { sendTestMessage } from "./send-test-message.ts";

interface SendToMe {
  ownerDb: Db;
  providers: ProviderDirectory;
  engine: Engine;
  workspaceId: string;
  /** Who is signed in. Nobody else is ever written to. */
  me: { userId: string; email: string };
  question: DraftMessageQuestion;
}

/** Seconds. Often enough to try a text, too seldom to flood an inbox. */
const onceIn = 10;

/**
 * Sends a message as it is being written, filled in as its preview, to the address or the proven number of who asks for it:
 * through the provider in use, recorded as a test.
 * @throws ApiError too_many_requests; provider_refused where the address may not be written to or the message cannot leave
 */
export async function sendToMe({
  ownerDb,
  providers,
  engine,
  workspaceId,
  me,
  question,
}: SendToMe): Promise<{ messageId: string; message: string }> {
  const { contactId: who, ...draft } = question;
  const { channel, message, problem } = await engine.previewDraftMessage({ workspaceId, ...draft, who });
  const to = channel === "email" ? me.email : await requireMyPhone(ownerDb, { workspaceId, userId: me.userId });
  if (!message) throw refused("provider_refused", `It cannot be sent: ${problem ? reasons[problem].text : "something is missing"}.`);
  const refusal = await engine.judgeAddress({ workspaceId, channel, to });
  if (refusal) throw refused("provider_refused", `${to} gets no messages of this workspace: ${reasons[refusal].text}.`);
  const { allowed, retryAfter } = await consumeAttempt(ownerDb, { key: `send-to-me ${me.userId}`, window: onceIn, max: 1 });
  if (!allowed) throw tooManyRequests(retryAfter, `You were sent one just now. The next can go in ${retryAfter} seconds.`);
  const provider = await providers.providerFor(workspaceId, channel, { lookNow: true });
  const { subject, text, html } = message;
  const messageId = await sendTestMessage(ownerDb, provider, { workspaceId, channel, to, subject, text, html });
  return { messageId, message: staysHere(provider.name) ? "It stayed on this machine: see Sent messages." : `Sent to ${to}.` };
}
