import type { DoubtfulMessage, ReconcileResult } from "../../channel.ts";
import { callTwilio, readRefusal, type TwilioAccess, type TwilioMessage, TwilioMessagePage } from "./api.ts";
import { describeTwilioError } from "./errors.ts";

const pageSize = 100;
/** A number that gets more than this in an hour is looked at by a person. */
const mostPages = 5;
/** A message is in the list within seconds. Its first report comes as soon, and settles it without a look. */
export const listedWithinMs = 90_000;
/** Clocks differ, and Twilio rounds to seconds. */
const toleranceMs = 5 * 60_000;

/**
 * Looks a message up in Twilio's list of the account: by its number, its text and its time, because Twilio keeps nothing of
 * ours with it. The list is newest first, and is read back to before the message was handed over.
 */
export async function findInRecords(access: TwilioAccess, message: DoubtfulMessage, signal: AbortSignal): Promise<ReconcileResult> {
  const from = message.handedOverAt.getTime() - toleranceMs;
  const found: TwilioMessage[] = [];
  let query: Record<string, string> = { To: message.to, PageSize: String(pageSize) };
  for (let page = 1; ; page += 1) {
    const answer = await callTwilio(access, "/Messages.json", { query, signal });
    if (answer.outcome === "unanswered") return unknown(`Twilio's list cannot be read: ${answer.message}`, true);
    const list = answer.status === 200 ? TwilioMessagePage.safeParse(answer.body).data : undefined;
    if (!list) {
      const refusal = readRefusal(answer.body);
      const mayChange = answer.status >= 500 || answer.status === 429 || answer.status === 200;
      return unknown(`Twilio's list cannot be read: ${describeTwilioError(refusal?.code, refusal?.message)}`, mayChange);
    }
    const recent = list.messages.filter(({ date_created }) => createdAt(date_created) >= from);
    found.push(...recent.filter(({ to, direction }) => direction.startsWith("outbound") && to === message.to));
    if (!list.next_page_uri || recent.length < list.messages.length) break;
    if (page === mostPages) return unknown("Too many messages went to this number to tell which of them it is.");
    query = Object.fromEntries(new URL(list.next_page_uri, "https://api.twilio.com").searchParams);
  }
  const same = found.filter(({ body }) => isSameText(body, message.text));
  if (same.length > 0) return { outcome: "found", providerMessageIds: same.map(({ sid }) => sid).reverse() };
  // A text that was changed on the way, or deleted from the list, could be the one.
  if (found.some(({ body }) => body === null || body === ""))
    return unknown("Twilio no longer keeps the texts of messages to this number.");
  return { outcome: "not_found", otherIds: found.map(({ sid }) => sid) };
}

const unknown = (message: string, mayChange = false): ReconcileResult => ({ outcome: "unknown", message, mayChange });

/** A message that is not created yet, as far as the list says, is a recent one. */
const createdAt = (date: string | null) => (date === null ? Number.POSITIVE_INFINITY : Date.parse(date));

const trial = "Sent from your Twilio trial account - ";
const isSameText = (body: string | null, text: string) => body === text || body === `${trial}${text}` || body?.trim() === text.trim();
