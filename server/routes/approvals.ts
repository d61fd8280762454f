import { returnWords, type SendApproval } from "#contract/approvals.ts";
import { roleCovers } from "#contract/people.ts";
import { findApprovalContent } from "#db/queries/approval-content.ts";
import { findApprovalSettings, saveApprovalRules } from "#db/queries/approval-rules.ts";
import { findSendApproval } from "#db/queries/send-approval.ts";
import { askerOf } from "../commands/asker-of.ts";
import { changeDetails } from "../http/change-details.ts";
import { notFound, refused } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";
import { actorOf, personBehind, requireScopes } from "../http/principal.ts";
import { readSend } from "./send-controls.ts";

type Approvals =
  | "getApprovalRules"
  | "saveApprovalRules"
  | "getSendApproval"
  | "getApprovalSample"
  | "getApprovalContent"
  | "approveSend"
  | "refuseSend";

export const approvalRoutes = {
  getApprovalRules: async ({ db, workspaceId }) => findApprovalSettings(db, workspaceId),

  saveApprovalRules: async ({ db, workspaceId, body, note }) => {
    const { approvers, ...before } = await findApprovalSettings(db, workspaceId);
    if (body.above !== null && before.above === null && approvers < 2) {
      throw refused(
        "approver_needed",
        "You are the only admin of this workspace, and nobody approves their own sends, so your sends could not leave. Make somebody else an admin first.",
      );
    }
    await saveApprovalRules(db, { workspaceId, rules: body });
    note({ subjectId: workspaceId, details: changeDetails(before, body) });
    return { ...body, approvers };
  },

  getSendApproval: async ({ resources, db, workspaceId, principal, role, params }) => {
    await readSend(db, workspaceId, params.id);
    const found = await resources.ownerDb.transaction().execute((tx) => findSendApproval(tx, { workspaceId, sendId: params.id }));
    if (!found) throw notFound();
    const { askedBy, ...approval } = found;
    const isOwn = askedBy !== null && askedBy === personBehind(principal);
    const mayNot: SendApproval["mayNot"] = isOwn ? "own" : roleCovers(role, "admin") ? null : "role";
    return { ...approval, mayNot };
  },

  // The walk of a contact takes its time, so no transaction is held meanwhile.
  getApprovalSample: async ({ resources, inTransaction, workspaceId, principal, params, query, signal }) => {
    requireScopes(principal, ["contacts:read", "flows:read"]);
    await inTransaction((db) => readSend(db, workspaceId, params.id));
    return resources.engine.sampleSend({ workspaceId, sendId: params.id, contactId: query.contactId, signal });
  },

  getApprovalContent: async ({ db, workspaceId, principal, params }) => {
    requireScopes(principal, ["contacts:read", "flows:read"]);
    await readSend(db, workspaceId, params.id);
    const found = await findApprovalContent(db, { workspaceId, sendId: params.id });
    if (!found) throw notFound();
    return found;
  },

  approveSend: async ({ resources, db, workspaceId, principal, role, params, body, note }) => {
    const before = await readSend(db, workspaceId, params.id);
    const { personId, isAdmin } = await askerOf(resources.ownerDb, { principal, workspaceId, role });
    if (!isAdmin) throw refused("forbidden", "The maker of this API key is no admin of this workspace any more, so it cannot approve.");
    const change = await resources.engine.approveSend({
      workspaceId,
      sendId: params.id,
      actor: actorOf(principal),
      personId,
      hash: body.hash,
      comment: body.comment || null,
      startNow: body.startNow,
    });
    if (change) {
      throw refused(
        "approval_outdated",
        `${returnWords(change.because, { before: change.before, now: change.now })} So nothing begins: this send waits for approval again. Look at it once more.`,
      );
    }
    note({ details: { contacts: before.total, hash: body.hash, comment: body.comment || null } });
    return readSend(db, workspaceId, params.id);
  },

  refuseSend: async ({ resources, db, workspaceId, principal, params, body, note }) => {
    await readSend(db, workspaceId, params.id);
    await resources.engine.refuseSend({ workspaceId, sendId: params.id, actor: actorOf(principal), comment: body.comment });
    note({ details: { comment: body.comment } });
    return readSend(db, workspaceId, params.id);
  },
} satisfies Pick<Handlers, Approvals>;
