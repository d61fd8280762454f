import { setImmediate as breathe } from "node:timers/promises";
import type { PeopleCounts, PeopleMove } from "#contract/flow-publish.ts";
import type { FlowGraph } from "#contract/flows.ts";
import type { Db } from "#db/client.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import type { OfFlow } from "../execution/inside-rows.ts";
import { readyFlow } from "../flow/flow-graph.ts";
import type { PlaceJudgement } from "../flow/judge-places.ts";
import { judgePlaces, notBegun } from "../flow/judge-places.ts";
import { readVersions } from "../flow/version-rows.ts";
import { countPeople } from "./people-inside-rows.ts";
import type { NewRule, PeopledVersion } from "./publish-flow-rows.ts";
import { listPeopledVersions } from "./publish-flow-rows.ts";

/**
 * How many nodes of earlier versions a publication may judge: 100 versions of the largest flow, thousands of a usual one. Each may become
 * a rule that is stored and that workers read.
 */
export const mostPlaces = 50_000;

/** A node of an earlier version, who stands there, and what the new version means for them. */
export interface Place {
  versionId: string;
  versionNumber: number;
  nodeId: string;
  /** What its version calls the node; null where nobody stands at a node. */
  label: string | null;
  nodeType: string | null;
  judgement: PlaceJudgement;
  people: number;
  inFlight: number;
}

/**
 * Judges every node of every version on which somebody is or may come to be. The new version itself is not among them. One graph is in
 * memory at a time, and beside the cache, from which many old versions would push those that are in use.
 *
 * @throws EngineRefusal too_many_versions
 */
export async function listPlaces(
  { nodes, clock }: Pick<EngineContext, "nodes" | "clock">,
  db: Db,
  {
    of,
    graph,
    newVersionId,
  }: { of: OfFlow; graph: Pick<FlowGraph, "nodes" | "edges"> | { nodes: unknown; edges: unknown }; newVersionId: string | undefined },
): Promise<Place[]> {
  const counts = await countPeople(db, of, clock);
  const versions = (await listPeopledVersions(db, of, [...new Set(counts.map(({ version_id }) => version_id))])).filter(
    ({ id }) => id !== newVersionId,
  );
  requireFewPlaces(versions);
  const to = readyFlow(graph, nodes);
  const at = new Map(counts.map((row) => [`${row.version_id} ${row.node_id}`, row]));
  const places: Place[] = [];
  for (const { id, number } of versions) {
    // Judging a large version takes tens of milliseconds, and there may be many versions.
    await breathe();
    const [stored] = await readVersions(db, [id]);
    if (!stored) continue;
    const flow = readyFlow(stored, nodes);
    for (const [nodeId, judgement] of judgePlaces(flow, to)) {
      const row = at.get(`${id} ${nodeId}`);
      const node = flow.problem === undefined ? flow.nodes.get(nodeId) : undefined;
      const waitsForFlow = node?.definition.startsFlow !== undefined;
      const people = row?.people ?? 0;
      places.push({
        versionId: id,
        versionNumber: number,
        nodeId,
        label: node?.label ?? node?.definition.label ?? null,
        nodeType: node?.type ?? null,
        judgement,
        people,
        inFlight: waitsForFlow ? people : (row?.in_hand ?? 0),
      });
    }
  }
  return places;
}

function requireFewPlaces(versions: readonly PeopledVersion[]): void {
  const places = versions.reduce((all, { size }) => all + size, 0);
  if (places <= mostPlaces) return;
  throw new EngineRefusal(
    "too_many_versions",
    `People are inside on ${versions.length} versions of this flow, with ${places.toLocaleString("en")} steps together. At most ${mostPlaces.toLocaleString("en")} can be compared with a new version. Nothing was published. Wait until the people of the oldest versions have finished, or take them out, then publish.`,
  );
}

/** What becomes of the people at a place, by what was chosen for its node. Undefined where somebody must choose. */
export function chooseAction({ judgement: { fate }, people }: Place, choice: PeopleMove | undefined): PeopleMove["action"] | undefined {
  if (choice) return choice.action === "follow" && fate === "gone" ? undefined : choice.action;
  if (fate === "same") return "follow";
  return fate === "gone" && people > 0 ? undefined : "stay";
}

export interface Plan {
  rules: NewRule[];
  counts: PeopleCounts;
  /** Removed steps with people for whom nobody has chosen, or for whom was chosen what cannot be. */
  open: Place[];
}

/** Makes rules of the choices. A place without a rule: whoever comes to stand there stays. */
export function planMoves(places: readonly Place[], moves: readonly PeopleMove[]): Plan {
  const choices = new Map(moves.map((move) => [move.nodeId ?? notBegun, move]));
  const counts: PeopleCounts = { following: 0, staying: 0, leaving: 0, inFlight: 0 };
  const rules: NewRule[] = [];
  const open: Place[] = [];
  for (const place of places) {
    const { versionId, nodeId, people, inFlight } = place;
    const choice = choices.get(nodeId);
    const action = chooseAction(place, choice);
    if (action === undefined) open.push(place);
    else if (action === "stay") counts.staying += people;
    else {
      counts[action === "leave" ? "leaving" : "following"] += people;
      counts.inFlight += inFlight;
      rules.push({ versionId, nodeId, action, toNodeId: choice?.action === "node" ? choice.toNodeId : null });
    }
  }
  return { rules, counts, open };
}
