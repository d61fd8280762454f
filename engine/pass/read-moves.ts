import type { Db } from "#db/client.ts";
import { readMoveRows } from "../execution/move-rows.ts";
import type { FlowCache } from "../flow/flow-cache.ts";
import type { Move, MoveRule, Moves } from "../flow/moves.ts";

/** Reads what publications do with the people of these versions, and with those of the versions that they are moved to. */
export async function readMoves({ flows }: { flows: FlowCache }, db: Db, versionIds: readonly string[]): Promise<Moves> {
  const all = new Map<string, Move[]>();
  for (let unread = [...versionIds]; unread.length > 0; ) {
    const rows = await readMoveRows(db, unread);
    for (const id of unread) all.set(id, []);
    const targets = await flows.load(db, [...new Set(rows.map(({ to_version_id }) => to_version_id))]);
    const byMove = Map.groupBy(rows, ({ publication_id, from_version_id }) => `${publication_id} ${from_version_id}`);
    for (const group of byMove.values()) {
      const [{ publication_id, seq, from_version_id, to_version_id }] = group as [(typeof group)[0]];
      const rules = new Map(group.map(({ from_node_id, action, to_node_id }) => [from_node_id, toRule(action, to_node_id)]));
      const toFlow = targets.get(to_version_id) ?? { problem: "The flow version was deleted." };
      all.get(from_version_id)?.push({ publicationId: publication_id, seq, toVersionId: to_version_id, toFlow, rules });
    }
    unread = [...targets.keys()].filter((id) => !all.has(id));
  }
  const some = [...all].filter(([, moves]) => moves.length > 0);
  for (const [, moves] of some) moves.sort((a, b) => a.seq - b.seq);
  return new Map(some);
}

const toRule = (action: "follow" | "node" | "leave", toNodeId: string | null): MoveRule =>
  action === "node" ? { action, toNodeId: toNodeId ?? "" } : { action };
