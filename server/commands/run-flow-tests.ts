import { type FlowTest, type FlowTestResult, type FlowTestRunAnswer, flowTestLimits, type TestedGraph } from "#contract/flow-tests.ts";
import type { Simulation } from "#contract/simulations.ts";
import type { Tx } from "#db/client.ts";
import { findDraft } from "#db/queries/flow-drafts.ts";
import { toGraph } from "#db/queries/flow-rows.ts";
import { listFlowTests } from "#db/queries/flow-tests.ts";
import { findFlow } from "#db/queries/flows.ts";
import { EngineRefusal } from "#engine/base/refusal.ts";
import type { Simulate } from "#engine/simulation/simulate.ts";
import { judgeFlowTest } from "#nodes/flow-tests/judge-flow-test.ts";
import { namedSteps } from "#nodes/flow-tests/named-steps.ts";
import { type NameStep, stepNames } from "#nodes/flow-tests/step-names.ts";
import { ApiError, notFound } from "../http/errors.ts";
import { simulateFlow } from "./simulate-flow.ts";
import { unwalkedWays } from "./unwalked-ways.ts";

interface Run {
  /** A minute of simulations holds none. */
  inTransaction: <T>(fn: (db: Tx) => Promise<T>) => Promise<T>;
  workspaceId: string;
  flowId: string;
  of: "draft" | "live";
  /** Only these; all of the flow, where it is undefined. */
  tests?: readonly string[] | undefined;
  simulate: Simulate;
  /** Of numbers without a country code. */
  country: string;
}

/**
 * Runs tests of a flow, one after the other, and saves nothing. Whether one passes depends on what it walks and never on
 * how long that takes: one for which there was no time is told as not finished.
 * @throws ApiError flow_not_found, not_found for a test that the flow does not have
 * @throws EngineRefusal flow_invalid, flow_has_no_steps, simulator_busy
 */
export async function runFlowTests(run: Run): Promise<FlowTestRunAnswer> {
  const { inTransaction, workspaceId, flowId, of } = run;
  const { draft, live, all } = await inTransaction(async (db) => ({
    draft: await findDraft(db, { workspaceId, flowId }),
    live: await findFlow(db, { workspaceId, id: flowId }),
    all: await listFlowTests(db, { workspaceId, flowId }),
  }));
  if (!draft || !live) throw notFound("flow_not_found");
  const graph = toGraph(of === "draft" ? draft : live);
  const revision = of === "draft" ? draft.revision : draft.live;
  const chosen = run.tests === undefined ? all : all.filter(({ id }) => run.tests?.includes(id));
  if (run.tests?.some((id) => !chosen.some((test) => test.id === id))) throw notFound();
  const name = stepNames(graph, toGraph(live));
  const endsAt = performance.now() + flowTestLimits.seconds * 1_000;
  const walked: Simulation[] = [];
  const results: FlowTestRunAnswer["results"] = [];
  for (const test of chosen) {
    const found = performance.now() > endsAt ? outOfTime : await runTest({ ...run, test, graph, name });
    if (found.simulation) walked.push(found.simulation);
    const { status, failures } = found;
    results.push({
      testId: test.id,
      name: test.name,
      result: { status, failures, of, revision, version: null, ranAt: new Date().toISOString() },
    });
  }
  return { results, unwalked: unwalkedWays(graph, walked, flowId) };
}

type Found = Pick<FlowTestResult, "status" | "failures"> & { simulation?: Simulation };

const withoutPlace = (status: FlowTestResult["status"], expected: string, actual: string): Found => ({
  status,
  failures: [{ nodeId: null, expected, actual }],
});

const outOfTime = withoutPlace(
  "unfinished",
  "The tests of a flow are run within a minute.",
  "The others took all of it. Run this test by itself.",
);

async function runTest({ test, graph, name, ...run }: Run & { test: FlowTest; graph: TestedGraph; name: NameStep }): Promise<Found> {
  const { flowId } = run;
  const isThere = new Set(graph.nodes.map(({ id }) => id));
  const gone = namedSteps(test).filter((id) => !isThere.has(id));
  if (gone.length > 0) {
    return {
      status: "broken",
      failures: gone.map((nodeId) => ({
        nodeId,
        expected: `The test names ${name(nodeId)}.`,
        actual: "The step is not in the flow any more. Change what the test expects, or record it anew.",
      })),
    };
  }
  try {
    const input = { ...test.script, of: "draft" as const, graph };
    const simulation = await simulateFlow({ ...run, input });
    const { end } = simulation;
    if (end === "too_many_steps" || end === "too_many_days" || end === "took_too_long") {
      return { ...withoutPlace("unfinished", "The way comes to an end within 1,000 steps and 366 days.", limitWords[end]), simulation };
    }
    const failures = judgeFlowTest({ expect: test.expect, simulation, flowId, name });
    return { status: failures.length === 0 ? "passed" : "failed", failures, simulation };
  } catch (error) {
    if (error instanceof EngineRefusal && error.code === "contact_not_found") {
      return withoutPlace("broken", "The test walks a contact of this workspace.", "The contact was deleted.");
    }
    if (error instanceof ApiError && error.code === "invalid_request") {
      const why = error.problems?.map(({ message }) => message).join(". ") || error.message;
      return withoutPlace("broken", "The script of the test can be walked.", `${why}.`);
    }
    throw error;
  }
}

const limitWords = {
  too_many_steps: "It was still going on after 1,000 steps.",
  too_many_days: "It was still going on after 366 days.",
  took_too_long: "It was still going on after five seconds of work.",
} as const;
