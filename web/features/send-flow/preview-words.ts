import type { Channel } from "#contract/messages.ts";
import type { SendPreview } from "#contract/sends.ts";
import { formatCount, upperFirst } from "#ui/format.ts";
import { channelLook } from "#web/entities/channels/channel-look.ts";

export interface PreviewWords {
  tone: "good" | "some" | "nobody";
  line: string;
}

/** A figure as sure as it is: of a sample, "about 43,000". */
export const figure = (count: number, sampled: number | null): string =>
  sampled === null ? formatCount(count) : `about ${formatCount(Number(count.toPrecision(2)))}`;

/**
 * Sums up the count before a send in one line: "434 of 10,000 can receive nothing". Where contacts were picked at random, it
 * claims nothing of all of them.
 */
export function previewLine({ total, nothing, sampled, notEnrolled, channels }: SendPreview): PreviewWords | null {
  const say = (count: number) => figure(count, sampled);
  if (channels.length === 0) {
    const left = notEnrolled.reduce((sum, { contacts }) => sum + contacts, 0);
    return left === 0
      ? null
      : { tone: left === total ? "nobody" : "some", line: upperFirst(`${say(left)} of ${formatCount(total)} will not start`) };
  }
  if (nothing > 0) {
    const line =
      total === 1 ? "This contact can receive nothing" : upperFirst(`${say(nothing)} of ${formatCount(total)} can receive nothing`);
    return { tone: nothing === total ? "nobody" : "some", line };
  }
  const partly = channels.flatMap(({ channel, refused }) => {
    const count = refused.reduce((sum, { contacts }) => sum + contacts, 0);
    return count === 0 ? [] : [`${say(count)} cannot receive the ${channelLook[channel].noun}`];
  });
  if (total === 1 && partly.length > 0) return { tone: "some", line: onlyOneWords(channels) };
  const everybody = sampled === null ? `All ${formatCount(total)}` : `Nearly all of ${formatCount(total)}`;
  return partly.length === 0
    ? { tone: "good", line: total === 1 ? "This contact can receive the messages" : `${everybody} can receive the messages` }
    : { tone: "some", line: `${everybody} can receive something, but ${partly.join(" and ")}` };
}

/** "This contact cannot receive the SMS, but can receive the e-mail". */
function onlyOneWords(channels: SendPreview["channels"]): string {
  const nouns = (isRefused: boolean) =>
    channels.filter(({ refused }) => refused.length > 0 === isRefused).map(({ channel }) => `the ${channelLook[channel].noun}`);
  const open = nouns(false);
  return `This contact cannot receive ${nouns(true).join(" and ")}, but can receive ${open.join(" and ") || "something"}`;
}

/** Whether there are reasons to read. */
export const hasReasons = ({ notEnrolled, channels }: SendPreview): boolean =>
  notEnrolled.length > 0 || channels.some(({ refused }) => refused.length > 0);

/** "1,672 cannot receive the SMS". */
export const channelWords = (channel: Channel, contacts: number, sampled: number | null): string =>
  upperFirst(`${figure(contacts, sampled)} ${contacts === 1 ? "contact" : "contacts"} cannot receive the ${channelLook[channel].noun}`);
