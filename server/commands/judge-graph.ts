import type { FlowProblem } from "#contract/flows.ts";
import { validateFlow } from "#nodes/graph/validate-flow.ts";
import { createProcessorShares } from "./processor-shares.ts";

/** There is one per process, because there is one processor. */
const shares = createProcessorShares();

/** What is wrong with a graph, as for validateFlow. @throws ApiError workspace_busy where the workspace asks for more than its share */
export const judgeGraph = (workspaceId: string, ...graph: Parameters<typeof validateFlow>): FlowProblem[] =>
  shares.during(workspaceId, () => validateFlow(...graph));
