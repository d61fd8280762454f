import type { FlowProblem } from "#contract/flows.ts";
import { flowLimits } from "#contract/flows.ts";
import { addJumps } from "./add-jumps.ts";
import { checkEdges } from "./check-edges.ts";
import { checkNodes } from "./check-nodes.ts";
import { checkPaths, checkSelfStarts } from "./check-paths.ts";
import { checkSize } from "./check-size.ts";
import { isRecord, type Report } from "./checked-node.ts";
import { findEntries } from "./find-entry.ts";

/**
 * Finds everything that is wrong with a graph, at once. Any value may come in: a draft, an import, or the request of a
 * stranger. The check is pure and takes time in proportion to the size of the graph, so that the builder can run it as
 * its author draws and the engine before every send. `flowId` is the flow whose graph it is; with it the check sees
 * where the flow starts itself.
 */
export function validateFlow(graph: unknown, flowId?: string): FlowProblem[] {
  const problems: FlowProblem[] = [];
  const report: Report = (code, message, where = {}) => {
    problems.push({ severity: code === "unreachable" ? "warning" : "error", code, message, ...where });
  };
  if (!isRecord(graph) || !Array.isArray(graph.nodes) || !Array.isArray(graph.edges)) {
    report("malformed", "A flow is an object with a list of nodes and a list of edges.");
    return problems;
  }
  const { nodes, edges } = graph as { nodes: unknown[]; edges: unknown[] };
  // A graph beyond the limits is not looked at any further, because looking is what would cost.
  if (nodes.length > flowLimits.nodes) report("too_large", `The flow has ${nodes.length} nodes; ${flowLimits.nodes} are allowed.`);
  if (edges.length > flowLimits.edges) report("too_large", `The flow has ${edges.length} edges; ${flowLimits.edges} are allowed.`);
  if (problems.length > 0 || !checkSize(nodes, edges, report)) return problems;

  const checked = checkNodes(nodes, report);
  const targets = checkEdges(edges, checked, report);
  const entries = findEntries(checked, targets, report);
  addJumps(checked, targets, report);
  checkPaths(checked, targets, entries, report);
  checkSelfStarts(checked, targets, { flowId, entry: entries[0] }, report);
  return problems;
}
