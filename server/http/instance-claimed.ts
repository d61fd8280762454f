import type { Db } from "#db/client.ts";
import { isClaimed } from "#db/queries/instance-claim.ts";

/** An instance never loses its owner again, so the answer "yes" is asked for once. */
export function createInstanceClaimed(ownerDb: Db): () => Promise<boolean> {
  let claimed = false;
  return async () => {
    claimed ||= await isClaimed(ownerDb);
    return claimed;
  };
}
