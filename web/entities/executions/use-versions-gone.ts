import { useQueries } from "@tanstack/react-query";
import type { ExecutionMove, Step } from "#contract/executions.ts";
import type { FlowNode } from "#contract/flows.ts";
import { flowVersionQuery } from "#web/entities/flows/flow-queries.ts";
import { stretchesOf } from "./stretches.ts";

/** The versions through which an execution went. `nodesAt` gives the nodes of the one in which a visit began. */
export function useVersionsGone(
  steps: readonly Step[],
  moves: readonly ExecutionMove[],
  versionId: string,
): { nodesAt: (visit: number) => readonly FlowNode[] | undefined } {
  const stretches = stretchesOf(steps, moves, versionId);
  const versions = useQueries({ queries: stretches.map((one) => flowVersionQuery(one.versionId)) });
  return {
    nodesAt: (visit) => versions[stretches.findIndex((one) => one.steps.some((step) => step.visit === visit))]?.data?.nodes,
  };
}
