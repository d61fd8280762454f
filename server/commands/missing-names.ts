import type { FlowNode, FlowProblem } from "#contract/flows.ts";
import { findNearest } from "#contract/nearest-name.ts";
import type { Tx } from "#db/client.ts";
import { listFlowIds } from "#db/queries/flows.ts";
import { listSecrets } from "#db/queries/workspace-secrets.ts";
import { namedFlows } from "#nodes/graph/named-flows.ts";
import { namedSecrets } from "#nodes/graph/named-secrets.ts";
import { findArchivedFlows } from "./archived-flows.ts";

interface Graph {
  workspaceId: string;
  nodes: readonly FlowNode[];
}

/** Nobody reads more of them. */
const mostTold = 100;

/** What a graph names and its workspace does not have: other flows and secrets. Only the database knows them. */
export async function findMissingNames(db: Tx, graph: Graph): Promise<FlowProblem[]> {
  return [...(await missingFlows(db, graph)), ...(await findArchivedFlows(db, graph)), ...(await missingSecrets(db, graph))];
}

/** The refusal is the same for a flow that does not exist and one of another workspace. */
async function missingFlows(db: Tx, { workspaceId, nodes }: Graph): Promise<FlowProblem[]> {
  const named = namedFlows(nodes);
  if (named.length === 0) return [];
  const known = new Set(await listFlowIds(db, { workspaceId, ids: named.map(({ flowId }) => flowId) }));
  return named
    .filter(({ flowId }) => !known.has(flowId))
    .map(({ nodeId, field }) => {
      return { severity: "error", code: "flow_missing", message: "There is no such flow in this workspace.", nodeId, field };
    });
}

async function missingSecrets(db: Tx, { workspaceId, nodes }: Graph): Promise<FlowProblem[]> {
  const named = namedSecrets(nodes);
  if (named.length === 0) return [];
  const known = (await listSecrets(db, { workspaceId })).map(({ name }) => name);
  return named
    .filter(({ name }) => !known.includes(name))
    .slice(0, mostTold)
    .map(({ nodeId, field, name }) => {
      const near = findNearest(name, known);
      const advice = near === undefined ? "Store it first, or take it out." : `Did you mean {{ secrets.${near} }}?`;
      return {
        severity: "error",
        code: "secret_missing",
        message: `This workspace has no secret "${name}". ${advice}`,
        nodeId,
        field,
        ...(near === undefined
          ? { fix: { kind: "open", label: "Open the secrets", value: "/settings/secrets" } }
          : {
              suggestion: `secrets.${near}`,
              fix: { kind: "replace_field", label: `Use ${near}`, value: { from: `secrets.${name}`, to: `secrets.${near}` } },
            }),
      };
    });
}
