import type { MessagePreview, PreviewedContact } from "#contract/message-previews.ts";
import type { Tx } from "#db/client.ts";
import { findWorkspaceRules } from "#db/queries/sending-rules.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import type { ChunkContact } from "../execution/chunk.ts";
import { toContact } from "../execution/contact-rows.ts";
import { type ReadyNode, readyNode } from "../flow/flow-graph.ts";
import type { MessageDraft } from "../flow/node-executor.ts";
import type { NodeRegistry } from "../flow/node-registry.ts";
import type { DraftMessageInput, WrittenPreview } from "../preview-api.ts";
import { draftOf, type PreviewGiven, sampleLinks, sourceOf, toPreview } from "./fill-preview.ts";
import { findNeighbours, readNewestContact, readOneContact, readSteps } from "./preview-draft-rows.ts";
import { beginMessagePreview, readWorkspace } from "./preview-message-rows.ts";
import { sampleContact, withStandIns } from "./stand-ins.ts";

/**
 * Fills in a step as it is being written, saved or not, for one contact. What only a running flow knows stands in it by its
 * name, so that the rest can be read.
 */
export async function previewDraftMessage(
  { db, nodes, links }: EngineContext,
  input: DraftMessageInput & { who: PreviewedContact },
): Promise<WrittenPreview> {
  return db.transaction().execute(async (tx) => {
    await beginMessagePreview(tx);
    const { node, setsVariables } = await readMessageStep(tx, input, nodes);
    const { workspaceId, flowId, who } = input;
    const contact = await chooseContact(tx, workspaceId, who);
    const workspace = await readWorkspace(tx, workspaceId);
    const { smsCountries, tracking } = await findWorkspaceRules(tx, workspaceId);
    const given = { workspace, setsVariables, smsCountries, links: sampleLinks(links, tracking) };
    const draft = draftOf(node, { contact: contact ?? sampleContact(), workspace, flowId });
    if (!contact) {
      const made = sampleContact();
      const source = withStandIns(draft, sourceOf(made, workspace), () => true);
      const preview = toPreview(draft, { ...given, contact: made, source });
      const newest = await readNewestContact(tx, workspaceId);
      const nobody = { contactId: null, to: null, blocked: null, newer: null, older: newest?.contact_id ?? null };
      return { ...preview, ...nobody, hasStandIns: true, textTemplate: draft.text };
    }
    const filled = fillWithStandIns(draft, { ...given, contact });
    return { ...filled, textTemplate: draft.text, ...(await findNeighbours(tx, { workspaceId, contactId: contact.fields.id })) };
  });
}

/** Where nothing else is missing than what steps and the start of the flow hand over, their names stand in for it. */
export function fillWithStandIns(draft: MessageDraft, given: PreviewGiven): MessagePreview & { hasStandIns: boolean } {
  const plain = toPreview(draft, given);
  const missing = new Set(plain.missing.map(({ field }) => field));
  if (missing.size === 0 || plain.missing.some(({ from }) => from === "contact")) return { ...plain, hasStandIns: false };
  const source = withStandIns(draft, sourceOf(given.contact, given.workspace, given.work), (field) => missing.has(field.source));
  return { ...toPreview(draft, { ...given, source }), missing: plain.missing, hasStandIns: true };
}

/** The step, if it sends messages, and whether steps of its flow set variables. */
export async function readMessageStep(
  tx: Tx,
  { workspaceId, flowId, node }: DraftMessageInput,
  registry: NodeRegistry,
): Promise<{ node: ReadyNode; setsVariables: boolean }> {
  const steps = await readSteps(tx, { workspaceId, flowId, types: typesThatSetVariables(registry) });
  if (!steps) throw new EngineRefusal("flow_not_found", "This flow does not exist in this workspace.");
  const ready = readyNode(node, [], registry);
  if (typeof ready === "string") throw new EngineRefusal("flow_invalid", ready);
  if (!ready.definition.channel) throw new EngineRefusal("not_found", "This step sends no message.");
  return { node: ready, setsVariables: steps.setsVariables };
}

const typesThatSetVariables = ({ definitions }: NodeRegistry): string[] =>
  Object.values(definitions).flatMap(({ type, names }) => (names?.variables ? [type] : []));

/** Undefined: nobody, so one is made up. */
export async function chooseContact(tx: Tx, workspaceId: string, who: PreviewedContact): Promise<ChunkContact | undefined> {
  if (who === "sample") return undefined;
  const row = who === "newest" ? await readNewestContact(tx, workspaceId) : await readOneContact(tx, { workspaceId, contactId: who });
  if (!row && who !== "newest") throw new EngineRefusal("contact_not_found", "This contact no longer exists.");
  return row && toContact(row);
}
