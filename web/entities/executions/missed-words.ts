import type { ExecutionListQuery } from "#contract/executions.ts";
import { channels } from "#contract/messages.ts";
import { reasonCodes, reasons } from "#contract/reasons.ts";
import { channelLook } from "#web/entities/channels/channel-look.ts";

export type Missed = NonNullable<ExecutionListQuery["missed"]>;

/** Reads the filter from an address; undefined where it says nothing that is known. */
export function parseMissed(text: string | undefined): Missed | undefined {
  if (text === "any" || text === "nobody" || text === "captured") return text;
  const channel = channels.find((one) => text === one || text?.startsWith(`${one}:`));
  const reason = reasonCodes.find((code) => text === `${channel}:${code}`);
  return channel && (reason ? `${channel}:${reason}` : text === channel ? channel : undefined);
}

/** The filter in words: "SMS not sent: No phone number". */
export function missedWords(missed: Missed): string {
  if (missed === "any") return "A message was not sent";
  if (missed === "nobody") return "Could not be written to";
  if (missed === "captured") return reasons.test_mode.text;
  const channel = channels.find((one) => missed === one || missed.startsWith(`${one}:`));
  const reason = reasonCodes.find((code) => missed === `${channel}:${code}`);
  if (channel && reason === "test_mode") return `${channelLook[channel].name}: test only, not sent`;
  const what = `${channel ? channelLook[channel].name : "Message"} not sent`;
  return reason ? `${what}: ${reasons[reason].text}` : what;
}
