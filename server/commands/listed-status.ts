import { listedSpelling, statusNamed } from "#contract/lead-statuses.ts";
import { findNearest } from "#contract/nearest-name.ts";
import type { Tx } from "#db/client.ts";
import { listLeadStatuses } from "#db/queries/lead-statuses.ts";
import { refused } from "../http/errors.ts";

/** The lead status as the workspace's list spells it, where the list has it. */
export async function withListedStatus<Fields extends { leadStatus?: string | null }>(
  db: Tx,
  workspaceId: string,
  fields: Fields,
): Promise<Fields> {
  if (!fields.leadStatus) return fields;
  const spell = listedSpelling(await listLeadStatuses(db, { workspaceId }));
  return { ...fields, leadStatus: spell(fields.leadStatus) };
}

/** An action on many contacts with its lead status, if it has one, as the workspace's list spells it. */
export async function withListedAction<Action extends { type: string }>(db: Tx, workspaceId: string, action: Action): Promise<Action> {
  return "leadStatus" in action ? withListedStatus(db, workspaceId, action as Action & { leadStatus: string }) : action;
}

/** @throws ApiError `status_not_listed` where an action gives a lead status that the workspace's list does not have. */
export async function requireListedAction(db: Tx, workspaceId: string, action: { type: string; leadStatus?: string }): Promise<void> {
  const { leadStatus } = action;
  if (leadStatus === undefined) return;
  const statuses = await listLeadStatuses(db, { workspaceId });
  if (statusNamed(statuses, leadStatus)) return;
  const near = findNearest(
    leadStatus,
    statuses.map(({ name }) => name),
  );
  const advice = near === undefined ? "Choose one of the list; an admin adds others in Settings." : `Did you mean “${near}”?`;
  throw refused("status_not_listed", `“${leadStatus}” is not in the list of lead statuses. ${advice}`);
}
