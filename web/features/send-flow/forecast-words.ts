import type { Forecast, KeptForecast } from "#contract/forecasts.ts";
import { formatCount, momentWords, plural, upperFirst } from "#ui/format.ts";
import { channelLook } from "#web/entities/channels/channel-look.ts";

const listWords = (all: readonly string[]) => (all.length < 3 ? all.join(" and ") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`);

/** "42 SMS (51 parts) and 40 e-mails". Empty where there are none. */
function messageWords(channels: Forecast["channels"]): string {
  return listWords(
    channels.map(({ channel, messages, segments }) => {
      const { noun, nouns } = channelLook[channel];
      const parts = segments !== null && segments > messages ? ` (${plural(segments, "part")})` : "";
      return `${formatCount(messages)} ${messages === 1 ? noun : nouns}${parts}`;
    }),
  );
}

/** Below this many milliseconds a moment is now. */
const soonMs = 60_000;

/** "the first at once, the last Thu 9:00". Null where none leaves. */
function timeWords({ firstAt, lastAt }: Forecast, now: number, zone: string): string | null {
  if (firstAt === null || lastAt === null) return null;
  const say = (iso: string) => (Date.parse(iso) - now < soonMs ? "at once" : momentWords(iso, now, zone));
  const [first, last] = [say(firstAt), say(lastAt)];
  return first === last ? first : `the first ${first}, the last ${last}`;
}

/** What would leave, or in test mode be kept, in one line. Null for a flow that sends nothing. */
export function forecastLine(forecast: Forecast, now: number, zone: string): string | null {
  if (forecast.channels.length === 0) return null;
  const when = timeWords(forecast, now, zone);
  if (when === null) return "No message would leave";
  const planned = forecast.channels.filter(({ messages }) => messages > 0);
  const what = [
    { words: messageWords(planned.filter(({ kept }) => !kept)), would: "would leave" },
    { words: messageWords(planned.filter(({ kept }) => kept)), would: "would be kept" },
  ].flatMap(({ words, would }) => (words === "" ? [] : `${words} ${would}`));
  return upperFirst(`${what.join(" and ")}, ${when}`);
}

/** What is known so far of a forecast that grows. `words`: its line, of what was looked at. */
export function lookingWords({ looked, total }: Pick<KeptForecast, "looked" | "total">, words: string | null): string {
  const far =
    looked === 0 ? `Looking at ${formatCount(total)} contacts` : `Looked at ${formatCount(looked)} of ${formatCount(total)} contacts`;
  return words === null || looked === 0 ? `${far}…` : `${far}. So far: ${words}`;
}

/** That other contacts were looked at than were chosen at the beginning. */
export const movedWords = (forecast: Forecast, { total }: Pick<KeptForecast, "total">): string[] =>
  forecast.total === total
    ? []
    : [`Contacts were added or removed meanwhile: there were ${formatCount(total)}, and ${formatCount(forecast.total)} were looked at.`];

/** What was taken for granted, each a sentence. */
export function assumedWords({ assumed, unfinished }: Forecast): string[] {
  const has = (assumption: Forecast["assumed"][number]["assumption"]) => assumed.some((one) => one.assumption === assumption);
  return [
    ...(has("nobody_acts") ? ["Where the flow waits for something to happen, nothing happens and the time runs out."] : []),
    ...(has("webhook_succeeds") ? ["Webhooks are taken to succeed, without values in their answers."] : []),
    ...(has("other_flow_starts") ? ["Other flows that this one starts are not looked at."] : []),
    ...(unfinished > 0
      ? [`${plural(unfinished, "contact")} could not be followed to the end, because the flow goes round too often.`]
      : []),
    "Contacts are looked at as they are now. What a contact does later, and what a provider refuses, is not in it.",
  ];
}
