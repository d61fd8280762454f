import { findDistances } from "#contract/graph-search.ts";
import { type Channel, channels } from "#contract/messages.ts";
import type { ReadyFlow } from "./flow-graph.ts";

/** The channels of the messages that an execution of the flow can come to. */
export function messageChannels(flow: ReadyFlow): Channel[] {
  if (flow.problem !== undefined) return [];
  const reachable = findDistances([flow.entry], (id) => flow.nodes.get(id)?.targets.values() ?? []);
  const sending = [...reachable.keys()].map((id) => flow.nodes.get(id)).filter((node) => node?.passedBy === undefined);
  const used = new Set(sending.flatMap((node) => node?.definition.channel ?? []));
  return channels.filter((channel) => used.has(channel));
}
