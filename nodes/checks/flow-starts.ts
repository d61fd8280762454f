import { findDistances } from "#contract/graph-search.ts";
import { addJumps } from "../graph/add-jumps.ts";
import { checkEdges } from "../graph/check-edges.ts";
import { checkNodes } from "../graph/check-nodes.ts";
import { followingIn } from "../graph/checked-node.ts";
import { findEntries } from "../graph/find-entry.ts";
import { textsAt } from "../graph/texts-at.ts";
import { noFlow } from "../values/no-flow.ts";

/** A step that starts another flow. `rests`: every contact that comes to it has rested for a minute before. */
export interface FlowStart {
  nodeId: string;
  field: string;
  flowId: string;
  rests: boolean;
}

const nothing = () => undefined;

/** The other flows that a stored graph starts, as far as it can be read. */
export function startsIn({ nodes, edges }: { nodes: unknown; edges: unknown }): FlowStart[] {
  if (!Array.isArray(nodes) || !Array.isArray(edges)) return [];
  const checked = checkNodes(nodes, nothing);
  if (![...checked.values()].some(({ starts }) => starts !== undefined)) return [];
  const { targets } = checkEdges(edges, checked, nothing);
  const entries = findEntries(checked, targets, nothing);
  addJumps(checked, targets, nothing);
  const following = followingIn(targets);
  const reached = findDistances(entries, following);
  const restless = findDistances(entries, (id) => (checked.get(id)?.rests ? [] : following(id)));
  return [...checked.values()].flatMap(({ id: nodeId, starts, config, definition }) => {
    if (starts === undefined || starts === noFlow || !reached.has(nodeId)) return [];
    const field = textsAt(config, definition?.names?.flows ?? [])[0]?.at ?? "";
    return [{ nodeId, field, flowId: starts.toLowerCase(), rests: !restless.has(nodeId) }];
  });
}
