import type { z } from "zod";
import { writeFieldPath } from "#contract/field-path.ts";
import { findDistances } from "#contract/graph-search.ts";
import { parseTemplate } from "#contract/template.ts";
import { addJumps } from "./add-jumps.ts";
import { findArrivals } from "./arrivals.ts";
import { checkEdges } from "./check-edges.ts";
import { checkNodes } from "./check-nodes.ts";
import { type CheckedNode, precedingIn } from "./checked-node.ts";
import { findEntries } from "./find-entry.ts";
import { textsAt } from "./texts-at.ts";

/** A name that earlier steps leave for a step. `isSure`: every way there sets it; otherwise only some do. */
export interface NameOnWays {
  path: string;
  isSure: boolean;
  /** The node that sets it; the first of them where there are several. */
  nodeId: string;
}

const unheard = () => undefined;

/** The variables and results that a step can read, by what all ways to it set, and some. */
export function namesOnWays(graph: { nodes: readonly unknown[]; edges: readonly unknown[] }, nodeId: string): NameOnWays[] {
  const nodes = checkNodes([...graph.nodes], unheard);
  const { targets } = checkEdges([...graph.edges], nodes, unheard);
  const entries = findEntries(nodes, targets, unheard);
  addJumps(nodes, targets, unheard);

  const setters = new Map([...nodes.values()].map((node) => [node.id, node.isOff ? [] : namesSetBy(node)] as const));
  const arrivals = findArrivals({ nodes, targets, entries, edgeIds: new Map() }, ({ id, exits }, exit) => {
    const isFirst = (exits?.[0]?.handle ?? exit) === exit;
    const isSure = ({ when }: SetName) => when === "always" || (when === "first_exit" && isFirst);
    const [adds, mayAdd] = [true, false].map((sure) =>
      (setters.get(id) ?? []).filter((one) => isSure(one) === sure).map(({ path }) => path),
    );
    return { adds, mayAdd };
  });
  const arrival = arrivals.get(nodeId);
  if (!arrival) return [];
  const before = findDistances([nodeId], precedingIn(targets));
  const earlier = [...arrivals.keys()].filter((id) => id !== nodeId && before.has(id));
  const setterOf = (path: string) => earlier.find((id) => setters.get(id)?.some((one) => one.path === path)) ?? nodeId;
  return [...arrival.sometimes].map((path) => ({ path, isSure: arrival.always.has(path), nodeId: setterOf(path) }));
}

interface SetName {
  path: string;
  /** `sometimes`: the value may as well be taken away. */
  when: "always" | "first_exit" | "sometimes";
}

function namesSetBy({ definition, config, key }: CheckedNode): SetName[] {
  const { variables = [], templates = [], outputs = [] } = definition?.names ?? {};
  // A text with a field that has no value sets nothing.
  const isFilled = textsAt(config, templates).every(
    ({ text }) => text.trim() !== "" && parseTemplate(text).fields.every(({ filters }) => filters.some(({ name }) => name === "default")),
  );
  const named = textsAt(config, variables).filter(({ text }) => text !== "");
  const ofVariables = named.map(({ text }): SetName => ({ path: `variables.${text}`, when: isFilled ? "always" : "sometimes" }));
  if (key === undefined || !definition) return ofVariables;
  const chosen = textsAt(config, outputs).map(({ text }): SetName => ({ path: writeFieldPath(["steps", key, text]), when: "first_exit" }));
  const declared = Object.entries(definition.output.shape)
    .filter(([name, value]) => name !== "goal" && isPrintable(value as z.ZodType))
    .map(([name]): SetName => ({ path: writeFieldPath(["steps", key, name]), when: "sometimes" }));
  return [...ofVariables, ...chosen, ...declared];
}

/** Whether a text can show a value of the schema. */
function isPrintable(schema: z.ZodType): boolean {
  const { def } = schema as z.ZodType & { def: { type: string; innerType?: z.ZodType } };
  if (def.innerType) return isPrintable(def.innerType);
  return (
    ["string", "number", "boolean", "enum", "literal"].includes(def.type) &&
    !("values" in def && (def as { values: unknown[] }).values[0] === true)
  );
}
