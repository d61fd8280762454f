import type { FlowEdge, FlowGraph, FlowNode } from "#contract/flows.ts";

/** A flow that ships with the product. */
export interface DrawnFlow extends FlowGraph {
  name: string;
}

export interface Box {
  id: string;
  type: string;
  label: string;
  config: Record<string, unknown>;
  /** What its author should know, shown with the step. */
  note?: string;
  /** How many columns to the right of the middle the box stands. */
  column?: number;
}

/** Draws one box per row, from the top. `edges` are written as "from→to" or "from.exit→to". */
export function drawFlow(name: string, boxes: Box[], edges: string[]): DrawnFlow {
  const rows = new Map<string, number>();
  const nodes = boxes.map(({ id, type, label, config, note, column = 0 }, index): FlowNode => {
    const above = edges.map(readEdge).filter(({ target }) => target === id);
    const row = above.length === 0 ? index : 1 + Math.max(...above.map(({ source }) => rows.get(source) ?? 0));
    rows.set(id, row);
    return { id, type, position: { x: column * 280, y: row * 140 }, data: { label, config, ...(note !== undefined && { note }) } };
  });
  return { name, nodes, edges: edges.map(readEdge) };
}

function readEdge(text: string): FlowEdge {
  const [from = "", target = ""] = text.split("→");
  const [source = "", sourceHandle = "next"] = from.split(".");
  return { id: text.replace("→", "-"), source, target, sourceHandle };
}
