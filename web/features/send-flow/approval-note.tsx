import { needsApproval } from "#contract/approvals.ts";
import type { Workspace } from "#contract/people.ts";
import { plural } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";

interface Sender {
  workspace: Pick<Workspace, "approval">;
  isAdmin: boolean;
  contacts: number;
}

/** Whether what is about to be sent waits for an approval, as far as this page knows the rules. The server decides. */
export const asksForApproval = ({ workspace: { approval }, ...sender }: Sender): boolean =>
  approval !== undefined && needsApproval(approval, { ...sender, isTest: false });

/** Says before the press that nothing leaves yet, and why. */
export function ApprovalNote({ workspace: { approval }, isAdmin, contacts }: Sender) {
  const above = approval?.above ?? null;
  const why =
    above !== null && contacts > above
      ? `Sends to more than ${plural(above, "contact")} need the approval of ${isAdmin ? "another" : "an"} admin`
      : "Your sends need the approval of an admin";
  return <Notice status="info">{why}. Nothing leaves before that.</Notice>;
}
