import { type Counted, countLimits, mostWorkspaces } from "#contract/count-limits.ts";
import type { Tx } from "#db/client.ts";
import { countToAdd, countWorkspacesToAdd } from "#db/queries/count-limits.ts";
import { conflict } from "../http/errors.ts";

/**
 * Lets a transaction add one more of something that a workspace holds a limited number of. Others that want to add wait for
 * its end.
 * @throws ApiError `conflict` where there is no room
 */
export async function requireRoom(tx: Tx, { workspaceId, to }: { workspaceId: string; to: Counted }): Promise<void> {
  const { most, words, free } = countLimits[to];
  if ((await countToAdd(tx, { workspaceId, to })) >= most) {
    throw conflict("conflict", `A workspace holds up to ${most.toLocaleString("en")} ${words}. ${free}`);
  }
}

export async function requireRoomForWorkspace(tx: Tx, person: { userId: string }): Promise<void> {
  if ((await countWorkspacesToAdd(tx, person)) >= mostWorkspaces) {
    throw conflict("conflict", `A person owns up to ${mostWorkspaces} workspaces. Leave one, or make somebody else its owner.`);
  }
}
