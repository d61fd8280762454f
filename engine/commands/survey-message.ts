import { setImmediate as breathe } from "node:timers/promises";
import { countParts } from "#channels/count-parts.ts";
import { contactName } from "#contract/contact-fields.ts";
import type { MessageSurvey } from "#contract/message-previews.ts";
import { PassWork, WorkBudget } from "#contract/work-budget.ts";
import { findWorkspaceRules } from "#db/queries/sending-rules.ts";
import type { EngineContext } from "../engine-context.ts";
import { toContact } from "../execution/contact-rows.ts";
import type { DraftMessageInput } from "../preview-api.ts";
import { draftOf, sampleLinks } from "./fill-preview.ts";
import { fillWithStandIns, readMessageStep } from "./preview-draft-message.ts";
import { readNewestContacts } from "./preview-draft-rows.ts";
import { beginMessagePreview, readWorkspace } from "./preview-message-rows.ts";

/** So many contacts are looked at, and fewer where the message has so many fields or characters that others would wait. */
const most = 1_000;
const mostCharacters = 20_000_000;
/** After so many the others have a turn. */
const atOnce = 25;

/** Fills a message in for the newest contacts, and tells the longest one and whom a field is missing for. Sends nothing. */
export async function surveyMessage({ db, nodes, links }: EngineContext, input: DraftMessageInput): Promise<MessageSurvey> {
  const { workspaceId, flowId } = input;
  const given = await db.transaction().execute(async (tx) => {
    await beginMessagePreview(tx);
    const step = await readMessageStep(tx, input, nodes);
    const rows = await readNewestContacts(tx, workspaceId, most + 1);
    const { smsCountries, tracking } = await findWorkspaceRules(tx, workspaceId);
    return {
      ...step,
      rows,
      workspace: await readWorkspace(tx, workspaceId),
      smsCountries,
      links: { tracking: sampleLinks(links, tracking).tracking },
    };
  });
  const { rows, node, workspace } = given;
  const survey: MessageSurvey = { looked: 0, isAll: false, longest: null, missing: null };
  let size: readonly [number, number] = [0, 0];
  const pass = new PassWork();
  let characters = 0;
  for (const row of rows.slice(0, most)) {
    if (pass.isSpent || characters > mostCharacters) break;
    survey.looked += 1;
    if (survey.looked % atOnce === 0) await breathe();
    const contact = toContact(row);
    const draft = draftOf(node, { contact, workspace, flowId });
    characters += draft.text.length + (draft.html?.length ?? 0);
    const preview = fillWithStandIns(draft, { contact, ...given, work: new WorkBudget(pass) });
    const { id } = contact.fields;
    if (preview.missing.some(({ from }) => from === "contact")) {
      survey.missing = { contactId: survey.missing?.contactId ?? id, contacts: (survey.missing?.contacts ?? 0) + 1 };
    }
    if (!preview.message) continue;
    const { subject, text } = preview.message;
    const segments = countParts[preview.channel](text);
    const own = [segments ?? 0, text.length + (subject?.length ?? 0)] as const;
    if (survey.longest && (own[0] < size[0] || (own[0] === size[0] && own[1] <= size[1]))) continue;
    size = own;
    survey.longest = { contactId: id, contactName: contactName(contact.fields), text: subject ?? text, segments };
  }
  return { ...survey, isAll: survey.looked === rows.length };
}
