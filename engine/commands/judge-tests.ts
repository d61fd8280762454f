import { contactName } from "#contract/contact-fields.ts";
import { splitField } from "#contract/field-path.ts";
import { judgeTest } from "#contract/judge-test.ts";
import { WorkBudget, WorkLimitExceeded } from "#contract/work-budget.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import { toContact } from "../execution/contact-rows.ts";
import { readField } from "../execution/field-reader.ts";
import type { JudgedTests, JudgeTestsInput } from "../preview-api.ts";
import { findNeighbours, readNewestContact, readOneContact } from "./preview-draft-rows.ts";
import { beginMessagePreview, readWorkspace } from "./preview-message-rows.ts";

/** Asks each test of one contact as it is now. What only a running flow knows is not there. */
export async function judgeTests({ db }: EngineContext, { workspaceId, who, tests }: JudgeTestsInput): Promise<JudgedTests> {
  const { row, workspace, neighbours } = await db.transaction().execute(async (tx) => {
    await beginMessagePreview(tx);
    const found = who === "newest" ? await readNewestContact(tx, workspaceId) : await readOneContact(tx, { workspaceId, contactId: who });
    const neighbours = found && (await findNeighbours(tx, { workspaceId, contactId: found.contact_id }));
    return { row: found, workspace: await readWorkspace(tx, workspaceId), neighbours: neighbours ?? { newer: null, older: null } };
  });
  if (!row && who !== "newest") throw new EngineRefusal("contact_not_found", "This contact no longer exists.");
  if (!row) return { contactId: null, contactName: null, ...neighbours, verdicts: [] };
  const contact = toContact(row).fields;
  const sources = { contact, trigger: {}, workspace, variables: null, outputs: null };
  const read = (field: string) => readField(sources, splitField(field));
  const [now, work] = [new Date(), new WorkBudget()];
  return {
    contactId: contact.id,
    contactName: contactName(contact),
    ...neighbours,
    verdicts: tests.map((test) => {
      try {
        return judgeTest(test, { contact, now, read, work, workspace });
      } catch (error) {
        if (!(error instanceof WorkLimitExceeded)) throw error;
        return { held: null, actual: null };
      }
    }),
  };
}
