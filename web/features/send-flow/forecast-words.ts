import type { Forecast } from "#contract/forecasts.ts";
import { formatCount, momentWords, plural, upperFirst } from "#ui/format.ts";
import { channelLook } from "#web/entities/channels/channel-look.ts";

const listWords = (all: readonly string[]) => (all.length < 3 ? all.join(" and ") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`);

/** "42 SMS (51 parts) and 40 e-mails". */
function messageWords({ channels }: Forecast): string {
  const sending = channels.filter(({ messages }) => messages > 0);
  return listWords(
    sending.map(({ channel, messages, segments }) => {
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

/** What would leave, in one line. Null for a flow that sends nothing. */
export function forecastLine(forecast: Forecast, now: number, zone: string): string | null {
  if (forecast.channels.length === 0) return null;
  const when = timeWords(forecast, now, zone);
  if (when === null) return "No message would leave";
  return upperFirst(`${messageWords(forecast)} would leave, ${when}`);
}

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
    "Contacts are looked at as they are now. What a contact does later, and how fast a provider takes the messages, is not in it.",
  ];
}
