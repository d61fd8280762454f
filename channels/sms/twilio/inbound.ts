import { z } from "zod";
import type { DeliveryReport, InboundEvent, ReceivedMessage } from "../../inbound-events.ts";
import { InboundRefused, type InboundRequest, type ProviderInbound } from "../../provider-server.ts";
import { isShortCode } from "../sender.ts";
import { describeTwilioError, findTwilioError } from "./errors.ts";
import type { TwilioSettings, twilio } from "./settings.ts";
import { isSignedByTwilio } from "./signature.ts";

const longestForm = 64 * 1024;

export const twilioInbound: ProviderInbound<typeof twilio> = {
  verify: (request, { secrets: { authToken, secondaryAuthToken } }) => {
    const { "x-twilio-signature": signature, "content-type": type } = request.headers;
    // Anybody may call, and what is signed must be taken apart and sorted first. A message of ten parts with ten files has some kilobytes.
    if (request.body.length > longestForm) return false;
    // The parameters are signed, not the bytes. Twilio sends them as a form, and nothing else can be a call of its.
    if (typeof signature !== "string" || !type?.toLowerCase().startsWith("application/x-www-form-urlencoded")) return false;
    const tokens = [authToken, secondaryAuthToken].filter((token) => token !== undefined && token !== "") as string[];
    return isSignedByTwilio({ url: request.url, params: paramsOf(request), signature }, tokens);
  },

  parse: (request, { settings }) => {
    const params = paramsOf(request);
    const accountSid = params.get("AccountSid");
    if (accountSid !== settings.accountSid) {
      throw new InboundRefused(
        `This call is of the account ${accountSid ?? "(none)"}, and this workspace uses another one. Check at Twilio which account calls this address, or change the account in Settings, Channels.`,
      );
    }
    const sid = params.get("MessageSid") ?? params.get("SmsSid") ?? "";
    const status = params.get("MessageStatus") ?? params.get("SmsStatus") ?? "";
    if (sid === "")
      throw new InboundRefused("This call names no message. The address is for messages only: set it for them, not for calls.");
    return [
      status === "received" || (!params.has("MessageStatus") && params.has("Body"))
        ? toMessage(params, sid, settings)
        : toReport(request, params, { sid, status }),
    ];
  },

  // An empty list of instructions: we answer a message ourselves, if at all.
  receipt: { type: "text/xml", body: "<Response/>" },
};

const paramsOf = ({ body }: InboundRequest) => new URLSearchParams(body.toString("utf8"));

/** Twilio takes ten files at most. */
const mostFiles = 1_000;

/** By itself Twilio answers nobody who writes to a short code. With its Advanced Opt-Out it says what it has answered. */
const providerAnswersHelp = (params: URLSearchParams, { answersHelp }: TwilioSettings): boolean =>
  params.has("OptOutType") || (answersHelp === "twilio" && !isShortCode(params.get("To") ?? ""));

/** Somebody may answer an SMS by RCS or WhatsApp, which Twilio writes before the number. It is the same person and the same number. */
const numberOf = (party: string): string => party.replace(/^[a-z]+:(?=\+\d)/i, "");

function toMessage(params: URLSearchParams, sid: string, settings: TwilioSettings): InboundEvent {
  return {
    kind: "received",
    providerMessageId: sid,
    from: numberOf(params.get("From") ?? ""),
    to: numberOf(params.get("To") ?? ""),
    text: params.get("Body") ?? "",
    files: Math.min(Math.max(Math.floor(Number(params.get("NumMedia"))) || 0, 0), mostFiles),
    ...(providerAnswersHelp(params, settings) && { providerAnswersHelp: true }),
    ...withHeard(params, settings),
  };
}

/** The words by which Twilio stops and allows messages where they are the whole text, in capitals or not. */
const heardWords: Readonly<Record<string, ReceivedMessage["providerHeard"]>> = {
  ...Object.fromEntries(
    ["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"].map((word) => [word, "stop"] as const),
  ),
  ...Object.fromEntries(["start", "yes", "unstop"].map((word) => [word, "start"] as const)),
};

/** Tells what Twilio itself did by a message. Its Advanced Opt-Out, which has words of its own, says so; without it Twilio looks for its usual ones. */
function withHeard(params: URLSearchParams, { answersHelp }: TwilioSettings): Pick<ReceivedMessage, "providerHeard"> {
  const said = params.get("OptOutType")?.toLowerCase();
  if (said !== undefined) return said === "stop" || said === "start" ? { providerHeard: said } : {};
  if (answersHelp !== "twilio" || isShortCode(params.get("To") ?? "")) return {};
  const word = (params.get("Body") ?? "").trim().toLowerCase();
  const heard = Object.hasOwn(heardWords, word) ? heardWords[word] : undefined;
  return heard === undefined ? {} : { providerHeard: heard };
}

const statuses: Readonly<Record<string, DeliveryReport["status"]>> = {
  accepted: "taken",
  scheduled: "taken",
  queued: "taken",
  sending: "taken",
  sent: "sent",
  delivered: "delivered",
  read: "delivered",
  undelivered: "undelivered",
  failed: "undelivered",
  canceled: "undelivered",
};

function toReport(request: InboundRequest, params: URLSearchParams, { sid, status }: { sid: string; status: string }): InboundEvent {
  const known = Object.hasOwn(statuses, status) ? statuses[status] : undefined;
  if (known === undefined) return { kind: "unclear", providerMessageId: sid, what: `the status "${status.slice(0, 50)}"` };
  const { data: messageId } = z.uuid().safeParse(URL.parse(request.url)?.searchParams.get("message"));
  const report: DeliveryReport = { kind: "delivery", providerMessageId: sid, status: known, ...(messageId && { messageId }) };
  if (known !== "undelivered") return report;
  const code = Number(params.get("ErrorCode")) || undefined;
  const error = findTwilioError(code);
  return {
    ...report,
    reason: error?.reason ?? "not_delivered",
    message: describeTwilioError(code, status === "canceled" ? "It was cancelled at Twilio" : (params.get("ErrorMessage") ?? undefined)),
    ...(error?.concerns === "address" && { invalidatesAddress: { after: error.after ?? 1 } }),
    ...(error?.concerns === "person" && { optedOut: true }),
    ...(error?.concerns === "channel" && !error.retryable && { pausesChannel: true }),
  };
}
