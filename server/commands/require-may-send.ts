import type { Db } from "#db/client.ts";
import { readFence } from "#db/queries/send-fence.ts";
import { conflict } from "../http/errors.ts";

/** @throws ApiError conflict in a restored copy of which nobody has said yet that it may send and call */
export async function requireMaySend(ownerDb: Db): Promise<void> {
  if ((await readFence(ownerDb)) === null) return;
  throw conflict("conflict", "This is a restored copy that may not send yet, and calls nobody. An admin of the instance can allow it.");
}
