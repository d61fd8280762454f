/** What is seen of a flow in a text before the server has read it. */
export interface FlowText {
  text: string;
  name: string;
  steps: number;
  connections: number;
  /** Sluice wrote it. */
  isOurs: boolean;
}

/**
 * Reads a text as far as needed to say what it is. `parts` are steps that were copied in the builder. Undefined where it is
 * no flow at all; the server says why, to whoever wants to import it.
 */
export function readFlowText(text: string): FlowText | "parts" | undefined {
  const flow = findFlow(parse(text));
  if (!flow) return undefined;
  if (flow.sluice === "flow-part") return "parts";
  const { name, nodes, edges } = flow;
  return {
    text,
    name: typeof name === "string" ? name.trim().slice(0, 200) : "",
    steps: nodes.length,
    connections: Array.isArray(edges) ? edges.length : 0,
    isOurs: flow.sluice === "flow",
  };
}

type Holder = Record<string, unknown>;

/** A flow may stand in a list of one, or under a name. */
function findFlow(value: unknown): (Holder & { nodes: unknown[] }) | undefined {
  const one = Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value;
  if (!isObject(one)) return undefined;
  return [one, one.flow, one.workflow, one.data].find(
    (each): each is Holder & { nodes: unknown[] } => isObject(each) && Array.isArray(each.nodes),
  );
}

const isObject = (value: unknown): value is Holder => typeof value === "object" && value !== null && !Array.isArray(value);

function parse(text: string): unknown {
  if (!/^\uFEFF?\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}
