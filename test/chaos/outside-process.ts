import { setTimeout as sleep } from "node:timers/promises";
import { type SmtpSink, startSmtpSink } from "#test/smtp-sink.ts";
import type { Arrival, Behaviour, FromOutside, Record, ToOutside } from "./outside.ts";
import { calm } from "./outside.ts";
import { seededRandom } from "./random.ts";
import { type SmsFault, type SmsRequest, startSmsService } from "./sms-service.ts";
import { twilioOutside } from "./twilio-outside.ts";

// The outside world as a process: node test/chaos/outside-process.ts <seed> [twilio]. It is controlled over the channel of
// fork().
const seed = Number(process.argv[2]);
let behaviour: Behaviour = calm;
const record: Record = { arrived: [], refused: [], repeatedKeys: 0 };
const keys = new Set<string>();
const random = seededRandom(seed);
const say = (message: FromOutside) => process.send?.(message);
const latency = () => random.between(...(behaviour.latency as [number, number]));
const note = ({ id, to }: Pick<Arrival, "id" | "to">, channel: Arrival["channel"], into: Arrival[]) =>
  into.push({ id, to, channel, at: Date.now() });

function arrive(message: Pick<Arrival, "id" | "to">, channel: Arrival["channel"], key: string): void {
  note(message, channel, record.arrived);
  if (keys.has(key)) record.repeatedKeys += 1;
  keys.add(key);
  if (behaviour.hold) say({ kind: "held" });
}

/** The same person meets the same fault in every run of a seed, in whichever order the calls come. */
function faultFor({ to }: SmsRequest, tries: number): SmsFault | undefined {
  let mixed = seed;
  for (const letter of `${to} ${tries}`) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193);
  let place = seededRandom(mixed).next();
  for (const [fault, share] of Object.entries(behaviour.faults) as [SmsFault, number][]) {
    place -= share;
    if (place < 0) return fault;
  }
  return undefined;
}

const idOf = (raw: Buffer) => /^message-id: <([0-9a-f-]{36})@/im.exec(raw.toString("latin1"))?.[1] ?? "an unknown mail";

const smtp: SmtpSink = await startSmtpSink({
  onMessage: ({ raw, to }) => {
    const id = idOf(raw);
    arrive({ id, to: to[0] ?? "" }, "email", id);
    return behaviour.hold ? "hang" : undefined;
  },
  answerAfter: () => sleep(latency()),
});
const sms = await startSmsService({
  get retryAfterSeconds() {
    return behaviour.retryAfterSeconds;
  },
  latency,
  faultFor,
  isHeld: () => behaviour.hold,
  onArrival: (request, key) => arrive(request, "sms", key),
  onRefusal: (request) => void note(request, "sms", record.refused),
});
const twilio =
  process.argv[3] === "twilio" ? await twilioOutside({ random, latency, onArrival: (id, to) => arrive({ id, to }, "sms", id) }) : undefined;
process.on("message", (message: ToOutside) => {
  if (message.kind === "behave") behaviour = message.behaviour;
  else if (message.kind === "ask") say({ kind: "record", record });
  else say({ kind: "counts", counts: { arrived: record.arrived.length, refused: record.refused.length } });
});
// The process that started this one is gone, so no process would ever stop it.
process.once("disconnect", () => process.exit());
say({ kind: "ready", smtpPort: smtp.port, smsUrl: sms.url, twilio });
