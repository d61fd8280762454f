import type { FlowEdge, FlowGraph, FlowNode } from "#contract/flows.ts";
import { describeNode, type NodeDescription } from "#nodes/describe-node.tsx";
import { stepName } from "../outline/step-name.ts";
import { exitRank, type Head, handleOf, headsOf } from "./exit-heads.ts";
import { partsOf } from "./flow-parts.ts";
import type { LayoutInput } from "./layout.ts";

/** The size of a card. All cards have one size, so that a flow is laid out before anything is drawn. */
export const cardSize = { width: 240, height: 68 } as const;
/** The flag of a goal stands at the left of its card. */
export const flagWidth = 164;

/** What is drawn of a flow, before it has places. */
export interface DrawingPlan {
  isEditable: boolean;
  looks: Map<string, NodeDescription>;
  /** The steps that are switched off. */
  off: Set<string>;
  /** What is noted, by step. */
  notes: Map<string, string>;
  /** By step, the number of edges that lead to it. */
  arrivals: Map<string, number>;
  heads: Head[];
  /** Edges between steps that exist; those of each step from its first exit to its last. */
  edges: FlowEdge[];
  /** By the id of an edge, the box from which its line leaves: the head of its exit, or else the card. */
  leaves: Map<string, string>;
  input: LayoutInput;
}

/**
 * Reads a stored graph. Everything that can be drawn is drawn, whatever is wrong with the graph, but for what is `hidden`: by
 * the rows of branches that are folded, their steps. Where it is left out, no branch can be folded.
 */
export const planDrawing = (graph: FlowGraph, isEditable = false, hidden?: ReadonlyMap<string, readonly string[]>): DrawingPlan => {
  const gone = new Set([...(hidden?.values() ?? [])].flat());
  const all = uniqueById(graph.nodes);
  const nodes = gone.size === 0 ? all : all.filter(({ id }) => !gone.has(id));
  const names = new Map(all.map((node) => [node.id, stepName(node)]));
  const looks = new Map(nodes.map((node) => [node.id, lookOf(node, (id) => names.get(id) ?? id)]));
  const entries = nodes.filter((node) => looks.get(node.id)?.isEntry).map((node) => node.id);
  // Executions begin there, so the layout does too: of the edges of a loop it turns round the one that leads back.
  const ids = [...new Set([...entries, ...looks.keys()])];
  const edges = inExitOrder(uniqueById(graph.edges), ids, looks);
  const leaving = Map.groupBy(edges, (edge) => edge.source);
  const arriving = Map.groupBy(edges, (edge) => edge.target);
  const arrivalsAt = (id: string) => arriving.get(id)?.length ?? 0;
  const heads = ids.flatMap((id) => headsOf(id, looks.get(id) as NodeDescription, leaving.get(id) ?? [], isEditable, hidden, arrivalsAt));
  const headOf = new Map(heads.map((head) => [head.id, head]));
  const leaves = new Map(
    edges.map((edge) => {
      const head = `${edge.source}\n${handleOf(edge, looks.get(edge.source) as NodeDescription)}`;
      return [edge.id, headOf.has(head) ? head : edge.source];
    }),
  );
  const jumps = heads.flatMap(({ stepId, jumpsTo }) =>
    jumpsTo !== undefined && looks.has(jumpsTo) ? [{ from: stepId, to: jumpsTo }] : [],
  );
  const parts = partsOf(ids, entries, [...edges.map(({ source, target }) => ({ from: source, to: target })), ...jumps]);
  const partOf = (stepId: string) => parts.get(stepId) ?? 0;
  return {
    isEditable,
    looks,
    off: new Set(nodes.filter(({ data }) => data.off === true).map(({ id }) => id)),
    notes: new Map(nodes.flatMap(({ id, data }) => (data.note?.trim() ? [[id, data.note.trim()] as const] : []))),
    arrivals: new Map([...arriving].map(([id, into]) => [id, into.length])),
    heads,
    edges,
    leaves,
    input: {
      boxes: [
        ...ids.map((id) => {
          // As much room on both sides keeps the card of a goal in line with the others.
          const width = cardSize.width + (looks.get(id)?.isGoal ? 2 * flagWidth : 0);
          return { id, width, height: cardSize.height, part: partOf(id) };
        }),
        ...heads.map(({ id, stepId, width, height }) => ({ id, width, height, part: partOf(stepId) })),
      ],
      links: [
        ...heads.map(({ id, stepId }) => ({ id: stemOf(id), from: stepId, to: id, isStem: true })),
        ...edges.map(({ id, target }) => ({ id, from: leaves.get(id) as string, to: target, isStem: false })),
      ],
    },
  };
};

/** What is known of steps that cannot change any more. Reading the settings of one takes longer than all else. */
const described = new WeakMap<FlowNode, NodeDescription>();

const lookOf = (node: FlowNode, nameOf: (id: string) => string): NodeDescription => {
  const known = described.get(node);
  if (known) return known;
  const look = describeNode(node, nameOf);
  // The words for a jump hold the name of another step.
  if (Object.isFrozen(node) && Object.keys(look.jumps).length === 0) described.set(node, look);
  return look;
};

/** The id of the line from a card to one of its heads. */
export const stemOf = (headId: string): string => `${headId}\nstem`;

const inExitOrder = (edges: readonly FlowEdge[], ids: readonly string[], looks: Map<string, NodeDescription>): FlowEdge[] => {
  const places = new Map(ids.map((id, index) => [id, index]));
  const place = (edge: FlowEdge) => places.get(edge.source) as number;
  const exit = (edge: FlowEdge) => {
    const source = looks.get(edge.source) as NodeDescription;
    return exitRank(handleOf(edge, source), source);
  };
  return edges.filter((edge) => looks.has(edge.source) && looks.has(edge.target)).sort((a, b) => place(a) - place(b) || exit(a) - exit(b));
};

const uniqueById = <T extends { id: string }>(items: readonly T[]): T[] => [...new Map(items.map((item) => [item.id, item])).values()];
