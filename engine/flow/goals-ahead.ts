import { findDistances } from "#contract/graph-search.ts";

/** The part of a ReadyNode that this function reads. */
type Nodes = ReadonlyMap<
  string,
  { id: string; definition: { isGoal?: true }; targets: ReadonlyMap<string, string>; passedBy?: string | null }
>;

/**
 * The goals that lie ahead of each node, the nearest first. An execution jumps to a goal from any node before it, so it
 * checks these goals at each of its nodes.
 */
export function findGoalsAhead(nodes: Nodes): ReadonlyMap<string, readonly string[]> {
  const ahead = new Map<string, { goal: string; distance: number }[]>();
  const goals = [...nodes.values()].filter(({ definition, passedBy }) => definition.isGoal && passedBy === undefined);
  if (goals.length === 0) return new Map();
  const entering = new Map<string, string[]>();
  for (const { id, targets } of nodes.values()) {
    for (const target of targets.values()) entering.set(target, [...(entering.get(target) ?? []), id]);
  }
  for (const goal of goals) {
    for (const [id, distance] of findDistances([goal.id], (each) => entering.get(each) ?? [])) {
      if (id !== goal.id) ahead.set(id, [...(ahead.get(id) ?? []), { goal: goal.id, distance }]);
    }
  }
  const nearest = (list: { goal: string; distance: number }[]) => list.sort((a, b) => a.distance - b.distance).map(({ goal }) => goal);
  return new Map([...ahead].map(([id, list]) => [id, nearest(list)]));
}
