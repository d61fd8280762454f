import type { ReplaceStatus } from "#contract/bulk-jobs.ts";
import { countLimits } from "#contract/count-limits.ts";
import { type LeadStatus, statusNamed } from "#contract/lead-statuses.ts";
import type { Tx } from "#db/client.ts";
import {
  insertLeadStatus,
  listLeadStatuses,
  patchLeadStatus,
  placeLeadStatuses,
  removeLeadStatus,
  takeTurnAtLeadStatuses,
} from "#db/queries/lead-statuses.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { ReplaceStatusInput } from "../bulk-api.ts";

/** What a change of the list means for the contacts that have the status. */
type Replaced = Omit<ReplaceStatus, "type">;

/** Locks the list of a workspace until the end of the transaction. */
export async function lockStatuses(tx: Tx, workspaceId: string): Promise<LeadStatus[]> {
  await takeTurnAtLeadStatuses(tx, workspaceId);
  return listLeadStatuses(tx, { workspaceId });
}

/**
 * Changes the list, which is locked.
 * @throws EngineRefusal not_found, conflict
 */
export async function changeList(
  tx: Tx,
  { workspaceId, change }: Pick<ReplaceStatusInput, "workspaceId" | "change">,
  statuses: readonly LeadStatus[],
): Promise<Replaced> {
  if (change.type === "map") {
    return { from: change.value, to: replacementOf(statuses, change.replacement), list: null };
  }
  const place = statuses.findIndex(({ id }) => id === change.statusId);
  const status = statuses[place];
  if (!status) throw new EngineRefusal("not_found", "This lead status is not in the list any more. Reload the page.");
  const others = statuses.filter(({ id }) => id !== status.id);
  if (change.type === "rename") {
    refuseTaken(others, change.name);
    await patchLeadStatus(tx, { workspaceId, id: status.id, patch: { name: change.name } });
    return { from: status.name, to: change.name, list: { change: "renamed", id: status.id } };
  }
  const to = change.replacement === undefined ? null : replacementOf(others, change.replacement);
  await removeLeadStatus(tx, { workspaceId, id: status.id });
  return { from: status.name, to, list: { change: "removed", status, place } };
}

/** The name of the status that contacts get instead; null where they get none. */
function replacementOf(statuses: readonly LeadStatus[], replacement: string): string | null {
  if (replacement === "none") return null;
  const status = statuses.find(({ id }) => id === replacement);
  if (!status) throw new EngineRefusal("conflict", "The status that the contacts should get is not in the list. Choose another one.");
  return status.name;
}

/** @throws EngineRefusal conflict */
export function refuseTaken(statuses: readonly LeadStatus[], name: string): void {
  const taken = statusNamed(statuses, name);
  if (taken) throw new EngineRefusal("conflict", `The list has “${taken.name}” already. Choose another name.`);
}

/**
 * Puts the list back as it was before a status was renamed or removed. What was changed in it since stays: a status that was
 * renamed again keeps that name, and one that was removed is not added beside another of its name.
 *
 * @throws EngineRefusal conflict where the name belongs to another status by now
 */
export async function restoreList(tx: Tx, workspaceId: string, { from, to, list }: Replaced): Promise<void> {
  if (list === null) return;
  const statuses = await lockStatuses(tx, workspaceId);
  if (list.change === "renamed") {
    const status = statuses.find(({ id }) => id === list.id);
    if (status?.name !== to) return;
    refuseTaken(
      statuses.filter(({ id }) => id !== list.id),
      from,
    );
    await patchLeadStatus(tx, { workspaceId, id: list.id, patch: { name: from } });
    return;
  }
  if (statusNamed(statuses, from)) return;
  const { most } = countLimits.leadStatuses;
  if (statuses.length >= most) {
    throw new EngineRefusal("conflict", `A workspace has at most ${most} lead statuses. Remove one, then undo again.`);
  }
  const { name, color, kind, isDefault } = list.status;
  const { id } = await insertLeadStatus(tx, { workspaceId, name, color, kind });
  await placeLeadStatuses(tx, { workspaceId, ids: statuses.map((status) => status.id).toSpliced(list.place, 0, id) });
  if (isDefault && !statuses.some((status) => status.isDefault)) {
    await patchLeadStatus(tx, { workspaceId, id, patch: { isDefault: true } });
  }
}
