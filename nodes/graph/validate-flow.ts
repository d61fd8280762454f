import type { FieldCatalogue } from "#contract/fields.ts";
import { problemSeverities } from "#contract/flow-problems.ts";
import type { FlowProblem } from "#contract/flows.ts";
import { flowLimits } from "#contract/flows.ts";
import { advise } from "../checks/advise.ts";
import { checkContactData } from "../checks/contact-data.ts";
import { checkInputs } from "../checks/inputs.ts";
import { checkPlaceholders } from "../checks/placeholders.ts";
import { checkReads } from "../checks/reads.ts";
import { addJumps } from "./add-jumps.ts";
import { checkEdges } from "./check-edges.ts";
import { checkFields } from "./check-fields.ts";
import { checkNodes } from "./check-nodes.ts";
import { checkPaths, checkSelfStarts } from "./check-paths.ts";
import { checkSize } from "./check-size.ts";
import { checkStatuses } from "./check-statuses.ts";
import { isRecord, mostTold, type Report } from "./checked-node.ts";
import { findEntries } from "./find-entry.ts";

interface ValidateOptions {
  judgesNames?: boolean;
  leadStatuses?: readonly { name: string }[];
  advises?: boolean;
  today?: string;
  catalogue?: FieldCatalogue | undefined;
}

/**
 * Finds everything that is wrong with a graph, at once. Any value may come in: a draft, an import, or the request of a
 * stranger. The check is pure and takes time in proportion to the size of the graph, so that the builder can run it as
 * its author draws and the engine before every send. `flowId` is the flow whose graph it is; with it the check sees
 * where the flow starts itself. `judgesNames`: names of fields that never have a value count too. `leadStatuses`: the list of
 * the workspace; where it is given, names that are not in it are told. `advises`: also what can be sent and was probably not
 * meant so; a person who draws wants to know it, and nobody else. `today`: the day that counts as today there. `catalogue`: what
 * the contacts of the workspace have; where it is given, what they lack is told too.
 */
export function validateFlow(
  graph: unknown,
  flowId?: string,
  { judgesNames = true, leadStatuses, advises = false, today, catalogue }: ValidateOptions = {},
): FlowProblem[] {
  const problems: FlowProblem[] = [];
  const report = fewOfEachKind(problems);
  if (!isRecord(graph) || !Array.isArray(graph.nodes) || !Array.isArray(graph.edges)) {
    report("malformed", "A flow is an object with a list of steps (nodes) and a list of connections (edges).");
    return problems;
  }
  const { nodes, edges } = graph as { nodes: unknown[]; edges: unknown[] };
  // A graph beyond the limits is not looked at any further, because looking is what would cost.
  if (nodes.length > flowLimits.nodes) report("too_large", `The flow has ${nodes.length} steps; ${flowLimits.nodes} are allowed.`);
  if (edges.length > flowLimits.edges) report("too_large", `The flow has ${edges.length} connections; ${flowLimits.edges} are allowed.`);
  if (problems.length > 0 || !checkSize(nodes, edges, report)) return problems;

  const checked = checkNodes(nodes, report);
  if (judgesNames && !checkFields(checked, report)) return problems;
  if (leadStatuses) checkStatuses(checked, leadStatuses, report);
  const { targets, edgeIds } = checkEdges(edges, checked, report);
  const entries = findEntries(checked, targets, report);
  addJumps(checked, targets, report);
  checkPaths(checked, targets, entries, report);
  checkSelfStarts(checked, targets, { flowId, entry: entries[0] }, report);
  const whole = { nodes: checked, targets, entries, edgeIds };
  if (judgesNames) {
    checkReads(whole, report, { advises });
    checkInputs(checked, report, { advises });
    checkPlaceholders(checked, report, { advises, catalogue });
  }
  if (advises && catalogue) checkContactData(checked, catalogue, unlessTold(problems, report));
  if (advises) advise(whole, report, today ?? new Date().toISOString().slice(0, 10));
  return problems;
}

/**
 * Of one step or connection a few problems of a kind are enough: a text holds thousands of names, and nobody reads more. An
 * error is left out only where it stands already, so what is left out changes nothing about what may be done with the flow.
 */
function fewOfEachKind(problems: FlowProblem[]): Report {
  const told = new Map<string, number>();
  return (code, message, where = {}) => {
    const problem: FlowProblem = { severity: problemSeverities[code], code, message, ...where };
    const kind = JSON.stringify([code, problem.severity, problem.nodeId, problem.edgeId]);
    const before = told.get(kind) ?? 0;
    if (before === mostTold) return;
    told.set(kind, before + 1);
    problems.push(problem);
  };
}

/** A name that is wrong for every workspace is not told again for this one. */
function unlessTold(problems: readonly FlowProblem[], report: Report): Report {
  const aboutNames: ReadonlySet<string> = new Set(["unknown_field", "doubtful_field", "bad_merge_field"]);
  const placeOf = ({ nodeId, field }: { nodeId?: string; field?: string }) => JSON.stringify([nodeId, field]);
  const wrong = new Set(problems.flatMap((one) => (aboutNames.has(one.code) ? [placeOf(one)] : [])));
  return (code, message, where = {}) => {
    if (!wrong.has(placeOf(where))) report(code, message, where);
  };
}
