import type { FlowEdge, FlowGraph, FlowNode } from "#contract/flows.ts";

/** Numbers that look random and are the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A way out of a piece of a flow that is not yet tied to anything. */
interface LooseEnd {
  source: string;
  handle?: string;
}

/**
 * A flow as people draw them: steps one after the other, conditions whose branches meet again, branches that end, and
 * branches without a step. The same seed gives the same flow.
 */
export function randomFlow(steps: number, seed: number): FlowGraph {
  const random = randomNumbers(seed);
  const nodes: FlowNode[] = [];
  const edges: FlowEdge[] = [];
  const add = (type: string, config: Record<string, unknown>): string => {
    const id = `${type}-${nodes.length}`;
    nodes.push({ id, type, position: { x: 0, y: 0 }, data: { label: `Step ${nodes.length}`, config } });
    return id;
  };
  const tie = (ends: LooseEnd[], target: string) => {
    for (const { source, handle } of ends) edges.push({ id: `${source} ${handle ?? ""} ${target}`, source, target, sourceHandle: handle });
  };
  const grow = (ends: LooseEnd[], until: number): LooseEnd[] => {
    let open = ends;
    while (nodes.length < until) {
      const left = until - nodes.length;
      if (left < 4 || random() < 0.7) {
        const id = add("delay", { mode: "duration", amount: 1, unit: "days" });
        tie(open, id);
        open = [{ source: id }];
        continue;
      }
      const branches = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) => ({
        id: `b${index}`,
        label: `Branch ${index + 1}`,
        tests: [{ field: "email", operator: "is_not_empty" }],
      }));
      const id = add("condition", { branches });
      tie(open, id);
      const ways = [...branches.map((branch) => branch.id), "otherwise"];
      const share = 1 + Math.floor((random() * Math.min(left - 2, 24)) / ways.length);
      // Branches without a step of their own and branches that end stand between the others.
      const grown = ways.map((handle) => {
        const steps = random() < 0.2 ? 0 : share;
        return { ends: random() < 0.15, open: grow([{ source: id, handle }], Math.min(until - 1, nodes.length + steps)) };
      });
      const kept = grown.filter((way) => !way.ends);
      open = (kept.length > 0 ? kept : grown.slice(0, 1)).flatMap((way) => way.open);
    }
    return open;
  };
  const start = add("start", {});
  grow([{ source: start }], steps);
  return { nodes, edges };
}
