import { findDistances } from "#contract/graph-search.ts";
import { type CheckedGraph, type CheckedNode, precedingIn, type Report } from "../graph/checked-node.ts";

const day = 86_400;
const year = 365 * day;

/** Tells of waits that last very long, of holidays that are over, and of goals to which nobody can be drawn. */
export function checkWaits(graph: CheckedGraph, report: Report, today: string): void {
  for (const node of graph.nodes.values()) {
    const longest = longestWait(node);
    if (longest !== undefined && longest.seconds > year) {
      const message = `A contact may stay here for ${Math.round(longest.seconds / day)} days. Is that meant?`;
      report("wait_longer_than_a_year", message, { nodeId: node.id, field: longest.field });
    }
    checkHolidays(node, report, today);
    checkPastDate(node, report);
  }
  checkGoals(graph, report);
}

/** The longest time that a contact stays at a step, and the place that says so. */
function longestWait({ definition, parsed }: CheckedNode): { seconds: number; field: string } | undefined {
  if (parsed === undefined) return undefined;
  const config = parsed as Record<string, unknown>;
  switch (definition?.type) {
    case "delay":
      return { seconds: definition.leastWaitSeconds?.(parsed) ?? 0, field: "amount" };
    case "wait_until":
    case "wait_for_reply":
      return { seconds: Number(config.limitSeconds), field: "limitSeconds" };
    case "goal":
      return config.otherwise === "wait" ? { seconds: Number(config.limitSeconds), field: "limitSeconds" } : undefined;
    case "go_to":
      return { seconds: Number(config.times) * Number(config.pauseSeconds), field: "pauseSeconds" };
    case "start_flow":
      return config.wait === true ? { seconds: Number(config.waitDays) * day, field: "waitDays" } : undefined;
    default:
      return undefined;
  }
}

function checkHolidays({ id: nodeId, definition, parsed }: CheckedNode, report: Report, today: string): void {
  if (definition?.type !== "time_window" || parsed === undefined) return;
  const { holidays } = parsed as { holidays: readonly string[] };
  const past = holidays.filter((holiday) => holiday < today);
  if (past.length === 0 || past.length < holidays.length) return;
  const value = holidays.filter((holiday) => holiday >= today);
  report("holidays_past", "All days on which it is closed are over.", {
    nodeId,
    field: "holidays",
    fix: { kind: "set", label: "Take them out", value },
  });
}

/** A contact was created before it came to a step, so whoever waits until that moment or an earlier one never waits. */
function checkPastDate({ id: nodeId, definition, parsed }: CheckedNode, report: Report): void {
  if (definition?.type !== "delay" || parsed === undefined) return;
  const config = parsed as { mode: string; field: string; offset: { amount: number; unit: string }; time?: string; yearly: boolean };
  if (config.mode !== "until_date" || config.yearly || !["created_at", "updated_at"].includes(config.field)) return;
  const { amount, unit } = config.offset;
  // An hour of the day may still come, unless the day is an earlier one.
  const isPast = config.time === undefined ? amount <= 0 : amount < 0 && ["days", "business_days", "weeks"].includes(unit);
  if (isPast)
    report("date_always_past", "This date is always past when a contact comes here, so nobody waits.", { nodeId, field: "offset" });
}

/** Whether a contact may stand here for longer than a step takes. */
const canRest = ({ definition, parsed }: CheckedNode): boolean =>
  definition !== undefined &&
  parsed !== undefined &&
  (definition.watchesContact?.(parsed) === true ||
    (definition.leastWaitSeconds?.(parsed) ?? 0) > 0 ||
    definition.category === "timing" ||
    (definition.type === "start_flow" && (parsed as { wait: boolean }).wait));

/** A goal draws contacts from where they rest. Where nobody rests before it, it can only be walked into. */
function checkGoals(graph: CheckedGraph, report: Report): void {
  const goals = [...graph.nodes.values()].filter(({ definition }) => definition?.isGoal);
  if (goals.length === 0) return;
  const back = precedingIn(graph.targets);
  for (const { id: nodeId } of goals) {
    const before = [...findDistances(back(nodeId), back).keys()].flatMap((id) => graph.nodes.get(id) ?? []);
    if (before.length === 0 || before.some((node) => node.id !== nodeId && canRest(node))) continue;
    report("goal_unreachable", "Nobody can be drawn to this goal: no step before it waits.", { nodeId });
  }
}
