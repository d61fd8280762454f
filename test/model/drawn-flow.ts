import type { FlowEdge, FlowGraph, FlowNode } from "#contract/flows.ts";
import { messageKinds } from "#contract/message-kinds.ts";

interface LooseEnd {
  source: string;
  handle?: string;
}

const onError = "continue";
/** In three parts. */
const long = "A long text. ".repeat(30);
const later = { minutes: 1, hours: 1, days: 1 };

/**
 * A flow drawn at random from every way to write, to wait, to branch, to change the contact and to come back that needs nobody
 * outside. Branches meet again or end. The same numbers give the same flow.
 */
export function drawnFlow(random: () => number): FlowGraph {
  const nodes: FlowNode[] = [];
  const edges: FlowEdge[] = [];
  const pick = <T>(...values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const add = (type: string, config: Record<string, unknown>, ends: LooseEnd[]): string => {
    const id = `${type}_${nodes.length}`;
    nodes.push({ id, type, position: { x: 0, y: 0 }, data: { config } });
    for (const { source, handle } of ends)
      edges.push({ id: `${source} ${handle ?? ""} ${id}`, source, target: id, ...(handle && { sourceHandle: handle }) });
    return id;
  };
  const all = (id: string, ...handles: string[]): LooseEnd[] => handles.map((handle) => ({ source: id, handle }));
  const tests = () => [
    pick(
      { field: "lead_status", operator: "is", value: pick("New", "Customer") },
      { field: "metadata.points", operator: "greater_than", value: 1 },
      { field: "email", operator: "is_not_empty" },
      { field: "firstname", operator: "is_empty" },
    ),
  ];

  const aboutMessage = () => {
    const within = pick(undefined, undefined, 60, 7_200, 86_400);
    return { onError, kind: pick(...messageKinds), ...(within && { notLaterThanSeconds: within }) };
  };

  const kinds: Record<string, (ends: LooseEnd[], depth: number) => LooseEnd[]> = {
    sms: (ends) => {
      const id = add(
        "send_sms",
        {
          text: pick("Hi {{ lastname }}", "Hello", "Your code: {{ metadata.code }}", long, "You are {{ lead_status | default: 'new' }}"),
          ...aboutMessage(),
        },
        ends,
      );
      return pick(all(id, "sent", "skipped", "failed"), all(id, "sent", "failed"), all(id, "sent"));
    },
    email: (ends) => {
      const id = add("send_email", { subject: pick("Hi {{ firstname }}", "Hello"), text: "Hello {{ lastname }}", ...aboutMessage() }, ends);
      return pick(all(id, "sent", "skipped", "failed"), all(id, "sent", "failed"));
    },
    wait: (ends) => {
      const unit = pick("minutes", "hours", "days") as keyof typeof later;
      const spread = pick(undefined, 600);
      const id = add(
        "delay",
        { mode: "duration", amount: 1 + Math.floor(random() * 5), unit, ...(spread && { spreadSeconds: spread }) },
        ends,
      );
      return all(id, "next");
    },
    clock: (ends) => all(add("delay", { mode: "until_time", time: "09:30", zone: pick("contact", "workspace") }, ends), "next"),
    condition: (ends, depth) => {
      const id = add(
        "condition",
        {
          branches: [
            { id: "a", tests: tests() },
            { id: "b", tests: tests() },
          ],
        },
        ends,
      );
      return ["a", "b", "otherwise"].flatMap((handle) => branch({ source: id, handle }, depth));
    },
    split: (ends, depth) => {
      const shares = [
        { id: "x", percent: 30 },
        { id: "y", percent: 70 },
      ];
      const id = add("split", { shares, draw: pick("fresh", "sticky") }, ends);
      return ["x", "y"].flatMap((handle) => branch({ source: id, handle }, depth));
    },
    change: (ends) => {
      const change = pick(
        { field: "metadata.points", operation: "add", value: 1 },
        { field: "lead_status", operation: "set", value: pick("New", "Customer") },
        { field: "firstname", operation: "set", value: "Renamed" },
      );
      return all(add("update_contact", { changes: [change] }, ends), "done");
    },
    consent: (ends) => all(add("consent", { ...pick({ sms: "opt_out" }, { email: "opt_out" }), reason: "Asked for it" }, ends), "done"),
    variable: (ends) => {
      const id = add("set_variable", { name: "mark", value: "set for {{ lastname }}" }, ends);
      return all(id, "next");
    },
    watch: (ends) => {
      const id = add("wait_until", { tests: tests(), limitSeconds: 7_200, ...pick({}, { lookAgainSeconds: 1_800 }) }, ends);
      return pick(all(id, "met", "time_over"), all(id, "time_over"));
    },
    goal: (ends) => all(add("goal", { tests: tests(), otherwise: "continue" }, ends), "reached", "not_reached"),
    round: (ends) => {
      const [first] = ends;
      if (!first) return ends;
      const id = add(
        "go_to",
        { target: pick(...nodes.slice(1).map((node) => node.id), first.source), times: 1, pauseSeconds: 3_600 },
        ends,
      );
      return all(id, "limit_reached");
    },
    call: (ends) => all(add("webhook", { url: "https://calls.example.test/hook" }, ends), "success"),
  };

  function grow(ends: LooseEnd[], steps: number, depth: number): LooseEnd[] {
    let open = ends;
    for (let step = 0; step < steps && open.length > 0; step += 1) {
      const names = Object.keys(kinds).filter((name) => depth > 0 || (name !== "condition" && name !== "split"));
      // Every second step writes, and the first of all does.
      const name = nodes.length === 1 || random() < 0.5 ? pick("sms", "sms", "email") : pick(...names);
      open = kinds[name]?.(open, depth - 1) ?? open;
    }
    return open;
  }
  const branch = (end: LooseEnd, depth: number): LooseEnd[] => (random() < 0.2 ? [] : grow([end], Math.floor(random() * 3), depth));

  const start = add("start", { reEntry: pick({ rule: "any_time" }, { rule: "once" }) }, []);
  grow([{ source: start, handle: "next" }], 2 + Math.floor(random() * 5), 2);
  return { nodes, edges };
}
