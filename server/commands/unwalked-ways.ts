import type { FlowTestRunAnswer, TestedGraph } from "#contract/flow-tests.ts";
import type { Simulation } from "#contract/simulations.ts";

/** The edges of a flow that none of these simulations has taken. An edge without a handle leaves by the first exit of its step. */
export function unwalkedWays({ edges }: TestedGraph, walked: readonly Simulation[], flowId: string): FlowTestRunAnswer["unwalked"] {
  const taken = new Set(walked.flatMap((simulation) => stridesOf(simulation, flowId)));
  return edges.flatMap(({ source, sourceHandle, target }) =>
    taken.has(strideOf(source, target, sourceHandle ?? null)) ? [] : [{ nodeId: source, exit: sourceHandle ?? null, target }],
  );
}

/** Each step from one node to the next: by its exit, and also without it. */
function stridesOf({ steps }: Simulation, flowId: string): string[] {
  const visits = [...new Map(steps.filter((step) => step.flowId === flowId).map((step) => [step.visit, step])).values()];
  return visits.slice(1).flatMap(({ nodeId }, index) => {
    const { nodeId: from, exit } = visits[index] as (typeof visits)[number];
    return [strideOf(from, nodeId, exit), strideOf(from, nodeId, null)];
  });
}

const strideOf = (from: string, to: string, exit: string | null) => JSON.stringify([from, to, exit]);
