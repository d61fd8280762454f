import type { z } from "zod";
import type { Channel } from "./messages.ts";

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

/** What a node type is: everything both halves must know. Loaded by the browser, so it must not touch the server. */
export interface NodeDefinition<Type extends string = string, Config extends z.ZodType = z.ZodType> {
  type: Type;
  label: string;
  description: string;
  category: "entry" | "message" | "timing" | "contact" | "data" | "logic" | "end";
  config: Config;
  defaults: z.input<Config>;
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

export const defineNode = <const Type extends string, Config extends z.ZodType>(definition: NodeDefinition<Type, Config>) => definition;
