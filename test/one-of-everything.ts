import type { Db } from "#db/client.ts";
import { newIds, type OneOfEverything } from "./everything-ids.ts";
import { buildOneContact } from "./one-contact.ts";
import { buildOneExecution } from "./one-execution.ts";
import { buildOneFlow } from "./one-flow.ts";
import { buildOneSend } from "./one-send.ts";
import { buildOneWorkspace } from "./one-workspace.ts";

/** Writes a row of this workspace to every table of the schema `public`. Isolation tests try to reach these rows. */
export async function buildOneOfEverything(owner: Db, workspaceId: string, memberId: string): Promise<OneOfEverything> {
  const ids = newIds(workspaceId);
  await owner.transaction().execute(async (tx) => {
    await buildOneContact(tx, ids);
    await buildOneFlow(tx, ids, memberId);
    await buildOneSend(tx, ids);
    await buildOneExecution(tx, ids);
    await buildOneWorkspace(tx, ids, memberId);
  });
  return ids;
}
