import { setImmediate as breathe } from "node:timers/promises";
import type { PeopleCounts, PeopleMove } from "#contract/flow-publish.ts";
import type { FlowGraph } from "#contract/flows.ts";
import type { Db } from "#db/client.ts";
import type { EngineContext } from "../engine-context.ts";
import type { OfFlow } from "../execution/inside-rows.ts";
import type { ReadyFlow } from "../flow/flow-graph.ts";
import { readyFlow } from "../flow/flow-graph.ts";
import type { PlaceJudgement } from "../flow/judge-places.ts";
import { judgePlaces, notBegun } from "../flow/judge-places.ts";
import { countPeople } from "./people-inside-rows.ts";
import type { NewRule } from "./publish-flow-rows.ts";
import { listPeopledVersions } from "./publish-flow-rows.ts";

/** A node of an earlier version, who stands there, and what the new version means for them. */
export interface Place {
  versionId: string;
  versionNumber: number;
  nodeId: string;
  flow: ReadyFlow;
  judgement: PlaceJudgement;
  people: number;
  inFlight: number;
}

/** Judges every node of every version on which somebody is or may come to be. The new version itself is not among them. */
export async function listPlaces(
  { nodes, flows, clock }: Pick<EngineContext, "nodes" | "flows" | "clock">,
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
  const ready = await flows.load(
    db,
    versions.map(({ id }) => id),
  );
  const to = readyFlow(graph, nodes);
  const at = new Map(counts.map((row) => [`${row.version_id} ${row.node_id}`, row]));
  const places: Place[] = [];
  for (const { id, number } of versions) {
    // Judging a large version takes tens of milliseconds, and there may be many versions.
    await breathe();
    const flow = ready.get(id) ?? { problem: "The flow version was deleted." };
    for (const [nodeId, judgement] of judgePlaces(flow, to)) {
      const row = at.get(`${id} ${nodeId}`);
      const waitsForFlow = flow.problem === undefined && flow.nodes.get(nodeId)?.definition.startsFlow !== undefined;
      const people = row?.people ?? 0;
      places.push({
        versionId: id,
        versionNumber: number,
        nodeId,
        flow,
        judgement,
        people,
        inFlight: waitsForFlow ? people : (row?.in_hand ?? 0),
      });
    }
  }
  return places;
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
