import type { Db } from "#db/client.ts";
import { readMoveRows } from "../execution/move-rows.ts";
import type { FlowCache } from "../flow/flow-cache.ts";
import type { Move, MoveRule, Moves } from "../flow/moves.ts";

/** On which version an execution is, and the last publication that it has seen. */
interface Standing {
  versionId: string;
  seen: number;
}

/**
 * Reads what publications that were not seen yet do with the people of these versions, and with those of the versions that they are moved
 * to. A flow may have been published hundreds of times, each with a rule for every step, and almost everybody has seen them all.
 */
export async function readMoves({ flows }: { flows: FlowCache }, db: Db, standing: readonly Standing[]): Promise<Moves> {
  const all = new Map<string, Move[]>();
  const readAfter = new Map<string, number>();
  for (let unread = leastSeen(standing); unread.size > 0; ) {
    const rows = await readMoveRows(db, unread);
    for (const [id, after] of unread) {
      all.set(id, []);
      readAfter.set(id, after);
    }
    const targets = await flows.load(db, [...new Set(rows.map(({ to_version_id }) => to_version_id))]);
    const byMove = Map.groupBy(rows, ({ publication_id, from_version_id }) => `${publication_id} ${from_version_id}`);
    const arrivals: Standing[] = [];
    for (const group of byMove.values()) {
      const [{ publication_id, seq, from_version_id, to_version_id }] = group as [(typeof group)[0]];
      const rules = new Map(group.map(({ from_node_id, action, to_node_id }) => [from_node_id, toRule(action, to_node_id)]));
      const toFlow = targets.get(to_version_id) ?? { problem: "The flow version was deleted." };
      all.get(from_version_id)?.push({ publicationId: publication_id, seq, toVersionId: to_version_id, toFlow, rules });
      arrivals.push({ versionId: to_version_id, seen: seq });
    }
    // A version is read once more where somebody comes to it who has seen less than those for whom it was read.
    unread = leastSeen(arrivals.filter(({ versionId, seen }) => seen < (readAfter.get(versionId) ?? Number.POSITIVE_INFINITY)));
  }
  const some = [...all].filter(([, moves]) => moves.length > 0);
  for (const [, moves] of some) moves.sort((a, b) => a.seq - b.seq);
  return new Map(some);
}

function leastSeen(standing: readonly Standing[]): Map<string, number> {
  const least = new Map<string, number>();
  for (const { versionId, seen } of standing) least.set(versionId, Math.min(seen, least.get(versionId) ?? seen));
  return least;
}

const toRule = (action: "follow" | "node" | "leave", toNodeId: string | null): MoveRule =>
  action === "node" ? { action, toNodeId: toNodeId ?? "" } : { action };
