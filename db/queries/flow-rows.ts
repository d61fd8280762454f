import { type Flow, FlowEdge, FlowNode } from "#contract/flows.ts";

/** A graph as it lies in the table: other tools write there too, so it may be anything. */
export interface StoredGraph {
  nodes: unknown;
  edges: unknown;
}

/**
 * As much of a stored graph as can be drawn. What cannot is left out here and only here: the row keeps it, and the check
 * of the whole graph names it as a problem.
 */
export function toGraph({ nodes, edges }: StoredGraph): Pick<Flow, "nodes" | "edges"> {
  return {
    nodes: asList(nodes).flatMap((node) => {
      const parsed = FlowNode.safeParse({ data: {}, ...(isObject(node) ? withoutNulls(node) : {}) });
      return parsed.success ? [parsed.data] : [];
    }),
    edges: asList(edges).flatMap((edge) => {
      const parsed = FlowEdge.safeParse(edge);
      return parsed.success ? [parsed.data] : [];
    }),
  };
}

/** The stored settings of a flow. Other tools write there too; what is no object counts as none. */
export const toSettings = (settings: unknown): Record<string, unknown> => (isObject(settings) ? { ...settings } : {});

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
/** `data: null` and `position: null` are written by some tools and mean the same as nothing. */
const withoutNulls = (node: Record<string, unknown>) => Object.fromEntries(Object.entries(node).filter(([, value]) => value !== null));
