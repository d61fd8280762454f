import type { z } from "zod";
import type { Channel } from "./messages.ts";
import type { ResultFact } from "./node-result.ts";

/** A way out of a node. An optional exit without an edge follows the node's first exit instead of ending there. */
export interface NodeExit {
  handle: string;
  label: string;
  optional?: boolean;
}

/** Whether a contact that has been in a flow may be enrolled again. */
export type ReEntryRule =
  | { rule: "any_time" }
  /** Not while it is still inside. */
  | { rule: "when_finished" }
  | { rule: "once" }
  | { rule: "after_days"; days: number };

/** An object whose keys are declared one by one; `catchall` of a schema covers keys that the author of a flow names. */
type OutputSchema = z.ZodObject<z.core.$ZodLooseShape, z.core.$ZodObjectConfig>;

/** What a node type is: everything both halves must know. Loaded by the browser, so it must not touch the server. */
export interface NodeDefinition<Type extends string = string, Config extends z.ZodType = z.ZodType> {
  type: Type;
  label: string;
  description: string;
  category: "entry" | "message" | "timing" | "contact" | "data" | "logic" | "end";
  config: Config;
  defaults: z.input<Config>;
  /**
   * What the results of its steps hold, whether they completed, waited, were skipped or failed, including what the engine
   * adds. Tests hold every result against it; production does not pay for the check.
   */
  output: OutputSchema;
  /** The declared keys that may hold data of the contact. Keys that `output` does not declare count as personal. */
  personal: readonly string[];
  /**
   * What the history tells of a result, in the order of reading. It is given the declared keys that fit their schema.
   * `isWaiting`: the step still waits, and the history says so beside its name.
   */
  describeResult(result: Record<string, unknown>, step: { isWaiting: boolean }): readonly ResultFact[];
  /** The exits that a node with this configuration has, the usual one first. None: the execution ends here. */
  exits(config: z.output<Config>): readonly NodeExit[];
  /** Exits that lead to a node named in the configuration instead of along an edge. */
  jumps?(config: z.output<Config>): Readonly<Record<string, string>>;
  /** The channel it sends on, if it sends. */
  channel?: Channel;
  /** It may rest until something about the contact changes. */
  watchesContact?: true;
  /** What it does must not be done again when a person tries an earlier step again. Messages need not say so. */
  notTwice?: true;
  /** It draws executions to itself from anywhere before it, as soon as it is reached: goes on by its first exit. */
  isGoal?: true;
  /** The least number of seconds an execution rests here; a loop must rest. */
  leastWaitSeconds?(config: z.output<Config>): number;
  /** Which other flows it names: they must be of the same workspace. */
  flowIds?(config: z.output<Config>): readonly string[];
  /** Which of them it starts. A flow that starts itself must rest before. */
  startsFlow?(config: z.output<Config>): string;
  /** Nodes where a flow begins: who may enter again. Left out, everybody at any time. */
  reEntry?(config: z.output<Config>): ReEntryRule;
}

/** A definition whose `personal` and `describeResult` are checked against the keys of its own `output`. */
interface TypedDefinition<Type extends string, Config extends z.ZodType, Output extends OutputSchema> extends NodeDefinition<Type, Config> {
  output: Output;
  personal: readonly Extract<keyof Output["shape"], string>[];
  describeResult(result: Partial<z.output<Output>>, step: { isWaiting: boolean }): readonly ResultFact[];
}

export const defineNode = <const Type extends string, Config extends z.ZodType, Output extends OutputSchema>(
  definition: TypedDefinition<Type, Config, Output>,
): NodeDefinition<Type, Config> => definition;

/** The keys of a result that may stay when its contact is deleted, by node type. */
export const keysKeptOf = (definitions: Readonly<Record<string, NodeDefinition>>): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(definitions).map(([type, { output, personal }]) => [
      type,
      Object.keys(output.shape).filter((key) => !(personal as readonly string[]).includes(key)),
    ]),
  );
