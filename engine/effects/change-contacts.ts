import { freeDataProblem } from "#contract/free-data.ts";
import { listedSpelling } from "#contract/lead-statuses.ts";
import { WorkLimitExceeded } from "#contract/work-budget.ts";
import type { Db } from "#db/client.ts";
import { listLeadStatuses } from "#db/queries/lead-statuses.ts";
import { named } from "../base/hold-watch.ts";
import { isNonEmpty } from "../base/non-empty.ts";
import type { ChunkContact, ChunkExecution, PendingChange } from "../execution/chunk.ts";
import { readers } from "../execution/node-context.ts";
import { leave } from "../execution/transitions.ts";
import type { ContactFields, ContactPatch, DecideContext, Decided } from "../flow/node-executor.ts";
import { failEffect } from "../messages/message-outcome.ts";
import { lockContactsSkipLocked, patchContacts, readContacts } from "./change-contact-rows.ts";
import { commitEffect, endCancelled, walkOn } from "./commit-effect.ts";
import type { Batch, Effect, PassContext } from "./effect.ts";
import { addPatch, patchFields } from "./patch-fields.ts";

/**
 * Changes contacts. One transaction locks the contacts, asks the nodes, writes, and commits that together with the steps,
 * so each change happens exactly once. A test send changes nobody: its changes are simulated.
 */
export const changes: Effect<PendingChange> = {
  batchKey: ({ send }) => `${send.workspaceId} ${send.isTest}`,
  async runBatch(pass, queue) {
    const batch = queue.splice(0);
    const wanted = endCancelled(batch);
    if (isNonEmpty(wanted)) await (wanted[0].execution.send.isTest ? changes.simulate(pass, wanted) : commit(pass, wanted));
    walkOn(batch, pass.time);
    return { batch, isClosed: false };
  },

  /** The steps say what would be, and the nodes behind them see the contact so. */
  async simulate({ db, time }, batch) {
    const { workspaceId } = batch[0].execution.send;
    const spellStatus = await readSpelling(db, workspaceId);
    for (const { execution, pending } of batch) {
      const { contact } = execution.memory;
      if (!contact) throw new Error("An execution without a contact stands at a change");
      const patch = decide(execution, pending, contact, { now: time(), isRehearsal: true, spellStatus });
      execution.memory.contact = { ...contact, fields: patchFields(contact.fields, patch) };
    }
  },
};

async function commit(pass: PassContext, batch: Batch<PendingChange>): Promise<void> {
  const { workspaceId } = batch[0].execution.send;
  const fresh = await commitEffect(pass, batch, {
    async act({ tx }, live, now) {
      const contacts = await lockContactsSkipLocked(
        tx,
        workspaceId,
        live.flatMap(({ execution }) => execution.row.contactId ?? []),
      );
      const spellStatus = await readSpelling(tx, workspaceId);
      const patches = new Map<string, ContactPatch>();
      const ledOn: ChunkExecution[] = [];
      for (const { execution, pending } of live) {
        const id = execution.row.contactId ?? "";
        const contact = contacts.get(id);
        if (!contact) continue;
        ledOn.push(execution);
        const patch = decide(execution, pending, contact, { now, isRehearsal: false, spellStatus });
        if (Object.keys(patch).length === 0) continue;
        // If two executions of the chunk change one contact, the second sees what the first did.
        contacts.set(id, { ...contact, fields: patchFields(contact.fields, patch) });
        patches.set(id, addPatch(patches.get(id), patch));
      }
      await patchContacts(tx, workspaceId, patches);
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

type SpellStatus = DecideContext["spellStatus"];

export const readSpelling = async (db: Db, workspaceId: string): Promise<SpellStatus> =>
  listedSpelling(await listLeadStatuses(db, { workspaceId }));

/** Asks the node, leads the execution on by its answer, and returns what is to be written of the contact. */
function decide(
  execution: ChunkExecution,
  pending: PendingChange,
  contact: ChunkContact,
  { now, isRehearsal, spellStatus }: { now: number; isRehearsal: boolean; spellStatus: SpellStatus },
): ContactPatch {
  const { node, visit, attempt, startedAt } = pending;
  const decided = ask(pending, execution, contact, spellStatus);
  if (decided.problem !== undefined) {
    failEffect(execution, decided.reason, decided.problem, decided.output, now);
    return {};
  }
  const exit = decided.exit ?? node.exits[0] ?? null;
  const result = isRehearsal ? { ...decided.output, rehearsed: true } : decided.output;
  leave(execution, node, { visit, startedAt }, { status: "completed", exit, attempt, result, completedAt: now });
  return decided.patch;
}

/** An error that a node throws fails this execution alone. */
function ask(pending: PendingChange, execution: ChunkExecution, { fields }: ChunkContact, spellStatus: SpellStatus): Decided {
  try {
    return named(execution.id, () => withinLimits(pending.decide({ contact: fields, ...readers(execution, fields), spellStatus }), fields));
  } catch (error) {
    return {
      problem: error instanceof Error ? error.message : String(error),
      reason: error instanceof WorkLimitExceeded ? error.reason : "internal",
    };
  }
}

/** A loop that adds fields or tags must not make a contact of any size. Taking values away is always allowed. */
export function withinLimits(decided: Decided, fields: ContactFields): Decided {
  const metadata = decided.patch?.metadata;
  if (!metadata || Object.values(metadata).every((value) => value === null)) return decided;
  const problem = freeDataProblem(patchFields(fields, { metadata }).metadata);
  return problem === undefined
    ? decided
    : { problem: `The custom fields of the contact would be too large. ${problem}.`, reason: "bad_value" };
}
