import { findArrivals } from "../graph/arrivals.ts";
import type { CheckedGraph, CheckedNode, Report } from "../graph/checked-node.ts";

const day = 86_400;

/** Tells of flows that send nothing, of messages that are always skipped, and of one text that comes twice within a day. */
export function checkSending(graph: CheckedGraph, report: Report): void {
  const sends = [...graph.nodes.values()].filter(({ definition }) => definition?.channel !== undefined);
  if (sends.length === 0) {
    const starts = [...graph.nodes.values()].some(({ definition }) => definition?.type === "start_flow");
    const [entry] = graph.entries;
    if (!starts && graph.nodes.size > 1 && entry !== undefined) report("sends_nothing", "This flow sends no message.", { nodeId: entry });
    return;
  }
  checkClosedChannels(graph, sends, report);
  checkTwice(graph, sends, report);
}

const channelWords: Readonly<Record<string, string>> = { sms: "SMS", email: "e-mail" };

function checkClosedChannels(graph: CheckedGraph, sends: readonly CheckedNode[], report: Report): void {
  const arrivals = findArrivals(graph, ({ definition, parsed }) => {
    if (definition?.type !== "consent" || parsed === undefined) return { adds: [] };
    const wishes = parsed as Record<string, unknown>;
    const channels = ["sms", "email"];
    return {
      adds: [...channels.filter((channel) => wishes[channel] === "opt_out"), ...(wishes.doNotContact === true ? ["dnc"] : [])],
      removes: channels.filter((channel) => wishes[channel] === "opt_in"),
    };
  });
  for (const { id: nodeId, definition } of sends) {
    const channel = definition?.channel ?? "";
    const always = arrivals.get(nodeId)?.always;
    if (!always?.has(channel) && !always?.has("dnc")) continue;
    const why = always.has("dnc") ? "was marked as do-not-contact" : `was opted out of ${channelWords[channel]}`;
    report("always_skipped", `This message is always skipped: the contact ${why} before.`, {
      nodeId,
      fix: { kind: "delete_step", label: "Delete this step" },
    });
  }
}

/** What a send says, told apart by channel; undefined where it says nothing. */
const saidBy = ({ definition, config }: CheckedNode): string | undefined => {
  const { subject = "", text = "", html = "" } = (config ?? {}) as { subject?: unknown; text?: unknown; html?: unknown };
  const said = `${String(subject)}\n${String(text)}\n${String(html)}`.trim();
  return said === "" ? undefined : `${definition?.channel}\n${said}`;
};

function checkTwice(graph: CheckedGraph, sends: readonly CheckedNode[], report: Report): void {
  const said = Map.groupBy(sends, (node) => saidBy(node) ?? "");
  said.delete("");
  for (const nodes of said.values()) {
    if (nodes.length < 2) continue;
    const rested = leastRestAfter(
      nodes.map(({ id }) => id),
      graph,
    );
    for (const { id: nodeId } of nodes) {
      if ((rested.get(nodeId) ?? day) >= day) continue;
      report("sends_twice_same_text", "The same text was sent to the contact less than a day before.", { nodeId, field: "text" });
    }
  }
}

/** The least number of seconds that a contact rests between one of these nodes and each that follows, nearest first. */
function leastRestAfter(sources: readonly string[], { nodes, targets }: CheckedGraph): Map<string, number> {
  const rested = new Map<string, number>();
  const open = new Map<string, number>();
  const go = (id: string, seconds: number) => {
    for (const target of targets.get(id)?.values() ?? []) {
      if (!rested.has(target) && seconds < (open.get(target) ?? Number.POSITIVE_INFINITY)) open.set(target, seconds);
    }
  };
  for (const id of sources) go(id, 0);
  while (open.size > 0) {
    const [id, seconds] = [...open].reduce((nearest, one) => (one[1] < nearest[1] ? one : nearest));
    open.delete(id);
    rested.set(id, seconds);
    const node = nodes.get(id);
    go(id, seconds + (node?.parsed === undefined ? 0 : (node.definition?.leastWaitSeconds?.(node.parsed) ?? 0)));
  }
  return rested;
}
