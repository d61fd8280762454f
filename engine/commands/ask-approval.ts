import { needsApproval } from "#contract/approvals.ts";
import { type HealingApproval, healingApprovalWords } from "#contract/healing.ts";
import type { FrozenLaunch } from "#contract/judge-launch.ts";
import type { Tx } from "#db/client.ts";
import { insertAuditEntry } from "#db/queries/audit-log.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import { countOtherApprovers, findApprovalRules, insertApproval, noteAsked, readAsk } from "../enrollment/approval-rows.ts";
import { restateHash } from "../enrollment/judge-approval.ts";
import { mayChangeApproved } from "../enrollment/refuse-unapproved.ts";
import { countSentLately, lockSending } from "../enrollment/sent-lately-rows.ts";
import type { Asker, CreateSendInput } from "../send-api.ts";

interface ToJudge {
  workspaceId: string;
  flowId: string;
  asker?: Asker | undefined;
  isTest: boolean;
  /** A send that goes on to more of its contacts. */
  sendId?: string | undefined;
}

/**
 * Who has to ask before so many contacts are sent to, by the rules of the workspace; undefined where nobody has to. What the same person
 * sent lately counts, of the flow or of all, and until the transaction ends no other send of theirs that counts with it is judged.
 */
async function whoNeedsApproval(
  { clock }: Pick<EngineContext, "clock">,
  tx: Tx,
  { workspaceId, flowId, asker, isTest, sendId }: ToJudge,
  contacts: number,
  lock = lockSending,
): Promise<Asker | undefined> {
  if (!asker || isTest) return undefined;
  const rules = await findApprovalRules(tx, workspaceId);
  const { isAdmin, personId } = asker;
  if (needsApproval(rules, { contacts, lately: 0, isAdmin, isTest })) return asker;
  if (rules.above === null) return undefined;
  const sending = { workspaceId, flowId: rules.allFlows ? null : flowId, personId, exceptSendId: sendId };
  await lock(tx, sending);
  const lately = await countSentLately(tx, sending, clock);
  return needsApproval(rules, { contacts, lately, isAdmin, isTest }) ? asker : undefined;
}

/**
 * Who asks for the approval of a send that needs one; undefined where it needs none.
 *
 * @throws EngineRefusal approver_needed where nobody could ever approve it
 */
export async function whoAsks(
  context: Pick<EngineContext, "clock">,
  tx: Tx,
  { workspaceId, flowId, asker, isTest }: CreateSendInput,
  contacts: number,
): Promise<Asker | undefined> {
  const asks = await whoNeedsApproval(context, tx, { workspaceId, flowId, asker, isTest }, contacts);
  if (!asks || (await countOtherApprovers(tx, { workspaceId, personId: asks.personId })) > 0) return asks;
  throw new EngineRefusal(
    "approver_needed",
    "This send needs the approval of another admin, and this workspace has none, so nothing was sent. Make somebody an admin, or change the rule in the settings under Channels.",
  );
}

/** What `whoAsks` would count now beside the number of contacts. */
export async function previewApproval(
  { clock }: Pick<EngineContext, "clock">,
  tx: Tx,
  { workspaceId, flowId, asker }: Pick<ToJudge, "workspaceId" | "flowId" | "asker">,
): Promise<{ lately: number; approvers: number }> {
  if (!asker) return { lately: 0, approvers: 0 };
  const { personId } = asker;
  const { allFlows } = await findApprovalRules(tx, workspaceId);
  const lately = await countSentLately(tx, { workspaceId, flowId: allFlows ? null : flowId, personId }, clock);
  return { lately, approvers: await countOtherApprovers(tx, { workspaceId, personId }) };
}

type MoreOfSend = Pick<ToJudge, "workspaceId" | "flowId" | "asker"> & { id: string };

/**
 * How somebody has to get an approval before more contacts of a send are sent to; null where they need none. As many in a send of their
 * own would have to be asked for; who might have approved the send may go on with it.
 */
async function approvalFor(
  context: Pick<EngineContext, "clock">,
  tx: Tx,
  { id: sendId, workspaceId, flowId, asker }: MoreOfSend,
  contacts: number,
  lock?: typeof lockSending,
): Promise<HealingApproval | null> {
  if (!(await whoNeedsApproval(context, tx, { workspaceId, flowId, asker, isTest: false, sendId }, contacts, lock))) return null;
  const ask = await readAsk(tx, { workspaceId, sendId }, context.clock);
  if (ask?.state !== "approved") return "new_send";
  return mayChangeApproved(ask, asker) ? null : "other_admin";
}

/** What `refuseUnasked` would refuse now. It holds up no send, so another one may change the answer. */
export const previewMoreOfSend = (
  context: Pick<EngineContext, "clock">,
  tx: Tx,
  of: MoreOfSend,
  contacts: number,
): Promise<HealingApproval | null> => approvalFor(context, tx, of, contacts, async () => {});

/** @throws EngineRefusal approval_needed where more contacts of a send are sent to and an approval is needed before */
export async function refuseUnasked(context: Pick<EngineContext, "clock">, tx: Tx, of: MoreOfSend, contacts: number): Promise<void> {
  const approval = await approvalFor(context, tx, of, contacts);
  if (approval !== null) throw new EngineRefusal("approval_needed", healingApprovalWords[approval]);
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
