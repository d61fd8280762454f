import type { ApprovalRules } from "#contract/approvals.ts";
import { saveApprovalRules } from "#db/queries/approval-rules.ts";
import { db, workspaceId } from "./engine-fixture.ts";

/** Sets which sends of the test's workspace wait for an approval; none do by what is left out. */
export const ruleThat = (rules: Partial<ApprovalRules>): Promise<void> =>
  saveApprovalRules(db.owner, { workspaceId, rules: { above: null, editors: false, allFlows: false, ...rules } });
