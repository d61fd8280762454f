import { z } from "zod";

/** One test of a condition as it came out: what was wanted of the field, what was found, and whether the test held. */
export const Comparison = z.strictObject({
  branch: z.string().optional(),
  field: z.string(),
  operator: z.string(),
  wanted: z.unknown(),
  found: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  held: z.boolean(),
  /** It stands in a group of which none may hold. */
  against: z.literal(true).optional(),
});
export type Comparison = z.output<typeof Comparison>;

/** A field of the contact as it was and as it became. */
export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

/**
 * One thing that the history tells of a step. The kind decides how it is shown: `time` holds an ISO timestamp,
 * `duration` holds milliseconds, `quote` holds the words of another server, `execution` and `message` hold an id that
 * the history links to.
 */
export type ResultFact =
  | { kind: "text"; label: string; value: string }
  | { kind: "time"; label: string; value: string }
  | { kind: "duration"; label: string; value: number }
  | { kind: "quote"; label: string; value: string }
  | { kind: "changes"; label: string; value: readonly FieldChange[] }
  | { kind: "comparisons"; label: string; value: readonly Comparison[] }
  | { kind: "execution"; label: string; value: string }
  | { kind: "message"; label: string; value: string };

/*
 * What the engine itself adds to the results of steps. A node type puts the pieces that apply to it into its `output`.
 */

/** A step that waited, and was closed because a goal drew the execution away. `goal` is the id of the goal's node. */
export const drawnAwayResult = { goal: z.string() };

/** A step of a test, which changed nothing outside. */
export const rehearsedResult = { rehearsed: z.literal(true) };

/** Merge fields without a value, for which a message or a call was not made. */
export const missingFieldsResult = { fields: z.array(z.string()) };

/** The country of a number, to which the workspace does not send. */
export const refusedCountryResult = { country: z.string() };

/** A message that was handed to a provider, or was about to be. */
export const messageResult = { messageId: z.string(), provider: z.string(), ...missingFieldsResult };

/** An execution of another flow that the step began. */
export const startedFlowResult = { flow_id: z.string(), execution_id: z.string(), send_id: z.string() };

/** A reply of the contact by which the step went on. No other step of the execution goes on by it. */
export const answeredResult = { replyId: z.string() };

/** How many other executions of the contact the step ended. */
export const endedOthersResult = { ended: z.number().int() };

const engineResult = {
  ...drawnAwayResult,
  ...rehearsedResult,
  ...messageResult,
  ...startedFlowResult,
  ...endedOthersResult,
  ...answeredResult,
};

/** What may stay of the result of a node type that is not known any more: the engine's own ids, marks and counts. */
export const keysKeptOfUnknownTypes: readonly string[] = Object.keys(engineResult);
