import type { FlowEdge, FlowGraph, FlowNode } from "#contract/flows.ts";

/** A short way to write a node: `node("send_sms", { text: "Hi" })`. Its id is its type unless it is given. */
export function node(type: string, config?: Record<string, unknown>, id: string = type): FlowNode {
  return { id, type, position: { x: 0, y: 0 }, data: config === undefined ? {} : { config } };
}

/** An edge: `"start > sms"`, or `"condition:yes > sms"` for a named exit. */
export function edge(path: string): FlowEdge {
  const [from = "", target = ""] = path.split(">").map((part) => part.trim());
  const [source = "", handle] = from.split(":");
  return { id: path, source, target, ...(handle && { sourceHandle: handle }) };
}

/** Nodes in a row, each leading to the next by its first exit. */
export function chain(...nodes: FlowNode[]): FlowGraph {
  return { nodes, edges: nodes.slice(1).map(({ id }, index) => edge(`${nodes[index]?.id} > ${id}`)) };
}

export const graph = (nodes: FlowNode[], ...paths: string[]): FlowGraph => ({ nodes, edges: paths.map(edge) });

export const sms = (text = "Hello", config: Record<string, unknown> = {}, id = "sms") => node("send_sms", { text, ...config }, id);
export const email = (subject = "Hello", config: Record<string, unknown> = {}, id = "email") =>
  node("send_email", { subject, text: "Hello", ...config }, id);
export const wait = (seconds: number, id = "delay") => node("delay", { mode: "duration", amount: seconds, unit: "seconds" }, id);
