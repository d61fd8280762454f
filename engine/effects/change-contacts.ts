import { breakPoint } from "../base/break-point.ts";
import type { ChunkContact, ChunkExecution, PendingChange } from "../execution/chunk.ts";
import { lockExecutions } from "../execution/lock-rows.ts";
import { saveResults } from "../execution/message-rows.ts";
import { readers } from "../execution/node-context.ts";
import { closeSteps, insertSteps } from "../execution/save-rows.ts";
import { cancel, leave } from "../execution/transitions.ts";
import { walk } from "../execution/walk.ts";
import type { ContactPatch, Decided } from "../flow/node-executor.ts";
import { failEffect } from "../messages/message-outcome.ts";
import { lockContactsSkipLocked, patchContacts, readContacts } from "./change-contact-rows.ts";
import type { Effect, PassContext } from "./effect.ts";
import { addPatch, patchFields } from "./patch-fields.ts";

/**
 * Changes contacts. One transaction holds them still, decides, writes, and commits that together with the steps that
 * led there and the steps that did it: so each change happens exactly once, however often a process dies.
 */
export const changes: Effect<PendingChange> = {
  batchKey: ({ send }) => `${send.workspaceId} ${send.isTest}`,
  async runBatch(pass, queue) {
    const batch = queue.splice(0);
    const wanted = batch.filter((execution) => {
      if (execution.memory.cancel !== null) cancel(execution, execution.memory.cancel);
      return execution.memory.cancel === null;
    });
    if (wanted.length > 0) await (wanted[0]?.send.isTest ? rehearse(pass, wanted) : commit(pass, wanted));
    for (const execution of batch) if (!execution.leftAlone) walk(execution, pass.time);
    return { batch, isClosed: false };
  },
};

/** A test changes nobody: the steps say what would be, and what follows in the same pass sees it so. */
function rehearse({ time }: PassContext, wanted: readonly ChunkExecution[]): void {
  for (const execution of wanted) {
    const contact = execution.memory.contact as ChunkContact;
    const patch = decide(execution, contact, time());
    execution.memory.contact = { ...contact, fields: patchFields(contact.fields, patch) };
  }
}

async function commit(pass: PassContext, wanted: readonly ChunkExecution[]): Promise<void> {
  const { db, clock } = pass;
  const workspaceId = (wanted[0] as ChunkExecution).send.workspaceId;
  const fresh = await db.transaction().execute(async (tx) => {
    const live = await lockExecutions(tx, wanted, clock);
    const contacts = await lockContactsSkipLocked(
      tx,
      workspaceId,
      wanted.flatMap(({ id, row: { contactId } }) => (live.has(id) ? (contactId ?? []) : [])),
    );
    const changing = wanted.filter(({ id, row: { contactId } }) => live.has(id) && contacts.has(contactId ?? ""));
    const patches = new Map<string, ContactPatch>();
    const now = pass.time();
    for (const execution of changing) {
      const id = execution.row.contactId as string;
      const contact = contacts.get(id) as ChunkContact;
      const patch = decide(execution, contact, now);
      if (Object.keys(patch).length === 0) continue;
      // Two executions of one contact: the second one sees what the first one did.
      contacts.set(id, { ...contact, fields: patchFields(contact.fields, patch) });
      patches.set(id, addPatch(patches.get(id), patch));
    }
    await patchContacts(tx, workspaceId, patches);
    await saveResults(tx, pass.unwritten, clock);
    await closeSteps(tx, changing, now);
    await insertSteps(tx, changing);
    await breakPoint("changing");
    return new Map([...contacts, ...(await readContacts(tx, workspaceId, [...patches.keys()]))]);
  });
  await breakPoint("changes-committed");
  pass.unwritten.length = 0;
  for (const execution of wanted) {
    // It still stands at its change: ended, stopped, or in other hands, as is its contact.
    if (execution.writes.pending) execution.leftAlone = "taken";
    else Object.assign(execution.writes, { newSteps: [], closedStep: undefined });
  }
  for (const execution of pass.executions) {
    const contact = fresh.get(execution.row.contactId ?? "");
    if (contact) execution.memory.contact = contact;
  }
}

/** Asks the node, leads the execution on by what it says, and returns what is to be written. */
function decide(execution: ChunkExecution, contact: ChunkContact, now: number): ContactPatch {
  const pending = execution.writes.pending as PendingChange;
  const { node, visit, attempt, startedAt } = pending;
  const decided = ask(pending, execution, contact);
  if (decided.problem !== undefined) {
    failEffect(execution, decided.reason, decided.problem, decided.output, now);
    return {};
  }
  const exit = decided.exit ?? node.exits[0] ?? null;
  const result = execution.send.isTest ? { ...decided.output, rehearsed: true } : decided.output;
  leave(execution, node, { visit, startedAt }, { status: "completed", exit, attempt, result, completedAt: now });
  return decided.patch;
}

/** Whatever a node throws concerns this execution alone. */
function ask(pending: PendingChange, execution: ChunkExecution, { fields }: ChunkContact): Decided {
  try {
    return pending.decide({ contact: fields, ...readers(execution, fields) });
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error), reason: "internal" };
  }
}
