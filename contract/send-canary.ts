import { z } from "zod";
import { Timestamp } from "./pagination.ts";

// What is told of a canary stands apart from what is asked of one: who only reads about sends needs no rules.

/** What was settled when the send was made. One of `contacts` and `percent` is null. */
const terms = {
  contacts: z.number().int().nullable(),
  percent: z.number().nullable(),
  minutes: z.number().int(),
  failurePercent: z.number(),
  optOutPercent: z.number(),
};
export type CanaryTerms = z.infer<z.ZodObject<typeof terms>>;

/**
 * What is counted of the few. Each of them counts once in each number.
 * - `begun`: has begun, or ended before; `ended`
 * - `sent`: a message has left, or was kept on this machine in a test; `skipped`: a message was skipped and none has left
 * - `waiting`: stands at a message that has not left yet
 * - `failed`: a step failed or a message came back
 * - `optedOut`: opted out, unsubscribed or reported a message as spam; `maybeStop`: wrote what may mean that they want no more messages
 */
const sights = ["begun", "ended", "sent", "skipped", "waiting", "failed", "optedOut", "maybeStop"] as const;
export const CanarySeen = z.record(z.enum(sights), z.number().int());
export type CanarySeen = z.infer<typeof CanarySeen>;
export const nothingSeen: CanarySeen = { begun: 0, ended: 0, sent: 0, skipped: 0, waiting: 0, failed: 0, optedOut: 0, maybeStop: 0 };

export const canaryFindings = ["failures", "opt_outs", "stop_words", "nothing_sent"] as const;
/** Why the rest is held, with how many of the few it is of. */
export const CanaryFinding = z.object({ what: z.enum(canaryFindings), contacts: z.number().int() });
export type CanaryFinding = z.infer<typeof CanaryFinding>;

/** `too_few`: there were no more contacts than those with whom the send was to begin. */
export const canaryOpeners = ["itself", "person", "too_few"] as const;

/** With whom a send begins, what was seen of them, and what became of the rest. */
export const SendCanary = z.object({
  ...terms,
  /** With how many it begins; null until all contacts are enrolled. */
  few: z.number().int().nullable(),
  /** When the last of them is to begin; null until all contacts are enrolled. */
  fewBeginBy: Timestamp.nullable(),
  seen: CanarySeen,
  /** Since when the few are watched; null while they have not all begun or none has come to a message. */
  watchedSince: Timestamp.nullable(),
  /** When it is decided, if nothing holds the rest before. */
  decidesAt: Timestamp.nullable(),
  heldAt: Timestamp.nullable(),
  /** Why the rest is or was held; empty where it never was. */
  heldFor: z.array(CanaryFinding),
  openedAt: Timestamp.nullable(),
  openedBy: z.enum(canaryOpeners).nullable(),
  openedByName: z.string().nullable(),
  /** The version that the rest follows, as the few did. */
  version: z.number().int(),
  /** The number of the version that was published since, which the rest does not get; null where there is none. */
  newerVersion: z.number().int().nullable(),
});
export type SendCanary = z.infer<typeof SendCanary>;

/** How many the few are, of so many contacts. */
export const fewOf = ({ contacts, percent }: Pick<CanaryTerms, "contacts" | "percent">, all: number): number =>
  Math.min(all, contacts ?? Math.max(1, Math.ceil((all * (percent ?? 0)) / 100)));
