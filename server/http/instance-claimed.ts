import type { Db } from "#db/client.ts";
import { isClaimed } from "#db/queries/instance-claim.ts";

/** Tells whether the instance has an owner. It never loses its owner again, so a "yes" is kept and not read again. */
export function createInstanceClaimed(ownerDb: Db): () => Promise<boolean> {
  let claimed = false;
  return async () => {
    claimed ||= await isClaimed(ownerDb);
    return claimed;
  };
}
