import { availableParallelism } from "node:os";
import { reasons } from "#contract/reasons.ts";
import type { Send } from "#contract/sends.ts";
import type { Rehearsed, Waiting } from "./run.ts";
import type { StoredFlow } from "./stored-flow.ts";

const count = new Intl.NumberFormat("en");
const seconds = (ms: number | null) => (ms === null ? "never" : ms < 10_000 ? `${(ms / 1_000).toFixed(2)} s` : duration(ms));
const kilobytes = (bytes: number) =>
  bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;

function duration(ms: number): string {
  const whole = Math.round(ms / 1_000);
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60)];
  return [hours > 0 && `${hours} h`, (hours > 0 || minutes > 0) && `${minutes} min`, `${whole % 60} s`].filter(Boolean).join(" ");
}

/** The lines tell the operator what a rehearsal showed. */
export function describeRehearsal(stored: StoredFlow, rehearsed: Rehearsed): string[] {
  const { send, messages, endedMs, lastMessageMs, enrolledMs, firstMessageMs, volume, options } = rehearsed;
  const left = messages.sms + messages.email;
  const during = (lastMessageMs ?? 0) / 1_000;
  const rows = Object.values(volume.tables);
  const kept = rows.reduce((sum, { bytes, indexBytes }) => sum + bytes + indexBytes, 0);
  return [
    `"${stored.name}" for ${count.format(options.contacts)} contacts; a call takes ${options.providerMs} ms, ${options.callsAtATime} calls at a time for each channel`,
    "",
    `  enrolled              ${count.format(send.enrolled)} in ${seconds(enrolledMs)}${send.notEnrolled > 0 ? `; ${count.format(send.notEnrolled)} were not` : ""}`,
    `  first message         after ${seconds(firstMessageMs)}`,
    `  last message          after ${seconds(lastMessageMs)}`,
    `  all that can end now  after ${seconds(endedMs)}`,
    `  messages              ${count.format(messages.sms)} SMS, ${count.format(messages.email)} e-mails${left > 0 && during > 0 ? `: ${count.format(Math.round(left / during))} a second` : ""}`,
    `  people                ${count.format(send.completed)} finished, ${count.format(send.failed)} failed, ${count.format(send.partialFailure)} finished with errors, ${count.format(send.active)} still in the flow`,
    ...describeSkips(send),
    `  disk                  ${kilobytes(kept)} kept, ${kilobytes(volume.walBytes)} written ahead (${kilobytes(volume.walBytes / Math.max(1, send.enrolled))} for each contact)`,
    "",
    ...describeLimit(rehearsed),
    ...rehearsed.waiting.map((waiting) => describeWaiting(stored, waiting)),
    ...(rehearsed.waiting.some(({ what }) => what === "window") && !options.anyHour
      ? ["Quiet hours hold some of them. With --any-hour they are not kept."]
      : []),
  ];
}

/** A line for each reason for which messages did not leave. */
function describeSkips({ messageCounts }: Send): string[] {
  return messageCounts.flatMap(({ channel, outcome, reason, count: messages }) => {
    if (outcome !== "skipped" && outcome !== "failed") return [];
    const name = channel === "sms" ? "SMS" : "e-mails";
    return [`  not sent              ${count.format(messages)} ${name}${reason === null ? "" : `: ${reasons[reason].text}`}`];
  });
}

/** The lines say where the work queued: at the provider, at the processor, or nowhere for long. */
function describeLimit({ busy, endedMs }: Rehearsed): string[] {
  const percent = (share: number) => `${Math.round(Math.min(1, share) * 100)} %`;
  const cores = availableParallelism();
  const [channel, calls] = busy.sms >= busy.email ? (["SMS", busy.sms] as const) : (["e-mail", busy.email] as const);
  const facts = [
    busy.cores === null
      ? "The processor time could not be read here."
      : `This machine's ${cores} cores were busy for ${percent(busy.cores)} of the time.`,
    `The calls for ${channel} were all taken for ${percent(calls)} of it.`,
  ];
  if (endedMs < 2_000) return [`${facts.join(" ")} It was over too soon to say what limits it: take more contacts.`];
  if (calls > 0.8)
    return [`${facts.join(" ")} It queued at the provider: more calls at a time (--provider-calls), or another worker, make it quicker.`];
  if ((busy.cores ?? 0) > 0.8) return [`${facts.join(" ")} It queued at the processor: a machine with more cores makes it quicker.`];
  return [`${facts.join(" ")} It queued at neither for long.`];
}

/** As flow_executions.waiting_for has it. */
const whatFor: Record<string, string> = {
  time: "for a moment",
  window: "for hours in which they may be written to",
  reply: "for a reply, which invented people never give",
  event: "for something about the contact to change",
  pace: "for a sender that may send again",
  capacity: "for the limit of messages",
  hold: "because they are held",
  child: "for another flow to end",
  call: "for a webhook",
};

function describeWaiting(stored: StoredFlow, { flowName, nodeId, what, people, from, to }: Waiting): string {
  const span = from.getTime() === to.getTime() ? `until ${local(from)}` : `until between ${local(from)} and ${local(to)}`;
  const where = flowName === stored.name ? "" : ` of "${flowName}"`;
  return `${count.format(people)} wait at the step "${nodeId}"${where} ${whatFor[what] ?? what}, ${span}.`;
}

const local = (moment: Date) => new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" }).format(moment);
