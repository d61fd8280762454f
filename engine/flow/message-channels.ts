import { findDistances } from "#contract/graph-search.ts";
import type { MessageKind } from "#contract/message-kinds.ts";
import { MessageKindSetting } from "#contract/message-kinds.ts";
import { type Channel, channels } from "#contract/messages.ts";
import type { ReadyFlow } from "./flow-graph.ts";

/** The channels of the messages that an execution of the flow can come to, and the kinds that it sends on each. */
export function messageChannels(flow: ReadyFlow): Map<Channel, ReadonlySet<MessageKind>> {
  if (flow.problem !== undefined) return new Map();
  const reachable = findDistances([flow.entry], (id) => flow.nodes.get(id)?.targets.values() ?? []);
  const sending = [...reachable.keys()].map((id) => flow.nodes.get(id)).filter((node) => node?.passedBy === undefined);
  const used = new Map<Channel, ReadonlySet<MessageKind>>();
  for (const channel of channels) {
    const kinds = sending.flatMap((node) => (node?.definition.channel === channel ? kindOf(node.config) : []));
    if (kinds.length > 0) used.set(channel, new Set(kinds));
  }
  return used;
}

/** A step whose kind cannot be read sends marketing, the strictest. */
export const kindOf = (config: unknown): MessageKind =>
  MessageKindSetting.safeParse((config as { kind?: unknown } | null)?.kind).data ?? "marketing";
