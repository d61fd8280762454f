import { freeDataProblem } from "#contract/free-data.ts";
import { listedSpelling } from "#contract/lead-statuses.ts";
import { WorkLimitExceeded } from "#contract/work-budget.ts";
import type { Db } from "#db/client.ts";
import { listLeadStatuses } from "#db/queries/lead-statuses.ts";
import { named } from "../base/hold-watch.ts";
import type { ChunkContact, ChunkExecution, PendingChange } from "../execution/chunk.ts";
import { readers } from "../execution/node-context.ts";
import { leave } from "../execution/transitions.ts";
import type { ContactFields, ContactPatch, DecideContext, Decided } from "../flow/node-executor.ts";
import { failEffect } from "../messages/message-outcome.ts";
import { patchFields } from "./patch-fields.ts";

export type SpellStatus = DecideContext["spellStatus"];

export const readSpelling = async (db: Db, workspaceId: string): Promise<SpellStatus> =>
  listedSpelling(await listLeadStatuses(db, { workspaceId }));

/**
 * Changes the contact in memory alone: the step says what would be, and the nodes behind it see the contact so. Returns what
 * would be written.
 */
export function rehearseChange(
  execution: ChunkExecution,
  pending: PendingChange,
  { now, spellStatus }: { now: number; spellStatus: SpellStatus },
): ContactPatch {
  const { contact } = execution.memory;
  if (!contact) throw new Error("An execution without a contact stands at a change");
  const patch = decideChange(execution, pending, contact, { now, isRehearsal: true, spellStatus });
  execution.memory.contact = { ...contact, fields: patchFields(contact.fields, patch) };
  return patch;
}

/** Asks the node, leads the execution on by its answer, and returns what is to be written of the contact. */
export function decideChange(
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
