import { findRings } from "#contract/graph-search.ts";
import { type CheckedNode, followingIn, type Report, type Targets } from "./checked-node.ts";

/**
 * Adds the jumps of the configurations to the targets, because they count like edges when reachable nodes and rings are
 * looked for. A jump may only lead back to an earlier step.
 */
export function addJumps(nodes: Map<string, CheckedNode>, targets: Targets, report: Report): void {
  const added: { id: string; target: string }[] = [];
  for (const { id, jumps, isOff } of nodes.values()) {
    // Nobody goes back by a step that is switched off.
    if (isOff) continue;
    for (const [exit, target] of Object.entries(jumps)) {
      const leaving = targets.get(id) ?? new Map<string, string>();
      const where = { nodeId: id };
      if (leaving.has(exit))
        report("double_exit", `Where this step goes by "${exit}" is chosen in its settings, so no connection can leave it there.`, where);
      else if (!nodes.has(target))
        report("go_to_target_gone", `It goes back to "${target.slice(0, 100)}", which does not exist.`, { ...where, field: "target" });
      else if (target === id) report("bad_config", "This step goes back to itself. Choose an earlier one.", { ...where, field: "target" });
      else {
        targets.set(id, leaving.set(exit, target));
        added.push({ id, target });
      }
    }
  }
  if (added.length === 0) return;
  const rings = findRings([...nodes.keys()], followingIn(targets));
  const ringOf = new Map(rings.flatMap((ring) => ring.map((id) => [id, ring] as const)));
  for (const { id, target } of added) {
    const ring = ringOf.get(id);
    if (ring && ring === ringOf.get(target)) continue;
    const message = `This step can only go back to an earlier one, and no way leads from "${target}" to it.`;
    report("bad_config", message, { nodeId: id, field: "target" });
  }
}
