import type { ImportLine } from "#contract/flow-files.ts";
import { cameInAs } from "./came-in-as.ts";
import { freeId, ofEdges } from "./free-id.ts";
import type { Raw } from "./raw-values.ts";
import { translateEdge } from "./translate-edge.ts";
import { type TranslatedNode, translateNode } from "./translate-node.ts";
import { choice } from "./translation.ts";

export interface RawGraph {
  nodes: readonly Raw[];
  edges: readonly Raw[];
}

/**
 * Brings a graph that another product has stored into the words of Sluice: every step that has a counterpart here, in every
 * spelling. Nothing is dropped and no branch is guessed. What is changed keeps how it came in, so that `restoreGraph` gives
 * back what came in. Ids are texts or numbers, and no two nodes or edges have the same; `readFlowFile` sees to that.
 */
export function translateGraph({ nodes, edges }: RawGraph): { nodes: Raw[]; edges: Raw[]; lines: ImportLine[] } {
  const nodeIds = new Set(nodes.map(({ id }) => String(id)));
  const taken = new Set(edges.flatMap(({ id }) => (id === undefined || id === null ? [] : [String(id)])));
  const around = { nodeIds, taken: { nodes: new Set(nodeIds), edges: taken } };
  const translated = new Map(nodes.map((node) => [String(node.id), translateNode(node, String(node.id), around)] as const));
  const told: ImportLine[] = [];
  const drawn = edges.map((raw) => {
    const id = raw.id === undefined || raw.id === null ? freeId(`${raw.source}-${raw.target}`, taken, ofEdges) : String(raw.id);
    const { edge, notes } = translateEdge(raw, id, translated);
    told.push(...notes.map((note) => ({ ...note, nodeId: String(edge.source), edgeId: id })));
    return edge;
  });
  const inner = [...translated.values()].flatMap((node) => node.edges);
  const leads = [...translated.values()].flatMap((node) => followLeads(node, { drawn, nodeIds, taken, told }));
  return {
    nodes: [...translated.values()].flatMap((node) => node.nodes),
    edges: [...drawn, ...inner, ...leads],
    lines: [...[...translated.values()].flatMap(({ notes }) => notes), ...told],
  };
}

/** Connections to the steps that settings name, where none leaves by that exit. */
function followLeads(
  { id: step, last }: TranslatedNode,
  { drawn, nodeIds, taken, told }: { drawn: readonly Raw[]; nodeIds: ReadonlySet<string>; taken: Set<string>; told: ImportLine[] },
): Raw[] {
  const leaving = (exit: string) => drawn.find(({ source, sourceHandle }) => source === last.id && sourceHandle === exit);
  const tell = (message: string) => void told.push({ ...choice(message), nodeId: last.id });
  const made = (last.leads ?? []).flatMap(({ exit, target }): Raw[] => {
    const there = leaving(exit);
    if (there && there.target !== target)
      tell(`By “${exit}” it jumped to “${target}”, and a connection leads to “${there.target}”. The connection counts.`);
    else if (!there && !nodeIds.has(target)) tell(`By “${exit}” it jumped to “${target}”, which is not in this flow. Connect it.`);
    if (there || !nodeIds.has(target)) return [];
    const id = freeId(`${last.id}-${exit}-${target}`, taken, ofEdges);
    return [{ id, source: last.id, sourceHandle: exit, target, data: { [cameInAs]: { partOf: step } } }];
  });
  const { mustLead } = last;
  if (mustLead && !leaving(mustLead.exit) && !made.some(({ sourceHandle }) => sourceHandle === mustLead.exit)) tell(mustLead.message);
  return made;
}
