import type { z } from "zod";
import { writeFieldPath } from "#contract/field-path.ts";
import { parseTemplate } from "#contract/template.ts";
import { addJumps } from "./add-jumps.ts";
import { checkEdges } from "./check-edges.ts";
import { checkNodes } from "./check-nodes.ts";
import type { CheckedNode } from "./checked-node.ts";
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

/**
 * The variables and results that a step can read, by a pass forward over all ways to it. A goal may be reached from anywhere
 * before it, so nothing is sure there.
 */
export function namesOnWays(graph: { nodes: readonly unknown[]; edges: readonly unknown[] }, nodeId: string): NameOnWays[] {
  const nodes = checkNodes([...graph.nodes], unheard);
  const { targets } = checkEdges([...graph.edges], nodes, unheard);
  const entries = findEntries(nodes, targets, unheard);
  addJumps(nodes, targets, unheard);

  const setters = new Map([...nodes.values()].map((node) => [node.id, namesSetBy(node)] as const));
  /** What is known on arrival at a node that some way reaches: every name, and those that all ways set. */
  const known = new Map<string, { some: Map<string, string>; sure: ReadonlySet<string> }>();
  const queue = [...entries];
  for (const id of entries) known.set(id, { some: new Map(), sure: new Set() });
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const { some, sure } = known.get(id) as NonNullable<ReturnType<typeof known.get>>;
    const sets = setters.get(id) ?? [];
    for (const [exit, target] of targets.get(id) ?? []) {
      const isFirst = (nodes.get(id)?.exits?.[0]?.handle ?? exit) === exit;
      const unsure = new Set(sets.flatMap(({ path, when }) => (when === "sometimes" ? [path] : [])));
      const surely = sets.filter(({ when }) => when === "always" || (when === "first_exit" && isFirst)).map(({ path }) => path);
      const leaving = new Set([...[...sure].filter((path) => !unsure.has(path)), ...surely]);
      const before = known.get(target);
      const arriving = new Map([...sets.map(({ path }) => [path, id] as const), ...some, ...(before?.some ?? [])]);
      const agreed = nodes.get(target)?.definition?.isGoal
        ? new Set<string>()
        : before
          ? new Set([...before.sure].filter((path) => leaving.has(path)))
          : leaving;
      if (before && arriving.size === before.some.size && agreed.size === before.sure.size) continue;
      known.set(target, { some: arriving, sure: agreed });
      queue.push(target);
    }
  }
  const { some, sure } = known.get(nodeId) ?? { some: new Map<string, string>(), sure: new Set<string>() };
  return [...some].map(([path, setBy]) => ({ path, isSure: sure.has(path), nodeId: setBy }));
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
