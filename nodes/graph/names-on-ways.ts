import type { z } from "zod";
import { writeFieldPath } from "#contract/field-path.ts";
import { FlowInput, type InputType, isNothing } from "#contract/flow-inputs.ts";
import { findDistances } from "#contract/graph-search.ts";
import { parseTemplate } from "#contract/template.ts";
import { addJumps } from "./add-jumps.ts";
import { findArrivals } from "./arrivals.ts";
import { checkEdges } from "./check-edges.ts";
import { checkNodes } from "./check-nodes.ts";
import { type CheckedNode, isRecord, precedingIn } from "./checked-node.ts";
import { findEntries } from "./find-entry.ts";
import { textsAt } from "./texts-at.ts";

/** A name that earlier steps leave for a step. `isSure`: every way there sets it; otherwise only some do. */
export interface NameOnWays {
  path: string;
  isSure: boolean;
  /** The node that sets it; the first of them where there are several. */
  nodeId: string;
  /** What the flow asks for when it is sent, as it says it. */
  input?: { label: string; type: InputType; choices?: readonly string[] };
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
  const inputs = new Map([...setters.values()].flat().flatMap(({ path, input }) => (input ? [[path, input] as const] : [])));
  return [...arrival.sometimes].map((path) => {
    const input = inputs.get(path);
    return { path, isSure: arrival.always.has(path), nodeId: setterOf(path), ...(input && { input }) };
  });
}

interface SetName {
  path: string;
  /** `sometimes`: the value may as well be taken away. */
  when: "always" | "first_exit" | "sometimes";
  input?: NameOnWays["input"];
}

function namesSetBy({ definition, config, key }: CheckedNode): SetName[] {
  const { variables = [], templates = [], outputs = [], inputs = [] } = definition?.names ?? {};
  // A text with a field that has no value sets nothing.
  const isFilled = textsAt(config, templates).every(
    ({ text }) => text.trim() !== "" && parseTemplate(text).fields.every(({ filters }) => filters.some(({ name }) => name === "default")),
  );
  const named = textsAt(config, variables).filter(({ text }) => text !== "");
  const ofVariables = named.map(({ text }): SetName => ({ path: `variables.${text}`, when: isFilled ? "always" : "sometimes" }));
  const ofInputs = inputs.length === 0 ? [] : inputsOf(config);
  if (key === undefined || !definition) return [...ofVariables, ...ofInputs];
  const chosen = textsAt(config, outputs).map(({ text }): SetName => ({ path: writeFieldPath(["steps", key, text]), when: "first_exit" }));
  const declared = Object.entries(definition.output.shape)
    .filter(([name, value]) => name !== "goal" && isPrintable(value as z.ZodType))
    .map(([name]): SetName => ({ path: writeFieldPath(["steps", key, name]), when: "sometimes" }));
  return [...ofVariables, ...ofInputs, ...chosen, ...declared];
}

/** Every contact has a value that is needed, or for which there is one where nothing is given. */
function inputsOf(config: unknown): SetName[] {
  const inputs = isRecord(config) && Array.isArray(config.inputs) ? config.inputs : [];
  return inputs.flatMap((one): SetName[] => {
    const input = FlowInput.safeParse(one).data;
    if (!input) return [];
    const { name, label, type, choices, required } = input;
    const when = required || !isNothing(input.default) ? "always" : "sometimes";
    return [{ path: `input.${name}`, when, input: { label, type, ...(choices && { choices }) } }];
  });
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
