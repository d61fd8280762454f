import { z } from "zod";
import { GivenTimestamp } from "./date-bounds.ts";
import { DraftRevision } from "./flow-drafts.ts";
import type { FlowGraph } from "./flows.ts";
import { Timestamp, Uuid } from "./pagination.ts";
import { requiredText } from "./required-text.ts";
import { SimulationScript, simulationLimits } from "./simulations.ts";

/** `seconds`: all tests of one request together. Those that had no turn by then are told as not finished. */
export const flowTestLimits = { perFlow: 50, expectations: 50, seconds: 60 } as const;

/** How the way of a contact through a flow may end. `waiting`: it goes on waiting for something that never comes. */
export const flowTestOutcomes = ["completed", "failed", "partial_failure", "cancelled", "waiting", "not_enrolled"] as const;
export type FlowTestOutcome = (typeof flowTestOutcomes)[number];

const NodeId = z.string().min(1).max(100);

/** One thing that a test expects. Steps are named by their ids, which stay the same when a step is renamed, moved or changed. */
export const Expectation = z.discriminatedUnion("kind", [
  /** The steps of the flow, in the order in which they are visited, and no others. */
  z.strictObject({ kind: z.literal("path"), steps: z.array(NodeId).min(1).max(simulationLimits.steps) }),
  z.strictObject({ kind: z.literal("reaches"), nodeId: NodeId }),
  z.strictObject({ kind: z.literal("avoids"), nodeId: NodeId }),
  /** The step sends a message that contains this text, in its subject or in what it says. */
  z.strictObject({ kind: z.literal("message"), nodeId: NodeId, contains: z.string().min(1).max(2000) }),
  /** The step sends nothing, because it is not reached or because the message may not leave. */
  z.strictObject({ kind: z.literal("no_message"), nodeId: NodeId }),
  /** At its last visit the step is left by this exit. */
  z.strictObject({ kind: z.literal("exit"), nodeId: NodeId, exit: z.string().min(1).max(100) }),
  z.strictObject({ kind: z.literal("ends"), as: z.enum(flowTestOutcomes) }),
  /** It is over so many seconds after the start, or earlier. */
  z.strictObject({
    kind: z.literal("within"),
    seconds: z
      .number()
      .int()
      .min(1)
      .max(simulationLimits.days * 24 * 3600),
  }),
  /** A variable, a field of the contact or one of its custom fields has this value at the end. Null: it has none. */
  z.strictObject({
    kind: z.literal("value"),
    of: z.enum(["variable", "field", "custom"]),
    name: z.string().min(1).max(100),
    is: z.string().max(2000).nullable(),
  }),
]);
export type Expectation = z.infer<typeof Expectation>;

/** The script of a test always has a start, because its times must not depend on the day on which it is run. */
export const FlowTestScript = SimulationScript.extend({ startAt: GivenTimestamp });
export type FlowTestScript = z.infer<typeof FlowTestScript>;

export const FlowTestInput = z.strictObject({
  name: requiredText(100),
  script: FlowTestScript,
  expect: z.array(Expectation).min(1, "A test expects something").max(flowTestLimits.expectations),
  /**
   * Whether the contact of the script is copied as it is now, so that the test says the same whatever becomes of the contact.
   * Without it, the contact is walked as it is on the day of the run.
   */
  copyContact: z.boolean().default(false),
});
export type FlowTestInput = z.infer<typeof FlowTestInput>;

/** What is left out stays as it is. */
export const FlowTestPatch = z
  .strictObject({ name: FlowTestInput.shape.name.optional(), expect: FlowTestInput.shape.expect.optional() })
  .refine((patch) => Object.keys(patch).length > 0, "Nothing to change was given");
export type FlowTestPatch = z.infer<typeof FlowTestPatch>;

/**
 * - passed: everything came as expected.
 * - failed: something came otherwise.
 * - broken: the test names a step or a contact that is no longer there, so it says nothing about the flow.
 * - unfinished: it met a limit of the simulator, so it says nothing about the flow either.
 */
export const flowTestStatuses = ["passed", "failed", "broken", "unfinished"] as const;
export type FlowTestStatus = (typeof flowTestStatuses)[number];

/** What came otherwise, in sentences. `nodeId` is the step at which it shows, where there is one. */
export const FlowTestFailure = z.object({ nodeId: z.string().nullable(), expected: z.string(), actual: z.string() });
export type FlowTestFailure = z.infer<typeof FlowTestFailure>;

export const FlowTestResult = z.object({
  status: z.enum(flowTestStatuses),
  failures: z.array(FlowTestFailure),
  /** What was walked: what is edited, or what is live; and its revision, by which one sees whether it was changed since. */
  of: z.enum(["draft", "live"]),
  revision: DraftRevision,
  /** The number of the version, where the result was found when it was published. */
  version: z.number().int().nullable(),
  ranAt: Timestamp,
});
export type FlowTestResult = z.infer<typeof FlowTestResult>;

export const FlowTest = z.object({
  id: Uuid,
  flowId: Uuid,
  name: z.string(),
  script: FlowTestScript,
  expect: z.array(Expectation),
  /** The name of the contact that is walked or was copied; null for one that was made up. */
  contactName: z.string().nullable(),
  /** What the last run found; null before the first. */
  lastResult: FlowTestResult.nullable(),
  createdAt: Timestamp,
  createdByName: z.string().nullable(),
});
export type FlowTest = z.infer<typeof FlowTest>;

export const FlowTestList = z.object({
  items: z.array(FlowTest),
  /** The revision of what is edited now. */
  revision: DraftRevision,
});
export type FlowTestList = z.infer<typeof FlowTestList>;

export const FlowTestRun = z.strictObject({
  of: z.enum(["draft", "live"]).default("draft"),
  /** Only these; all tests of the flow, where it is left out. */
  tests: z.array(Uuid).min(1).max(flowTestLimits.perFlow).optional(),
});
export type FlowTestRun = z.infer<typeof FlowTestRun>;

export const FlowTestRunAnswer = z.object({
  results: z.array(z.object({ testId: Uuid, name: z.string(), result: FlowTestResult })),
  /** The ways between steps that none of these tests has walked. `exit` is null for the first exit of a step. */
  unwalked: z.array(z.object({ nodeId: z.string(), exit: z.string().nullable(), target: z.string() })),
});
export type FlowTestRunAnswer = z.infer<typeof FlowTestRunAnswer>;

/** What the tests of a flow said when a version of it was published. */
export const PublishedTests = z.object({
  passed: z.number().int(),
  /** The names of those that did not pass. */
  failed: z.array(z.string()),
  /** Why it was published all the same. */
  reason: z.string().nullable(),
});
export type PublishedTests = z.infer<typeof PublishedTests>;

/** A graph in which a test looks for its steps. */
export type TestedGraph = Pick<z.infer<typeof FlowGraph>, "nodes" | "edges">;
