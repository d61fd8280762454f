import type { DraftMessageQuestion } from "#contract/message-previews.ts";
import { reasons } from "#contract/reasons.ts";
import { refused } from "../http/errors.ts";
import { myAddress, type Sender, sendToMyAddress } from "./to-my-address.ts";

/** Seconds. Often enough to try a text, too seldom to flood an inbox. */
const onceIn = 10;
const limit = {
  key: "send-to-me",
  window: onceIn,
  max: 1,
  words: (retryAfter: number) => `You were sent one just now. The next can go in ${retryAfter} seconds.`,
};

/**
 * Sends a message as it is being written, filled in as its preview, to the address or the proven number of who asks for it.
 * @throws ApiError as sendToMyAddress; provider_refused where the message cannot leave
 */
export async function sendToMe(
  sender: Sender,
  { contactId: who, ...draft }: DraftMessageQuestion,
): Promise<{ messageId: string; message: string }> {
  const { workspaceId, engine } = sender;
  const { channel, message, problem } = await engine.previewDraftMessage({ workspaceId, ...draft, who });
  const to = await myAddress(sender, channel);
  if (!message) throw refused("provider_refused", `It cannot be sent: ${problem ? reasons[problem].text : "something is missing"}.`);
  return sendToMyAddress(sender, { channel, to, message }, limit);
}
