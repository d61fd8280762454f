import type { MessagePreview } from "#contract/message-previews.ts";
import { isTimeout } from "#db/errors.ts";
import { findWorkspaceRules } from "#db/queries/sending-rules.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import { toContact } from "../execution/contact-rows.ts";
import { readyFlow } from "../flow/flow-graph.ts";
import { readFlow } from "../flow/version-rows.ts";
import type { PreviewMessageInput } from "../preview-api.ts";
import { withInputs } from "./fill-inputs.ts";
import { draftOf, sampleLinks, sourceOf, toPreview } from "./fill-preview.ts";
import { beginMessagePreview, readFirstContact, readWorkspace } from "./preview-message-rows.ts";

/**
 * Fills in one message of a flow for the first contact of a selection, as it would leave if the contact came to it now. The
 * step, the text and the recipient are decided by the code that sends, so what is shown is what is sent. What earlier steps
 * and the start of the flow would hand on is not there yet.
 */
export async function previewMessage({ db, nodes, links }: EngineContext, input: PreviewMessageInput): Promise<MessagePreview> {
  return db.transaction().execute(async (tx) => {
    await beginMessagePreview(tx);
    const stored = await readFlow(tx, input);
    if (!stored) throw new EngineRefusal("flow_not_found", "This flow does not exist in this workspace.");
    const flow = readyFlow(stored, nodes);
    if (flow.problem !== undefined) throw new EngineRefusal("flow_invalid", flow.problem);
    const broken = flow.brokenNodes.get(input.nodeId);
    if (broken !== undefined) throw new EngineRefusal("flow_invalid", broken);
    const node = flow.nodes.get(input.nodeId);
    if (!node?.definition.channel) throw new EngineRefusal("not_found", "This flow has no such message.");
    const row = await readFirstContact(tx, input).catch((error: unknown) => {
      if (!isTimeout(error)) throw error;
      throw new EngineRefusal("count_took_too_long", "No contact of this selection was found within 5 seconds.");
    });
    if (!row) throw new EngineRefusal("contact_not_found", "These contacts no longer exist.");
    const contact = toContact(row);
    const workspace = await readWorkspace(tx, input.workspaceId);
    const setsVariables = [...flow.nodes.values()].some(({ definition }) => definition.names?.variables !== undefined);
    const { smsCountries, tracking } = await findWorkspaceRules(tx, input.workspaceId);
    const draft = draftOf(node, { contact, workspace, flowId: input.flowId });
    const { values, contactValues, selection } = input;
    const ids = selection.type === "ids" ? selection.ids : undefined;
    const given = { values, contactValues, ids };
    const source = withInputs(sourceOf(contact, workspace), { flow, contact: contact.fields, given });
    return toPreview(draft, { source, contact, workspace, setsVariables, smsCountries, links: sampleLinks(links, tracking) });
  });
}
