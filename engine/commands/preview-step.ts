import { contactName } from "#contract/contact-fields.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import { readers } from "../execution/node-context.ts";
import { readyNode } from "../flow/flow-graph.ts";
import type { PreviewStepInput, StepPreview } from "../preview-api.ts";
import { sourceOf } from "./fill-preview.ts";
import { chooseContact } from "./preview-draft-message.ts";
import { findNeighbours, readNewestContact, readSteps, withStopped } from "./preview-draft-rows.ts";
import { beginMessagePreview, readWorkspace } from "./preview-message-rows.ts";
import { sampleContact, withGiven } from "./stand-ins.ts";

/**
 * Puts a step as it is being written before a contact, outside of any execution: what its executor would be given if the
 * contact came to it now. Nothing is done and nothing is written.
 */
export async function previewStep({ db, nodes }: EngineContext, input: PreviewStepInput): Promise<StepPreview> {
  const { workspaceId, flowId, who } = input;
  return db.transaction().execute(async (tx) => {
    await beginMessagePreview(tx);
    if (!(await readSteps(tx, { workspaceId, flowId, types: [] }))) {
      throw new EngineRefusal("flow_not_found", "This flow does not exist in this workspace.");
    }
    const node = readyNode(input.node, [], nodes);
    if (typeof node === "string") throw new EngineRefusal("flow_invalid", node);
    const found = await chooseContact(tx, workspaceId, who);
    const contact = found ? await withStopped(tx, workspaceId, found) : sampleContact();
    const workspace = await readWorkspace(tx, workspaceId);
    const neighbours = found
      ? await findNeighbours(tx, { workspaceId, contactId: found.fields.id })
      : { newer: null, older: (await readNewestContact(tx, workspaceId))?.contact_id ?? null };
    return {
      contactId: found?.fields.id ?? null,
      contactName: contactName(contact.fields),
      ...neighbours,
      type: node.type,
      execute: node.execute,
      context: {
        config: node.config,
        contact: contact.fields,
        workspace,
        now: new Date(),
        waited: false,
        place: { flowId, draw: "", nodeId: node.id, visit: 1, earlierVisits: 0 },
        child: undefined,
        answer: undefined,
        replies: [],
        ...readers(withGiven(sourceOf(contact, workspace), input.values ?? {}), contact.fields),
      },
    };
  });
}
