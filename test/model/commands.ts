import fc from "fast-check";
import type { Channel } from "#contract/messages.ts";
import { type DoubtRule, doubtRules } from "#contract/people.ts";
import type { BreakPoint } from "#engine/base/break-point.ts";
import { breakPoints } from "#engine/base/break-point.ts";
import type { Answer } from "./providers.ts";
import { answers } from "./providers.ts";

export const people = 4;
export const flowCount = 2;

/**
 * One event for the engine. Its numbers pick among the rows that exist at the moment, so any order of commands makes
 * sense.
 */
export type Command =
  | { kind: "send"; flow: number; who: readonly number[]; byFilter: boolean; undoSeconds: number }
  | { kind: "repeat send"; send: number }
  | { kind: "run"; seconds: number }
  | { kind: "providers answer"; channel: Channel; answers: readonly Answer[] }
  | { kind: "edit contact"; who: number; change: ContactChange }
  | { kind: "delete contact"; who: number }
  | { kind: "edit flow"; flow: number; variant: number }
  /** `choices` decide what becomes of the people at each step where somebody is. */
  | { kind: "publish"; flow: number; variant: number; choices: readonly number[] }
  | { kind: "crash"; point: BreakPoint; nth: number }
  | { kind: "double jobs" }
  | { kind: "doubt rule"; channel: Channel; rule: DoubtRule }
  | { kind: "control"; what: Control; send: number }
  | { kind: "cancel execution"; execution: number };

export const controls = ["pause", "resume", "stop", "undo"] as const;
export type Control = (typeof controls)[number];

export const contactChanges = [
  "opt out of sms",
  "opt out of e-mail",
  "opt in",
  "dnc",
  "other phone",
  "no phone",
  "other e-mail",
  "other status",
] as const;
export type ContactChange = (typeof contactChanges)[number];

const one = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const channel = one<Channel>("sms", "email");
const who = fc.nat({ max: people - 1 });

/**
 * The weights are chosen so that most sequences send something and let time pass, and any of the others may come in
 * between.
 */
export const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("send" as const),
      flow: fc.nat({ max: flowCount - 1 }),
      who: fc.uniqueArray(who, { minLength: 1, maxLength: people }),
      byFilter: fc.boolean(),
      undoSeconds: one(0, 0, 10),
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("run" as const), seconds: one(0, 0, 1, 9, 31, 61, 61, 121, 601, 3601, 86_401) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("repeat send" as const), send: fc.nat() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("providers answer" as const),
      channel,
      answers: fc.array(one(...answers), { minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("edit contact" as const), who, change: one(...contactChanges) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete contact" as const), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("edit flow" as const), flow: fc.nat({ max: flowCount - 1 }), variant: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("publish" as const),
      flow: fc.nat({ max: flowCount - 1 }),
      variant: fc.nat(),
      choices: fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("crash" as const), point: one(...breakPoints), nth: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("double jobs" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("doubt rule" as const), channel, rule: one(...doubtRules) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("control" as const), what: one(...controls), send: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel execution" as const), execution: fc.nat() }) },
);
