import { z } from "zod";
import { FlowEdge, FlowNode, flowLimits } from "./flows.ts";
import { measureValue } from "./measure-value.ts";

/** The most characters of a text that holds a part of a flow. A longer one is not read at all. */
export const longestFlowPart = 2 * flowLimits.bytes;

const Id = FlowNode.shape.id;

/**
 * Steps that were copied out of a flow, as the clipboard and files hold them. `entry` is the step that a way into the part
 * leads to. `loose` are the exits at which the part goes on once it is put somewhere. It holds no contacts and no numbers.
 */
export const FlowPart = z
  .object({
    sluice: z.literal("flow-part"),
    version: z.literal(1),
    nodes: z.array(FlowNode).min(1).max(flowLimits.nodes),
    edges: z.array(FlowEdge).max(flowLimits.edges),
    entry: Id.nullable(),
    loose: z.array(z.object({ source: Id, exit: z.string().min(1).max(100) })).max(flowLimits.edges),
  })
  .superRefine(({ nodes, edges, entry, loose }, context) => {
    const ids = new Set(nodes.map(({ id }) => id));
    const refuse = (message: string, path: string) => context.addIssue({ code: "custom", message, path: [path] });
    if (ids.size < nodes.length) refuse("Two steps have the same id.", "nodes");
    if (edges.some(({ source, target }) => !ids.has(source) || !ids.has(target))) refuse("An edge leads out of the part.", "edges");
    if (entry !== null && !ids.has(entry)) refuse("The first step is not in the part.", "entry");
    if (loose.some(({ source }) => !ids.has(source))) refuse("An exit belongs to no step of the part.", "loose");
  });
export type FlowPart = z.infer<typeof FlowPart>;

/** Reads a text that somebody pastes. `problem` is a sentence for them. */
export function readFlowPart(text: string): { part: FlowPart; problem?: undefined } | { part?: undefined; problem: string } {
  if (text.length > longestFlowPart) {
    return {
      problem: `This clipboard holds ${megabytes(text.length)}. Steps that can be pasted take at most ${megabytes(longestFlowPart)}.`,
    };
  }
  const value = parsed(text);
  if (typeof value !== "object" || value === null) return { problem: "This clipboard holds no steps." };
  const { sluice, version, nodes } = value as { sluice?: unknown; version?: unknown; nodes?: unknown };
  if (sluice !== "flow-part") {
    const isFlow = Array.isArray(nodes) && nodes.length > 0;
    return {
      problem: isFlow
        ? "This clipboard holds a whole flow. Paste it on the page of flows, which imports it."
        : "This clipboard holds no steps.",
    };
  }
  if (version !== 1) {
    return { problem: "These steps were copied in another version of Sluice, which writes them differently." };
  }
  if (Array.isArray(nodes) && nodes.length > flowLimits.nodes) {
    return { problem: `This clipboard holds ${nodes.length} steps. A flow has at most ${flowLimits.nodes}.` };
  }
  const size = measureValue(value, { nesting: flowLimits.nesting + 3, keys: longestFlowPart, text: longestFlowPart });
  const part = size.problem === undefined ? FlowPart.safeParse(value) : undefined;
  if (part?.success) return { part: part.data };
  const reason = part?.error.issues[0]?.message;
  return { problem: `The steps in this clipboard are damaged${reason === undefined ? "" : `: ${reason}`}` };
}

function parsed(text: string): unknown {
  // Most texts that people paste are no JSON, and need not be read to the end.
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    // A byte order mark before it is no JSON, and is cut off with the blanks.
    return JSON.parse(text.trim());
  } catch {
    return undefined;
  }
}

/** Sizes are those of the text in characters; people know it as megabytes. */
const megabytes = (characters: number) => `${Math.max(1, Math.round(characters / 1_048_576))} MB`;
