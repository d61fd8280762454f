import type { DoubtfulMessage, Provider, ReconcileResult } from "#channels/channel.ts";
import type { Db } from "#db/client.ts";
import { breakPoint } from "../base/break-point.ts";
import { areAllKnown, readDoubt, settleAsNotLeft, settleAsSent } from "./doubt-rows.ts";

/** What the provider's records say of a message in doubt. What they say for sure is committed with the message. */
export type DoubtVerdict =
  | { outcome: "sent" }
  | { outcome: "not_left" }
  /** They may tell more then. */
  | { outcome: "later"; afterMs: number }
  | { outcome: "unknown"; message: string };

/** Milliseconds. One look-up reads a few pages. */
const timeLimit = 20_000;
/** A provider that was away, and so left messages in doubt, is asked again for this long. */
const patienceMs = 3_600_000;
const againMs = 10_000;
/** A pass may go on with the settings that it began with, so messages of the first minutes after a change may be of the account before. */
const changeMs = 5 * 60_000;

/** Whether a provider may still tell what became of a message that left through a provider of this name. */
export const keepsRecordsOf = (provider: Provider | Error, name: string): boolean =>
  !(provider instanceof Error) && provider.reconcile !== undefined && provider.name === name;

/** Milliseconds to wait before a message is looked up; 0 where the provider keeps no records. */
export const lookUpAfter = (provider: Provider | Error): number =>
  provider instanceof Error || !provider.reconcile ? 0 : (provider.reconcileAfterMs ?? 0);

/**
 * Looks a message in doubt up with its provider:
 *
 *   in doubt ──its id is in the records──▶ sent
 *       ├──it is not there, and by now would be──▶ not left: it waits for its next try like any other
 *       └──the records do not tell──▶ in doubt, and the rule of the workspace decides
 *
 * It may be cut off anywhere: what is not committed is looked up again.
 */
export async function lookUpDoubt({ db, now }: { db: Db; now: number }, provider: Provider, messageId: string): Promise<DoubtVerdict> {
  const doubt = await readDoubt(db, messageId);
  // A report of the provider has settled it meanwhile, or it was closed.
  if (!doubt) return { outcome: "later", afterMs: 1_000 };
  const { message } = doubt;
  if (!keepsRecordsOf(provider, doubt.provider)) return unknown("It left through another provider, whose records cannot be read any more.");
  const since = provider.inUseSince?.getTime() ?? 0;
  if (since > message.handedOverAt.getTime() - changeMs)
    return unknown("The settings of the provider were changed at about that time, so its records may not be those of this message.");

  const answer = await ask(provider, message);
  await breakPoint("doubt-looked-up");
  const verdict = await judge(db, { message, answer, age: now - message.handedOverAt.getTime(), completeMs: lookUpAfter(provider) });
  await breakPoint("doubt-settled");
  return verdict;
}

interface Answered {
  message: DoubtfulMessage;
  answer: ReconcileResult;
  /** Milliseconds since it was handed over. */
  age: number;
  completeMs: number;
}

async function judge(db: Db, { message, answer, age, completeMs }: Answered): Promise<DoubtVerdict> {
  if (answer.outcome === "unknown")
    return answer.mayChange && age < patienceMs ? { outcome: "later", afterMs: againMs } : unknown(answer.message);
  if (answer.outcome === "found") {
    const settled = await settleAsSent(db, message, answer.providerMessageIds);
    if (settled === "sent") return { outcome: "sent" };
    if (settled === "later") return { outcome: "later", afterMs: 1_000 };
  }
  if (age < completeMs) return { outcome: "later", afterMs: completeMs - age };
  if (answer.outcome === "not_found" && !(await areAllKnown(db, message, answer.otherIds)))
    return unknown("The provider has another message to this address at that time, which may be this one with a changed text.");
  await settleAsNotLeft(db, message);
  return { outcome: "not_left" };
}

async function ask(provider: Provider, message: DoubtfulMessage): Promise<ReconcileResult> {
  try {
    const answer = await provider.reconcile?.(message, { signal: AbortSignal.timeout(timeLimit) });
    return answer ?? { outcome: "unknown", message: "The provider keeps no records" };
  } catch {
    return { outcome: "unknown", message: "The records of the provider could not be read", mayChange: true };
  }
}

const unknown = (message: string): DoubtVerdict => ({ outcome: "unknown", message });
