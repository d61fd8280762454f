import { channelNames } from "#contract/channel-names.ts";
import { channelRefusals, reasons } from "#contract/reasons.ts";
import type { AlertFact } from "#db/queries/alerts.ts";
import type { InstanceLimits, InstanceState } from "#db/queries/instance-state.ts";

const isChannelRefusal = (reason: string | null): reason is (typeof channelRefusals)[number] =>
  channelRefusals.some((one) => one === reason);

export const alertLimits: InstanceLimits = { lateAfterSeconds: 60, stuckAfterSeconds: 600 };

/** Finds the conditions that may not resolve by themselves. Each text says who must act and what to do. */
export function findAlerts(state: InstanceState): AlertFact[] {
  const { now } = state;
  const alerts: AlertFact[] = [];
  const none = { workspaceId: null, subject: "", sendId: null };
  if (state.workers === 0) {
    const text =
      "No worker is running: nothing is sent. Start one (npm start -- --role=worker, or without --role for everything in one process).";
    alerts.push({ ...none, code: "no_worker", who: "operator", since: now, text });
  }
  if (state.heldSince) {
    const text =
      "This looks like a restored copy of the data, so nothing is sent. Once the original has stopped, an instance admin can allow sending in the app, or an operator with: npm run fence -- --lift.";
    alerts.push({ ...none, code: "sending_held", who: "instance_admin", since: state.heldSince, text });
  }
  for (const { workspaceId, seconds } of state.late) {
    const text = `Work of this workspace has been due for ${inWords(seconds)} and no worker has begun it. Start another worker, or raise the workspace's lanes.`;
    alerts.push({ ...none, code: "late", workspaceId, who: "operator", since: new Date(now.getTime() - seconds * 1_000), text });
  }
  for (const { workspaceId, messages, since } of state.unknown) {
    const text = `It is not known whether ${messages} ${messages === 1 ? "message" : "messages"} of the last hour arrived. Such messages are not sent again by themselves: look at them in the history, and retry where it matters.`;
    alerts.push({ ...none, code: "unknown_messages", workspaceId, who: "editor", since, text });
  }
  for (const { workspaceId, channel, until, reason, words } of state.closedChannels) {
    const place = { ...none, workspaceId, subject: channel, who: "owner" as const, since: now };
    const said = words ? ` It said: ${words}` : "";
    const next = `(next at ${until.toISOString().slice(11, 16)} UTC)`;
    const { noun } = channelNames[channel];
    const waits = `No address was closed and nothing is lost: messages wait, and one of them tries again by itself ${next}.`;
    if (reason === "sender_refused") {
      const text = `The provider refuses the sender, so ${noun} is paused. ${waits} Check the sender in the channel's settings.${said}`;
      alerts.push({ ...place, code: "sender_refused", text });
    } else if (isChannelRefusal(reason)) {
      const text = `${reasons[reason].text}, so ${noun} is paused. ${waits}${said}`;
      alerts.push({ ...place, code: "channel_refused", text });
    } else {
      const text = `The ${noun} provider keeps failing or asked for a pause. The channel rests and tries again by itself ${next}; nothing is lost. If it goes on, check the provider in the settings.${said}`;
      alerts.push({ ...place, code: "provider_down", text });
    }
  }
  for (const { workspaceId, limit, from } of state.fullHours) {
    const next = new Date(from.getTime() + 3_600_000).toISOString().slice(11, 16);
    const text = `${limit.toLocaleString("en")} messages have left within an hour, which is the limit of this workspace. The others wait until ${next} UTC, and nothing is lost. An admin can raise the limit on the queue page. If nobody of you sends that much, find out who does.`;
    alerts.push({ ...none, code: "hour_limit", workspaceId, who: "owner", since: now, text });
  }
  for (const { workspaceId, limit, from } of state.fullDays) {
    const next = new Date(from.getTime() + 86_400_000).toISOString().slice(0, 16).replace("T", " ");
    const text = `${limit.toLocaleString("en")} messages have left within a day, which is the limit of this workspace. The others wait until ${next} UTC, and nothing is lost. An admin can raise the limit on the queue page. If nobody of you sends that much, find out who does.`;
    alerts.push({ ...none, code: "day_limit", workspaceId, who: "owner", since: now, text });
  }
  for (const { workspaceId, level, since, ...numbers } of state.mailGuards)
    alerts.push({ ...none, code: "mail_guard", subject: level, workspaceId, who: "owner", since, text: mailGuardText(level, numbers) });
  for (const { workspaceId, sendId, since } of state.stuckSends) {
    const text = `This send has made no progress for ${inWords((now.getTime() - since.getTime()) / 1_000)}. Look into the log of the workers for its id.`;
    alerts.push({ code: "send_stuck", workspaceId, subject: sendId, sendId, who: "operator", since, text });
  }
  for (const { key, child, parent, rows, since } of state.orphans) {
    const text = `${rows.toLocaleString("en")} rows of ${child} name a row of ${parent} that is not there (${key}). That never happens by itself: keep a backup, and look at what wrote to the database beside the product.`;
    alerts.push({ ...none, code: "orphans", subject: key, who: "operator", since, text });
  }
  for (const { code, text, since } of state.engineTroubles)
    alerts.push({ ...none, code: "engine", subject: code, who: "operator", since, text });
  return alerts;
}

function mailGuardText(
  level: "warn" | "pause",
  { sent, bounced, complained }: { sent: number; bounced: number; complained: number },
): string {
  const share = (count: number) => `${((100 * count) / sent).toLocaleString("en", { maximumFractionDigits: 2 })} %`;
  const numbers = `Of the last ${sent.toLocaleString("en")} e-mails, ${bounced} bounced (${share(bounced)}) and ${complained} were reported as spam (${share(complained)}).`;
  const advice =
    "Write only to people who asked for it, take out lists that are old or bought, and check the sending domain in Settings, Channels.";
  return level === "pause"
    ? `${numbers} Mailbox providers block senders like this, so sends of marketing e-mail are paused. ${advice} Then resume them on the Sends page.`
    : `${numbers} At 4 % bounces or 0.1 % reports sends of marketing e-mail are paused. ${advice}`;
}

const inWords = (seconds: number) => (seconds < 120 ? `${Math.round(seconds)} seconds` : `${Math.floor(seconds / 60)} minutes`);
