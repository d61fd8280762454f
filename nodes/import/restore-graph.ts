import { isDeepStrictEqual } from "node:util";
import { originalOf } from "./came-in-as.ts";
import type { Raw } from "./raw-values.ts";
import { type RawGraph, translateGraph } from "./translate-graph.ts";

/**
 * A graph in the spelling in which it was imported. Steps and connections that were changed since, and new ones, stand as they
 * are now: what came in is put back only where translating it gives what is there.
 */
export function restoreGraph({ nodes, edges }: RawGraph): { nodes: Raw[]; edges: Raw[] } {
  const before = {
    nodes: new Map(nodes.filter((node) => partOf(node) === undefined).map((node) => [String(node.id), originalNode(node)] as const)),
    edges: new Map(edges.filter((edge) => partOf(edge) === undefined).map((edge) => [edge, originalOf(edge) ?? edge] as const)),
  };
  const again = translateGraph({ nodes: [...before.nodes.values()], edges: [...before.edges.values()] });
  const [expected, present] = [groups(again), groups({ nodes, edges })];
  const isWhole = (id: string | undefined): id is string => id !== undefined && isDeepStrictEqual(expected.get(id), present.get(id));
  const whole = new Set([...before.nodes.keys()].filter(isWhole));
  const stepOf = new Map(nodes.map((node) => [String(node.id), partOf(node) ?? String(node.id)] as const));
  const edgesAgain = new Map(again.edges.map((edge) => [String(edge.id), edge]));
  return {
    nodes: nodes.flatMap((node) => {
      const part = partOf(node);
      if (part !== undefined) return whole.has(part) ? [] : [node];
      return [(whole.has(String(node.id)) ? before.nodes.get(String(node.id)) : undefined) ?? node];
    }),
    edges: edges.flatMap((edge) => {
      const part = partOf(edge);
      if (part !== undefined) return whole.has(part) ? [] : [edge];
      const isKept = whole.has(stepOf.get(String(edge.source)) ?? "") && isDeepStrictEqual(edgesAgain.get(String(edge.id)), edge);
      return [(isKept ? before.edges.get(edge) : undefined) ?? edge];
    }),
  };
}

const partOf = (item: Raw): string | undefined => {
  const part = originalOf(item)?.partOf;
  return typeof part === "string" ? part : undefined;
};

function originalNode(node: Raw): Raw {
  const original = originalOf(node);
  if (!original) return node;
  const { type: _type, data: _data, ...others } = node;
  return { ...others, ...original };
}

/** Each step with everything that was made of it: its nodes and the connections that came with them, by their ids. */
function groups({ nodes, edges }: RawGraph): Map<string, Record<string, Raw>> {
  const made = new Map<string, Record<string, Raw>>();
  const add = (step: string, key: string, item: Raw) => void made.set(step, { ...made.get(step), [key]: item });
  for (const node of nodes) add(partOf(node) ?? String(node.id), `node ${node.id}`, node);
  for (const edge of edges) {
    const part = partOf(edge);
    if (part !== undefined) add(part, `edge ${edge.id}`, edge);
  }
  return made;
}
