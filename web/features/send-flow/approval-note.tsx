import { useQuery } from "@tanstack/react-query";
import { needsApproval } from "#contract/approvals.ts";
import type { Workspace } from "#contract/people.ts";
import type { SendPreview } from "#contract/sends.ts";
import type { Narrowing } from "#contract/who-not.ts";
import { formatCount, plural } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { sendPreviewQuery } from "#web/entities/sends/send-queries.ts";
import type { Audience } from "./audience.ts";

interface Sender {
  workspace: Pick<Workspace, "approval">;
  isAdmin: boolean;
  contacts: number;
  /** Undefined while it is not counted; then the number of contacts alone is judged. */
  counted: SendPreview["approval"] | undefined;
}

/** What counts beside the number of contacts. It comes with the count of who receives something, and is not asked for by itself. */
export function useApprovalCount(
  { approval }: Pick<Workspace, "approval">,
  question: { flowId: string | null; audience: Audience; oncePerAddress: boolean; narrowing: Narrowing | null },
): SendPreview["approval"] | undefined {
  const { flowId, audience, oncePerAddress, narrowing } = question;
  const asked = { flowId: flowId ?? "", selection: audience.selection, oncePerAddress, ...narrowing };
  const hasRule = approval !== undefined && (approval.above !== null || approval.editors);
  return useQuery({ ...sendPreviewQuery(asked), enabled: hasRule && flowId !== null && narrowing !== null }).data?.approval;
}

/** Whether what is about to be sent waits for an approval, as far as this page knows the rules. The server decides. */
export const asksForApproval = ({ workspace: { approval }, counted, ...sender }: Sender): boolean =>
  approval !== undefined && needsApproval(approval, { ...sender, lately: counted?.lately ?? 0, isTest: false });

/** Says before the press that nothing leaves yet, and why. */
export function ApprovalNote({ workspace: { approval }, isAdmin, contacts, counted }: Sender) {
  const above = approval?.above ?? null;
  const lately = counted?.lately ?? 0;
  const another = isAdmin ? "another" : "an";
  const why =
    above === null || contacts + lately <= above
      ? "Your sends need the approval of an admin"
      : contacts > above
        ? `Sends to more than ${plural(above, "contact")} need the approval of ${another} admin`
        : `You have sent ${approval?.allFlows ? "" : "this flow "}to ${plural(lately, "contact")} within the last hour. With ${contacts === 1 ? "this one" : `these ${formatCount(contacts)}`} it is more than ${plural(above, "contact")}, which needs the approval of ${another} admin`;
  if (counted?.approvers === 0) {
    const who = isAdmin ? "You are the only one here who could approve it" : "Nobody here could approve it";
    return (
      <Notice status="warning">
        {why}. {who}, so it cannot be sent. Make somebody an admin, or change the rule in the settings under Channels.
      </Notice>
    );
  }
  return <Notice status="info">{why}. Nothing leaves before that.</Notice>;
}
