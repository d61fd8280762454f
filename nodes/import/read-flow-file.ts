import type { Problem } from "#contract/api-errors.ts";
import { deepestJson, jsonExcess, mostJsonParts, parseExactJson } from "#contract/exact-json.ts";
import { flowLimits } from "#contract/flows.ts";
import { measureValue } from "#contract/measure-value.ts";
import { forbiddenWords } from "#contract/paths.ts";
import { isStorableJson } from "#contract/storable.ts";
import { isRecord } from "../graph/checked-node.ts";
import { validateFlow } from "../graph/validate-flow.ts";
import type { Raw } from "./raw-values.ts";
import { readStep } from "./read-step.ts";
import { type RawGraph, translateGraph } from "./translate-graph.ts";

export interface FlowFileContent extends RawGraph {
  /** Undefined where the file names none. */
  name: string | undefined;
  settings: Raw;
  folder: readonly string[] | undefined;
  /** Sluice wrote the file, so nothing in it needs translation. */
  isOurs: boolean;
  /** What else stands in the file beside what is known. */
  others: Raw;
}

/** Keys of a stored flow that belong to where it was stored and mean nothing elsewhere. */
const ofTheirStore = new Set([
  "id",
  "workspace_id",
  "workspaceId",
  "folder_id",
  "folderId",
  "created_at",
  "createdAt",
  "updated_at",
  "updatedAt",
  "user_id",
]);
const known = new Set(["sluice", "version", "name", "nodes", "edges", "settings", "folder", "requires", ...ofTheirStore]);

type Reading = { content: FlowFileContent; problems?: undefined } | { content?: undefined; problems: Problem[] };

/** Reads a flow out of a file of Sluice, or as another product stores it. What cannot be kept as a draft is refused with all problems. */
export function readFlowFile(file: string | Raw): Reading {
  const parsed = typeof file === "string" ? parse(file) : { value: file as unknown };
  if ("problem" in parsed) return refuse([parsed.problem]);
  const flow = unwrap(parsed.value);
  if (!isRecord(flow)) return refuse(["It holds no flow: a flow is an object with a list of nodes."]);
  if (flow.sluice === "flow-part") return refuse(["It holds copied steps and no whole flow. Open a flow and paste them there."]);
  if (flow.sluice === "flow" && flow.version !== 1) return refuse(["A newer version of Sluice has written it. Update this one first."]);
  const [nodes, edges] = [flow.nodes, flow.edges ?? []];
  if (!Array.isArray(nodes) || !Array.isArray(edges)) return refuse(["It holds no flow: nodes and edges must be lists."]);
  const tooLarge = judgeSize(nodes, edges);
  const problems = [...tooLarge, ...judgeWhole(flow, nodes), ...judgeItems("nodes", nodes), ...judgeItems("edges", edges)];
  // What is too large is not looked at any further, because looking is what would cost.
  const rest = problems.length === 0 || tooLarge.length > 0 ? [] : judgeRest(nodes, edges);
  if (problems.length > 0) return { problems: shorten([...problems, ...rest]) };
  const settings = isRecord(flow.settings) ? flow.settings : {};
  const isOurs = flow.sluice === "flow";
  const others = Object.fromEntries(Object.entries(flow).filter(([key]) => !known.has(key)));
  const folder = Array.isArray(flow.folder) ? flow.folder.filter((name) => typeof name === "string") : undefined;
  return { content: { name: nameOf(flow.name), nodes, edges, settings, folder, isOurs, others: isOurs ? {} : others } };
}

const refuse = (messages: readonly string[]) => ({ problems: messages.map((message) => ({ path: "file", message })) });

function parse(text: string): { value: unknown } | { problem: string } {
  if (text.trim() === "") return { problem: "It is empty." };
  const excess = jsonExcess(text);
  if (excess === "depth") return { problem: `It is nested deeper than ${count(deepestJson)} levels.` };
  if (excess === "parts") return { problem: `It holds more than ${count(mostJsonParts)} values.` };
  try {
    return { value: parseExactJson(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { problem: `It is not JSON: ${error.message.slice(0, 200)}` };
  }
}

/** A flow may stand in a list of one, as databases export rows, or under a name. */
function unwrap(value: unknown): unknown {
  const one = Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value;
  if (!isRecord(one) || Array.isArray(one.nodes)) return one;
  return [one.flow, one.workflow, one.data].find((inner) => isRecord(inner) && Array.isArray(inner.nodes)) ?? one;
}

const nameOf = (name: unknown): string | undefined => {
  const text = typeof name === "string" ? name.toWellFormed().replaceAll("\0", "").trim().slice(0, 200).trim() : "";
  return text === "" ? undefined : text;
};

const at = (path: string, message: string): Problem => ({ path, message });
const limits = { nesting: flowLimits.nesting, keys: flowLimits.keys, text: flowLimits.nodeText };
const count = (many: number) => many.toLocaleString("en");

function judgeWhole(flow: Raw, nodes: readonly unknown[]): Problem[] {
  const beside = { ...flow, nodes: [], edges: [] };
  return [...(nodes.length === 0 ? [at("file", "It holds no steps.")] : []), ...judgeValue("settings", "The settings", beside)];
}

/** A step of several actions becomes as many steps. */
const stepsOf = (node: unknown): number => (isRecord(node) ? readStep(node).actions.length : 1);

function judgeSize(nodes: readonly unknown[], edges: readonly unknown[]): Problem[] {
  const steps = nodes.length > flowLimits.nodes ? nodes.length : nodes.reduce<number>((sum, node) => sum + stepsOf(node), 0);
  const characters = [...nodes, ...edges].reduce<number>(
    (sum, item) => sum + measureValue(item, { ...limits, keys: 100_000, text: Number.MAX_SAFE_INTEGER }).characters,
    0,
  );
  return [
    ...(steps > flowLimits.nodes ? [at("nodes", `It has ${count(steps)} steps; a flow has at most ${flowLimits.nodes}.`)] : []),
    ...(edges.length > flowLimits.edges
      ? [at("edges", `It has ${count(edges.length)} connections; a flow has at most ${count(flowLimits.edges)}.`)]
      : []),
    ...(characters > flowLimits.bytes
      ? [
          at(
            "file",
            `Its steps and connections are ${count(Math.ceil(characters / 1024))} KiB; a flow has at most ${flowLimits.bytes / 1024}.`,
          ),
        ]
      : []),
  ];
}

/** Every node and edge must be one that a draft can hold, known by an id of its own. */
function judgeItems(kind: "nodes" | "edges", items: readonly unknown[]): Problem[] {
  const [one, longest] = kind === "nodes" ? ["Step", 100] : ["Connection", 200];
  const seen = new Set<string>();
  return items.flatMap((item, index): Problem[] => {
    const name = `${one} ${index + 1}`;
    if (!isRecord(item)) return [at(`${kind}.${index}`, `${name} is not an object.`)];
    const id = idOf(item.id);
    const path = `${kind}.${id === undefined ? index : id.slice(0, 100)}`;
    const problems = judgeValue(path, name, item);
    if (id === undefined ? kind === "nodes" || (item.id !== undefined && item.id !== null) : id === "" || id.length > longest) {
      problems.push(at(path, `${name} has no id, or one longer than ${longest} characters.`));
    } else if (id !== undefined && seen.has(id)) problems.push(at(path, `${name} has the id “${id}”, which another has.`));
    if (id !== undefined) seen.add(id);
    if (kind === "edges" && [item.source, item.target].some((end) => !idOf(end) || (idOf(end) as string).length > 100)) {
      problems.push(at(path, `${name} does not say which steps it connects.`));
    }
    return problems;
  });
}

const idOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : typeof value === "number" && Number.isFinite(value) ? String(value) : undefined;

const words = {
  nesting: `is nested deeper than ${limits.nesting} levels`,
  keys: `has more than ${count(limits.keys)} properties`,
  text: `holds more than ${limits.text / 1024} KiB`,
  forbidden_name: `has a property named ${forbiddenWords}`,
};

function judgeValue(path: string, name: string, value: unknown): Problem[] {
  const { problem } = measureValue(value, limits);
  if (problem) return [at(path, `${name} ${words[problem]}.`)];
  return isStorableJson(JSON.stringify(value)) ? [] : [at(path, `${name} holds a character that cannot be stored.`)];
}

/** What is wrong besides, with as much of the graph as can be looked at. */
function judgeRest(nodes: readonly unknown[], edges: readonly unknown[]): Problem[] {
  const fits = (item: unknown): item is Raw =>
    isRecord(item) && idOf(item.id) !== undefined && measureValue(item, limits).problem === undefined;
  const connects = (edge: Raw) => idOf(edge.source) !== undefined && idOf(edge.target) !== undefined;
  const graph = translateGraph({ nodes: firstOfEach(nodes.filter(fits)), edges: firstOfEach(edges.filter(fits).filter(connects)) });
  return validateFlow(graph).flatMap(({ severity, code, message, nodeId, edgeId }) =>
    // A step without a counterpart is no reason to refuse a file.
    severity === "error" && code !== "unknown_node_type"
      ? [at(nodeId !== undefined ? `nodes.${nodeId}` : edgeId !== undefined ? `edges.${edgeId}` : "file", message)]
      : [],
  );
}

const firstOfEach = (items: readonly Raw[]): Raw[] =>
  [...new Map(items.toReversed().map((item) => [String(item.id), item])).values()].reverse();

const most = 200;

/** An answer of a thousand sentences helps nobody. */
const shorten = (problems: Problem[]): Problem[] =>
  problems.length <= most ? problems : [...problems.slice(0, most), at("file", `And ${count(problems.length - most)} more.`)];
