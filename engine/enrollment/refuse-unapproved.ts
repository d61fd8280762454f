import { EngineRefusal } from "../base/refusal.ts";
import type { Asker } from "../send-api.ts";
import type { Ask } from "./approval-rows.ts";

/** Whether a person may change what an admin has approved: another admin than the one who asked for it. */
export const mayChangeApproved = ({ askedBy }: Pick<Ask, "askedBy">, asker: Asker | undefined): boolean =>
  asker?.isAdmin === true && asker.personId !== askedBy;

/**
 * Refuses to change what was approved with a send to somebody who might not have approved it.
 *
 * @param what names what would be changed, as the beginning of a sentence: "The schedule"
 * @throws EngineRefusal approval_frozen
 */
export function refuseUnapproved(ask: Pick<Ask, "state" | "askedBy"> | undefined, asker: Asker | undefined, what: string): void {
  if (ask?.state !== "approved" || mayChangeApproved(ask, asker)) return;
  throw new EngineRefusal(
    "approval_frozen",
    `${what} was approved with this send. An admin who did not ask for it can change it; or stop the send and ask for another.`,
  );
}
