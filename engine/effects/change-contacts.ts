import { isNonEmpty } from "../base/non-empty.ts";
import type { ChunkExecution, PendingChange } from "../execution/chunk.ts";
import type { ContactPatch } from "../flow/node-executor.ts";
import { lockContactsSkipLocked, patchContacts, readContacts } from "./change-contact-rows.ts";
import { commitEffect, endCancelled, walkOn } from "./commit-effect.ts";
import { decideChange, readSpelling, rehearseChange } from "./decide-change.ts";
import type { Batch, Effect, PassContext } from "./effect.ts";
import { addPatch, patchFields } from "./patch-fields.ts";

/**
 * Changes contacts. One transaction locks the contacts, asks the nodes, writes, and commits that together with the steps,
 * so each change happens exactly once. A test send changes nobody: its changes are rehearsed.
 */
export const changes: Effect<PendingChange> = {
  batchKey: ({ send }) => `${send.workspaceId} ${send.isTest}`,
  async runBatch(pass, queue) {
    const batch = queue.splice(0);
    const wanted = endCancelled(batch);
    if (isNonEmpty(wanted)) await (wanted[0].execution.send.isTest ? rehearse(pass, wanted) : commit(pass, wanted));
    walkOn(batch, pass.time);
    return { batch, isClosed: false };
  },
};

async function rehearse({ db, time }: PassContext, batch: Batch<PendingChange>): Promise<void> {
  const spellStatus = await readSpelling(db, batch[0].execution.send.workspaceId);
  for (const { execution, pending } of batch) rehearseChange(execution, pending, { now: time(), spellStatus });
}

async function commit(pass: PassContext, batch: Batch<PendingChange>): Promise<void> {
  const { workspaceId } = batch[0].execution.send;
  const fresh = await commitEffect(pass, batch, {
    async act({ tx }, live, now) {
      const contacts = await lockContactsSkipLocked(tx, {
        workspaceId,
        ids: live.flatMap(({ execution }) => execution.row.contactId ?? []),
        withStops: live.some(({ pending }) => pending.node.type === "consent"),
      });
      const spellStatus = await readSpelling(tx, workspaceId);
      const patches = new Map<string, ContactPatch>();
      const agreedTo = new Map<string, { phone: string | null; email: string | null }>();
      const ledOn: ChunkExecution[] = [];
      for (const { execution, pending } of live) {
        const id = execution.row.contactId ?? "";
        const contact = contacts.get(id);
        if (!contact) continue;
        ledOn.push(execution);
        const patch = decideChange(execution, pending, contact, { now, isRehearsal: false, spellStatus });
        if (Object.keys(patch).length === 0) continue;
        // If two executions of the chunk change one contact, the second sees what the first did.
        contacts.set(id, { ...contact, fields: patchFields(contact.fields, patch) });
        patches.set(id, addPatch(patches.get(id), patch));
        if (patch.consent !== undefined) agreedTo.set(id, { phone: contact.fields.phone_e164, email: contact.fields.email });
      }
      await patchContacts(tx, { workspaceId, patches, agreedTo });
      const finish = async () => new Map([...contacts, ...(await readContacts(tx, workspaceId, [...patches.keys()]))]);
      return { ledOn, finish };
    },
    breakPoints: { inside: "changing", committed: "changes-committed" },
  });
  for (const { row, memory } of pass.executions) {
    const contact = fresh.get(row.contactId ?? "");
    if (contact) memory.contact = contact;
  }
}
