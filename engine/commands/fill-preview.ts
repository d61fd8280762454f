import { countParts } from "#channels/count-parts.ts";
import { contactName, contactNames } from "#contract/contact-fields.ts";
import { splitField } from "#contract/field-path.ts";
import type { LinkTracking } from "#contract/link-tracking.ts";
import type { MessagePreview } from "#contract/message-previews.ts";
import { WorkBudget, WorkLimitExceeded } from "#contract/work-budget.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { ChunkContact, TextSource } from "../execution/chunk.ts";
import { readers } from "../execution/node-context.ts";
import type { ReadyNode } from "../flow/flow-graph.ts";
import type { MessageDraft, WorkspaceFields } from "../flow/node-executor.ts";
import type { ComposeResult, LinksOfMessage } from "../messages/compose-message.ts";
import { composeMessage } from "../messages/compose-message.ts";
import type { MessageLinks } from "../messages/message-links.ts";
import { checkRecipient } from "../messages/recipient-check.ts";

/*
 * A message as it would leave, filled in for one contact outside of any execution. The step, the text and the recipient are
 * decided by the code that sends, so what is shown is what is sent.
 */

/** The contact at this step, before anything of the flow has run for it. */
export const sourceOf = (contact: ChunkContact, workspace: WorkspaceFields, work = new WorkBudget()): TextSource => ({
  send: { workspace },
  row: { trigger: {} },
  memory: { contact, variables: null, outputs: null },
  work,
});

export function draftOf(
  node: ReadyNode,
  { contact, workspace, flowId }: { contact: ChunkContact; workspace: WorkspaceFields; flowId: string },
): MessageDraft {
  const outcome = node.execute({
    config: node.config,
    contact: contact.fields,
    workspace,
    now: new Date(),
    waited: false,
    place: { flowId, draw: "", nodeId: node.id, visit: 1, earlierVisits: 0 },
    child: undefined,
    answer: undefined,
    replies: [],
    ...readers(sourceOf(contact, workspace), contact.fields),
  });
  if (outcome.type !== "send") throw new EngineRefusal("not_found", "This step sends no message.");
  return outcome.draft;
}

export interface PreviewGiven {
  contact: ChunkContact;
  workspace: WorkspaceFields;
  setsVariables: boolean;
  smsCountries: ReadonlySet<string>;
  /** What fields are read from, where not from the contact alone. */
  source?: TextSource;
  work?: WorkBudget;
  /** Links of the kind that the message will have, which change nothing. */
  links: LinksOfMessage;
}

/** What stands in a preview for the links of a message. */
export const sampleLinks = (links: MessageLinks | undefined, rules: LinkTracking): LinksOfMessage => ({
  unsubscribeUrl: links?.sampleUrl(),
  tracking: links && { rules, links: links.tracked("sample") },
});

export function toPreview(draft: MessageDraft, given: PreviewGiven): MessagePreview {
  const { contact, workspace, setsVariables, source = sourceOf(contact, workspace, given.work) } = given;
  const recipient = checkRecipient(contact, draft, given.smsCountries);
  const { message, refusal, fields = [] } = compose(draft, source, given.links);
  return {
    contactId: contact.fields.id,
    contactName: contactName(contact.fields),
    channel: draft.channel,
    to: recipient.to ?? null,
    blocked: recipient.refusal ?? null,
    message: message ? { ...message, segments: countParts[draft.channel](message.text) } : null,
    problem: refusal ?? null,
    missing: fields.map((field) => ({ field, from: sourceOfField(field, setsVariables) })),
  };
}

export function compose(draft: MessageDraft, source: TextSource, links?: LinksOfMessage): ComposeResult {
  try {
    return composeMessage(draft, source, links);
  } catch (error) {
    if (error instanceof WorkLimitExceeded) return { refusal: error.reason };
    throw error;
  }
}

/** What could give a field its value: a step by a variable or its result, who sends the flow, what starts it, or else the contact. */
function sourceOfField(field: string, setsVariables: boolean): MessagePreview["missing"][number]["from"] {
  const [first = "", ...rest] = splitField(field);
  if (first === "trigger") return "start";
  if (first === "input" && rest.length > 0) return "input";
  if (first === "variables" || first === "steps") return "step";
  return setsVariables && rest.length === 0 && !contactNames.includes(first) ? "step" : "contact";
}
