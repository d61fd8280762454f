import type { z } from "zod";
import type { TestGroup } from "./field-tests.ts";
import type { FlowInput } from "./flow-inputs.ts";
import type { Channel } from "./messages.ts";
import { drawnAwayResult, type ResultFact } from "./node-result.ts";
import type { Scope } from "./people.ts";
import type { FlowHours } from "./sending-rules.ts";

/** An exit by which executions leave a node. */
export interface NodeExit {
  handle: string;
  label: string;
  /** Without an edge it leads where the first exit leads. */
  optional?: boolean;
  /** It is for what should not be. An edge that names no exit never means it, and without an edge the execution ends there. */
  aside?: boolean;
}

/** Whether a contact that has been in a flow may be enrolled again. */
export type ReEntryRule =
  | { rule: "any_time" }
  /** A contact that is still in the flow may not enter again. */
  | { rule: "when_finished" }
  | { rule: "once" }
  | { rule: "after_days"; days: number };

/**
 * Where the configuration of a node names fields, as paths in which `*` stands for every item of a list:
 * `branches.*.tests.*.field`. The check of a graph judges the names, and a test finds places that are not declared.
 */
export interface NamingPlaces {
  /** Texts with merge fields. */
  templates?: readonly string[];
  /** Those of these texts that may name secrets of the workspace. */
  secrets?: readonly string[];
  /** Single fields, without braces. */
  fields?: readonly string[];
  /** Tests and changes: objects that hold a `field` and the `value` that it is compared with or set to. */
  values?: readonly string[];
  /** Ids of other flows. They must be of the same workspace. */
  flows?: readonly string[];
  /** Names of variables that the node sets. */
  variables?: readonly string[];
  /** Names that the author gives to values of the result, beside those that `output` declares. */
  outputs?: readonly string[];
  /** Names of values that the flow asks for when it is sent. Texts read them as `input.<name>`. */
  inputs?: readonly string[];
  /** Ids of other nodes. */
  nodes?: readonly string[];
}

/** An object whose keys are declared one by one; `catchall` of a schema covers keys that the author of a flow names. */
type OutputSchema = z.ZodObject<z.core.$ZodLooseShape, z.core.$ZodObjectConfig>;

/** Everything that both halves must know of a node type. The browser loads it, so it must not touch the server. */
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
  /** The exits that a node with this configuration has, the usual one first. Without exits the execution ends here. */
  exits(config: z.output<Config>): readonly NodeExit[];
  names?: NamingPlaces;
  /** Exits that lead to a node named in the configuration instead of along an edge. */
  jumps?(config: z.output<Config>): Readonly<Record<string, string>>;
  /**
   * The scopes of the effects that the node has beyond the execution itself. A caller who saves or sends in a graph with this
   * node must hold them: otherwise the graph would do for them what they may not do. Sending to the contact of the
   * execution is not among them, because whoever starts a flow needs `flows:send` for that.
   */
  needs(config: z.output<Config>): readonly Scope[];
  /** The channel on which the node sends, if it sends. */
  channel?: Channel;
  /** Whether executions may wait here for something that a change of the contact moves or ends. */
  watchesContact?(config: z.output<Config>): boolean;
  /** The channel on which executions wait here for what their contact writes, or `any`. */
  awaitsReply?(config: z.output<Config>): Channel | "any";
  /** A flow that begins here ends for a contact who writes, unless it waits for that. */
  stopsOnReply?(config: z.output<Config>): boolean;
  /**
   * Where the configuration changes while executions rest here, their rest is judged from now. Otherwise it is judged from the
   * moment at which it began.
   */
  restsFromNow?: true;
  /** The effect of the node must not happen again when a person retries an earlier step. Messages need not say so. */
  notTwice?: true;
  /** The node draws executions to itself from anywhere before it, as soon as it would leave by its first exit. */
  isGoal?: true;
  /** The least number of seconds that an execution rests here. The check of a graph needs it, because a loop must rest. */
  leastWaitSeconds?(config: z.output<Config>): number;
  /** The one of the flows that it names that the node starts. A flow that starts itself must rest before. */
  startsFlow?(config: z.output<Config>): string;
  /** Only nodes where a flow begins have a re-entry rule. Without one every contact may enter again at any time. */
  reEntry?(config: z.output<Config>): ReEntryRule;
  /** A flow that begins here lets in only contacts who pass these tests. They are asked of all contacts at once. */
  entersIf?(config: z.output<Config>): TestGroup | undefined;
  /** What a flow that begins here asks for when it is sent. */
  inputs?(config: z.output<Config>): readonly FlowInput[];
  /** A flow that begins here ends for a contact as soon as they pass these tests, wherever they are in it. */
  leavesIf?(config: z.output<Config>): TestGroup | undefined;
  /** Text messages of a flow that begins here leave in these hours only, within those of the workspace. */
  sendingHours?(config: z.output<Config>): FlowHours | undefined;
  /** A flow that begins here ends for a contact who has been in it for so many days. */
  longestStayDays?(config: z.output<Config>): number | undefined;
}

/** A definition whose `personal` and `describeResult` are checked against the keys of its own `output`. */
interface TypedDefinition<Type extends string, Config extends z.ZodType, Output extends OutputSchema> extends NodeDefinition<Type, Config> {
  output: Output;
  personal: readonly Extract<keyof Output["shape"], string>[];
  describeResult(result: Partial<z.output<Output>>, step: { isWaiting: boolean }): readonly ResultFact[];
}

/**
 * Every node type may wait, for another try at the least, so a goal may draw an execution away from every one. Where the
 * author of a flow names keys of the result, `goal` may be one of them, and stays undeclared.
 */
export function defineNode<const Type extends string, Config extends z.ZodType, Output extends OutputSchema>(
  definition: TypedDefinition<Type, Config, Output>,
): NodeDefinition<Type, Config> {
  const { output } = definition;
  const hasNamedKeys = output.def.catchall !== undefined && output.def.catchall._zod.def.type !== "never";
  return hasNamedKeys ? definition : { ...definition, output: output.extend(drawnAwayResult).partial() };
}

/** The keys of a result that may stay when its contact is deleted, by node type. */
export const keysKeptOf = (definitions: Readonly<Record<string, NodeDefinition>>): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(definitions).map(([type, { output, personal }]) => [
      type,
      Object.keys(output.shape).filter((key) => !(personal as readonly string[]).includes(key)),
    ]),
  );
