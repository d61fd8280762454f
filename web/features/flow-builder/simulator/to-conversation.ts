import type { SimulatedStep, Simulation, SimulationEvent } from "#contract/simulations.ts";

/** What is shown of a simulation, one after the other. */
export type ConversationItem = { id: string } /** So many milliseconds in which nothing happened. */ & (
  | { kind: "gap"; milliseconds: number }
  /** One visit, as its last attempt left it. */
  | { kind: "step"; step: SimulatedStep; tries: number }
  | { kind: "event"; at: string; event: SimulationEvent }
);

/** Shorter pauses come from the work itself and say nothing. */
const shortestGapMs = 30_000;

/**
 * A simulation as a conversation, in the order of its virtual times. A wait is told by the gap behind it, so the step at which
 * it was spent stands before the gap.
 */
export function toConversation({ startedAt, steps, events }: Pick<Simulation, "startedAt" | "steps" | "events">): ConversationItem[] {
  const visits = new Map<string, { step: SimulatedStep; from: number; tries: number }>();
  for (const step of steps) {
    const key = `${step.flowId} ${step.nodeId} ${step.visit}`;
    const known = visits.get(key);
    visits.set(key, { step, from: known?.from ?? Date.parse(step.startedAt), tries: (known?.tries ?? 0) + 1 });
  }
  const moments = [
    ...[...visits.values()].map(({ step, from, tries }) => {
      const until = Date.parse(step.completedAt ?? step.startedAt);
      return { from, until, item: { id: `step ${step.flowId} ${step.visit} ${from}`, kind: "step", step, tries } as ConversationItem };
    }),
    ...events.map(({ at, event }, index) => ({
      from: Date.parse(at),
      until: Date.parse(at),
      item: { id: `event ${index}`, kind: "event", at, event } as ConversationItem,
    })),
  ].sort((a, b) => a.from - b.from);
  const items: ConversationItem[] = [];
  let now = Date.parse(startedAt);
  for (const { from, item } of moments) {
    if (from - now >= shortestGapMs) items.push({ id: `gap ${now}`, kind: "gap", milliseconds: from - now });
    now = Math.max(now, from);
    items.push(item);
  }
  const last = Math.max(now, ...moments.map(({ until }) => until));
  if (last - now >= shortestGapMs) items.push({ id: `gap ${now}`, kind: "gap", milliseconds: last - now });
  return items;
}
