import { type Contact, ContactInput } from "#contract/contacts.ts";
import { type FlowTest, type FlowTestInput, type FlowTestPatch, type FlowTestScript, flowTestLimits } from "#contract/flow-tests.ts";
import { flowLimits } from "#contract/flows.ts";
import type { Tx } from "#db/client.ts";
import { findContact } from "#db/queries/contacts.ts";
import { lockFlowEditing } from "#db/queries/flow-drafts.ts";
import { countFlowTests, deleteFlowTest, findFlowTest, insertFlowTest, writeFlowTest } from "#db/queries/flow-tests.ts";
import { conflict, invalid, notFound } from "../http/errors.ts";
import type { Principal } from "../http/handler.ts";
import { actorOf } from "../http/principal.ts";

/** @throws ApiError flow_not_found, contact_not_found, conflict where the flow has as many tests as it may have */
export async function createFlowTest(
  tx: Tx,
  { workspaceId, flowId, principal, input }: { workspaceId: string; flowId: string; principal: Principal; input: FlowTestInput },
): Promise<FlowTest> {
  // Those who add tests to one flow wait for each other, so that they count what the others have added.
  if (!(await lockFlowEditing(tx, { workspaceId, flowId }))) throw notFound("flow_not_found");
  if ((await countFlowTests(tx, { workspaceId, flowId })) >= flowTestLimits.perFlow) {
    throw conflict("conflict", `A flow has up to ${flowTestLimits.perFlow} tests. Delete one that is not needed any more.`);
  }
  const contact = await contactOf(tx, workspaceId, input.script);
  const script = input.copyContact && contact ? { ...input.script, contact: { fields: toInput(contact) } } : input.script;
  checkSize({ script, expect: input.expect });
  const test = { name: input.name, script, expect: input.expect, contactId: contact?.id ?? null };
  const id = await insertFlowTest(tx, { workspaceId, flowId, test, by: actorOf(principal) });
  return requireTest(tx, { workspaceId, id });
}

/** @throws ApiError not_found */
export async function updateFlowTest(
  tx: Tx,
  { patch, ...of }: { workspaceId: string; id: string; patch: FlowTestPatch },
): Promise<FlowTest> {
  const before = await requireTest(tx, of);
  checkSize({ script: before.script, expect: patch.expect ?? before.expect });
  await writeFlowTest(tx, { ...of, ...patch });
  return requireTest(tx, of);
}

/** @throws ApiError not_found */
export async function removeFlowTest(tx: Tx, of: { workspaceId: string; id: string }): Promise<FlowTest> {
  const test = await requireTest(tx, of);
  await deleteFlowTest(tx, of);
  return test;
}

async function requireTest(tx: Tx, of: { workspaceId: string; id: string }): Promise<FlowTest> {
  const test = await findFlowTest(tx, of);
  if (!test) throw notFound();
  return test;
}

async function contactOf(tx: Tx, workspaceId: string, { contact }: FlowTestScript): Promise<Contact | undefined> {
  if (!("id" in contact)) return undefined;
  const found = await findContact(tx, { workspaceId, id: contact.id });
  if (!found) throw notFound("contact_not_found");
  return found;
}

/** What somebody would type in to make this contact. */
const toInput = (contact: Contact): ContactInput =>
  ContactInput.strip().parse({
    ...contact,
    smsOptedOut: contact.smsOptedOutAt !== null,
    emailOptedOut: contact.emailOptedOutAt !== null,
  });

/** As much as one step of a flow may hold, so that a list of tests stays readable in one answer. */
function checkSize(parts: Record<string, unknown>): void {
  const bytes = Buffer.byteLength(JSON.stringify(parts));
  if (bytes <= flowLimits.nodeText) return;
  const most = flowLimits.nodeText / 1024;
  throw invalid([{ path: "script", message: `A test has at most ${most} KiB; this one would have ${Math.ceil(bytes / 1024)}` }]);
}
