import type { WayChange } from "#contract/flow-publish.ts";
import { findDistances } from "#contract/graph-search.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import type { ReadyFlow, ReadyNode } from "./flow-graph.ts";

type Flow = Extract<ReadyFlow, { problem?: undefined }>;

/** What a version means for whoever stands at a node of an earlier one. */
export interface PlaceJudgement {
  /** `same`: nothing of the way ahead differs. `gone`: the node is not there any more, or is of another type. */
  fate: "same" | "changed" | "gone";
  changes: WayChange[];
  /** What is proposed for them; null where a person must say. */
  proposed: "follow" | "stay" | null;
  /** Of a node that is gone: where its edge leads now. */
  healedTo: string | null;
}

/** The place of those who are enrolled and have not begun. */
export const notBegun = "";

const proposals: Record<WayChange["kind"], PlaceJudgement["proposed"]> = {
  content: "follow",
  branch: "follow",
  step_added: "follow",
  step_removed: "follow",
  replaced: "follow",
  timing: "stay",
  goal_added: "stay",
  key: "stay",
  rerouted: "stay",
  branch_removed: null,
};

/**
 * Judges every node of an earlier version: what of the way ahead of it differs in a new one. It takes time in proportion to
 * the size of the graph and the number of different changes.
 */
export function judgePlaces(from: ReadyFlow, to: ReadyFlow): ReadonlyMap<string, PlaceJudgement> {
  if (from.problem !== undefined || to.problem !== undefined) return new Map();
  const places = new Map<string, PlaceJudgement>();
  const idsOf = ({ nodes, brokenNodes }: Flow) => [...nodes.keys(), ...brokenNodes.keys()];
  for (const id of idsOf(from)) {
    const isGone = !isSameStep(from, to, id);
    places.set(id, { fate: isGone ? "gone" : "same", changes: [], proposed: "follow", healedTo: isGone ? healed(from, to, id) : null });
  }
  const entering = edgesBack(from);
  // A change is often met at many nodes, such as a step that was put before a much used one, and is told once to each place before them.
  for (const met of Map.groupBy(findChanges(from, to), ({ kind, nodeId }) => `${kind} ${nodeId}`).values()) {
    const [{ kind, nodeId }] = met as [MetChange];
    const change: WayChange = { kind, nodeId };
    const before = findDistances(
      met.map(({ at }) => at),
      (each) => entering.get(each) ?? [],
    );
    for (const id of before.keys()) places.get(id)?.changes.push(change);
  }
  for (const place of places.values()) {
    if (place.fate === "gone") place.proposed = null;
    else if (place.changes.length > 0) Object.assign(place, { fate: "changed", proposed: propose(place.changes) });
  }
  const first = places.get(from.entry);
  const begins: PlaceJudgement = { fate: "changed", changes: first?.changes ?? [], proposed: "stay", healedTo: null };
  // What began as it did before is begun on the new version without a question.
  if (first?.fate === "same" && from.entry === to.entry) Object.assign(begins, { fate: "same", proposed: "follow" });
  return places.set(notBegun, begins);
}

/** The most careful of the proposals. */
function propose(changes: readonly WayChange[]): PlaceJudgement["proposed"] {
  const all = new Set(changes.map(({ kind }) => proposals[kind]));
  return all.has(null) ? null : all.has("stay") ? "stay" : "follow";
}

function edgesBack({ nodes }: Flow): Map<string, string[]> {
  const entering = new Map<string, string[]>();
  for (const { id, targets } of nodes.values()) {
    for (const target of targets.values()) {
      const into = entering.get(target);
      if (into) into.push(id);
      else entering.set(target, [id]);
    }
  }
  return entering;
}

const typeOf = ({ nodes, brokenNodes }: Flow, id: string) => nodes.get(id)?.type ?? (brokenNodes.has(id) ? `broken ${id}` : undefined);
const isSameStep = (from: Flow, to: Flow, id: string): boolean => typeOf(to, id) !== undefined && typeOf(from, id) === typeOf(to, id);

/** Follows the usual exits of what is gone, to the first step that is still there. */
function healed(from: Flow, to: Flow, id: string): string | null {
  const seen = new Set<string>();
  let at: string | undefined = id;
  while (at !== undefined && !isSameStep(from, to, at)) {
    if (seen.has(at)) return null;
    seen.add(at);
    at = usualTarget(from.nodes.get(at));
  }
  return at ?? null;
}

const usualTarget = (node: ReadyNode | undefined) => node?.targets.get(node.exits[0] ?? "");

/** A change and the node of the earlier version at which it is met. */
interface MetChange extends WayChange {
  at: string;
}

function findChanges(from: Flow, to: Flow): MetChange[] {
  const known = new Map<string | undefined, Added>();
  const through = (first: string | undefined): Added => {
    const added = known.get(first) ?? throughAdded(first, from, to);
    known.set(first, added);
    return added;
  };
  return [...from.nodes.values()].flatMap((before): MetChange[] => {
    const { id } = before;
    const after = to.nodes.get(id);
    if (!after) return [{ at: id, nodeId: id, kind: "step_removed" }];
    if (before.type !== after.type) return [{ at: id, nodeId: id, kind: "replaced" }];
    return [
      ...kindsOfChange(before, after).map((kind) => ({ at: id, nodeId: id, kind })),
      ...changedWays(before, after, { from, to, through }),
    ];
  });
}

function kindsOfChange(before: ReadyNode, after: ReadyNode): WayChange["kind"][] {
  const renamed = before.key !== undefined && before.key !== after.key ? (["key"] as const) : [];
  const isSwitched = (before.passedBy === undefined) !== (after.passedBy === undefined);
  if (!isSwitched && canonicalJson(before.config) === canonicalJson(after.config)) return [...renamed];
  const { category, isGoal, names } = before.definition;
  if (names?.variables?.some((place) => canonicalJson(valueAt(before.config, place)) !== canonicalJson(valueAt(after.config, place))))
    return ["key"];
  if (category === "timing" || isGoal) return [...renamed, "timing"];
  if (category !== "logic") return [...renamed, "content"];
  return [...renamed, before.exits.every((exit) => after.exits.includes(exit)) ? "branch" : "branch_removed"];
}

const valueAt = (config: unknown, name: string): unknown =>
  typeof config === "object" && config !== null && Object.hasOwn(config, name) ? (config as Record<string, unknown>)[name] : undefined;

/** Exits that lead elsewhere, and steps that were put on their way. */
function changedWays(
  before: ReadyNode,
  after: ReadyNode,
  { from, to, through }: { from: Flow; to: Flow; through: (first: string | undefined) => Added },
): MetChange[] {
  const at = before.id;
  return before.exits
    .filter((exit) => after.exits.includes(exit))
    .flatMap((exit): MetChange[] => {
      const target = before.targets.get(exit);
      const old = target === undefined ? null : isSameStep(from, to, target) ? target : healed(from, to, target);
      const { added, landings } = through(after.targets.get(exit));
      const steps = added.map(
        (nodeId): MetChange => ({ at, nodeId, kind: to.nodes.get(nodeId)?.definition.isGoal ? "goal_added" : "step_added" }),
      );
      return landings.has(old) ? steps : [...steps, { at, nodeId: at, kind: "rerouted" }];
    });
}

/** The new steps on a way, and where it comes to a step that was there before; null: it ends. */
interface Added {
  added: string[];
  landings: Set<string | null>;
}

function throughAdded(first: string | undefined, from: Flow, to: Flow): Added {
  const isOld = (id: string) => isSameStep(from, to, id);
  if (first === undefined || isOld(first)) return { added: [], landings: new Set([first ?? null]) };
  const nextOf = (id: string) => (isOld(id) ? [] : [...(to.nodes.get(id)?.targets.values() ?? [])]);
  const reached = [...findDistances([first], nextOf).keys()];
  const added = reached.filter((id) => !isOld(id));
  const ends = added.some((id) => {
    const node = to.nodes.get(id);
    return !node || node.exits.length === 0 || node.exits.some((exit) => !node.targets.has(exit));
  });
  return { added, landings: new Set([...reached.filter(isOld), ...(ends ? [null] : [])]) };
}
