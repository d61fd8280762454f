import { needsApproval } from "#contract/approvals.ts";
import type { FrozenLaunch } from "#contract/judge-launch.ts";
import type { Tx } from "#db/client.ts";
import { insertAuditEntry } from "#db/queries/audit-log.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { Asker, CreateSendInput } from "../engine-api.ts";
import type { EngineContext } from "../engine-context.ts";
import { countOtherApprovers, findApprovalRules, insertApproval, noteAsked } from "../enrollment/approval-rows.ts";
import { restateHash } from "../enrollment/judge-approval.ts";

/**
 * Who asks for the approval of a send that needs one by the rules of its workspace; undefined where it needs none.
 *
 * @throws EngineRefusal approver_needed where nobody could ever approve it
 */
export async function whoAsks(tx: Tx, { workspaceId, asker, isTest }: CreateSendInput, contacts: number): Promise<Asker | undefined> {
  if (!asker) return undefined;
  const rules = await findApprovalRules(tx, workspaceId);
  if (!needsApproval(rules, { contacts, isAdmin: asker.isAdmin, isTest })) return undefined;
  if ((await countOtherApprovers(tx, { workspaceId, personId: asker.personId })) > 0) return asker;
  throw new EngineRefusal(
    "approver_needed",
    "This send needs the approval of another admin, and this workspace has none, so nothing was sent. Make somebody an admin, or change the rule in the settings under Channels.",
  );
}

interface NewAsk {
  workspaceId: string;
  sendId: string;
  asker: Asker;
  contacts: number;
  flowHash: string | null;
  own: FrozenLaunch["own"];
}

/** Asks for the approval of a send that was made in this transaction, and tells the admins. */
export async function askForApproval(context: EngineContext, tx: Tx, { asker, ...ask }: NewAsk): Promise<void> {
  const { workspaceId, sendId, contacts } = ask;
  await insertApproval(tx, { ...ask, askedBy: { id: asker.personId, name: asker.name } }, context.clock);
  await restateHash(context, tx, ask);
  await noteAsked(tx, ask);
  const { personId: actorId, name: actorName } = asker;
  await insertAuditEntry(tx, { workspaceId, actorId, actorName, action: "send.ask", subjectId: sendId, details: { contacts } });
}
