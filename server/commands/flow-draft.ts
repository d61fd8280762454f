import type { DraftRestore, FlowDraft, FlowDraftPatch, FlowDraftSaved } from "#contract/flow-drafts.ts";
import { flowLimits } from "#contract/flows.ts";
import type { Tx } from "#db/client.ts";
import {
  type DraftRow,
  discardDraft,
  findDiscardedDraft,
  findDraft,
  lockFlowEditing,
  type StoredContent,
  writeDraft,
} from "#db/queries/flow-drafts.ts";
import { toGraph, toSettings } from "#db/queries/flow-rows.ts";
import { findVersionContent } from "#db/queries/flow-versions.ts";
import { ApiError, invalid, notFound, refused } from "../http/errors.ts";
import type { Principal } from "../http/handler.ts";
import { applyDraftPatch } from "./apply-draft-patch.ts";
import { findProblems } from "./server-problems.ts";

interface Editing {
  workspaceId: string;
  flowId: string;
  /** What the editor has seen. Undefined where the request did not say. */
  revision: string | undefined;
  principal: Principal;
}

/** What is edited of a flow, with its problems. @throws ApiError flow_not_found */
export async function readDraft(db: Tx, of: { workspaceId: string; flowId: string; principal: Principal }): Promise<FlowDraft> {
  const row = await findDraft(db, of);
  if (!row) throw notFound("flow_not_found");
  return toDraft(db, of, row);
}

/** Changes the draft by nodes and edges. Unfinished graphs are saved; only their size is limited. @throws ApiError draft_changed, too large */
export async function saveDraft(
  db: Tx,
  editing: Editing & { patch: FlowDraftPatch },
): Promise<{ saved: FlowDraftSaved; isFirstOfPerson: boolean }> {
  const before = await openDraft(db, editing);
  const content = applyDraftPatch(before, editing.patch);
  checkSize({ ...content, settings: editing.patch.settings });
  const { isDraft, revision, problems, live, liveChanged, updatedAt } = await writeAndRead(db, editing, content);
  return {
    saved: { isDraft, revision, problems, live, liveChanged, updatedAt },
    isFirstOfPerson: before.updatedBy !== editing.principal.userId,
  };
}

/** Puts a version or a discarded draft into the draft. @throws ApiError draft_changed, not_found */
export async function restoreDraft(db: Tx, editing: Editing & { from: DraftRestore["from"] }): Promise<FlowDraft> {
  const { name, settings } = await openDraft(db, editing);
  const of = { workspaceId: editing.workspaceId, flowId: editing.flowId, id: editing.from.id };
  const found = await (editing.from.type === "version" ? findVersionContent(db, of) : findDiscardedDraft(db, of));
  if (!found) throw notFound();
  // A version is its steps; the name of the flow is not among what it brings back.
  return writeAndRead(db, editing, { name, nodes: found.nodes, edges: found.edges, settings: found.settings ?? settings });
}

/** Throws the draft away; what is live is edited again. @throws ApiError draft_changed */
export async function throwDraftAway(db: Tx, editing: Editing): Promise<FlowDraft> {
  await openDraft(db, editing);
  await discardDraft(db, { ...editing, byName: editing.principal.name });
  return readDraft(db, editing);
}

/** Locks the flow, and refuses where somebody has saved since. */
async function openDraft(db: Tx, { workspaceId, flowId, revision, principal }: Editing): Promise<DraftRow> {
  if (revision === undefined) {
    throw invalid([{ path: "baseRevision", message: "Name the revision that you have seen, here or as If-Match" }]);
  }
  const row = (await lockFlowEditing(db, { workspaceId, flowId })) ? await findDraft(db, { workspaceId, flowId }) : undefined;
  if (!row) throw notFound("flow_not_found");
  // The browser that is refused merges with what there is now, so the refusal carries it and no other request is needed.
  if (row.revision !== revision) throw draftChanged(row, await toDraft(db, { workspaceId, principal }, row));
  return row;
}

export const draftChanged = ({ isDraft, updatedByName }: Pick<DraftRow, "isDraft" | "updatedByName">, current?: FlowDraft): ApiError =>
  new ApiError(
    "draft_changed",
    isDraft
      ? `${updatedByName ?? "Somebody"} has saved this flow since you opened it. Load it again and merge your changes.`
      : "This flow was published or changed since you opened it. Load it again and merge your changes.",
    { current },
  );

/** @throws ApiError flow_too_large, with everything that is too much */
export function checkSize({
  nodes,
  edges,
  settings,
}: Pick<StoredContent, "nodes" | "edges"> & { settings?: Record<string, unknown> | undefined }): void {
  const most: [string, unknown, number][] = [
    ["steps", nodes, flowLimits.nodes],
    ["connections", edges, flowLimits.edges],
  ];
  const problems = most.flatMap(([what, list, limit]) =>
    Array.isArray(list) && list.length > limit
      ? [{ path: "", message: `A flow has at most ${limit} ${what}; this one would have ${list.length}` }]
      : [],
  );
  const bytes = Buffer.byteLength(JSON.stringify([nodes, edges]));
  if (bytes > flowLimits.bytes) {
    problems.push({
      path: "",
      message: `A flow has at most ${flowLimits.bytes / 1024} KiB; this one would have ${Math.ceil(bytes / 1024)}`,
    });
  }
  // As much as a file that is imported may hold beside its steps.
  const beside = Buffer.byteLength(JSON.stringify(settings ?? {}));
  if (beside > flowLimits.nodeText) {
    problems.push({
      path: "settings",
      message: `The settings of a flow have at most ${flowLimits.nodeText / 1024} KiB; these have ${Math.ceil(beside / 1024)}`,
    });
  }
  if (problems.length > 0) throw refused("flow_too_large", "The flow is too large and was not saved.", problems);
}

async function writeAndRead(db: Tx, { workspaceId, flowId, principal }: Editing, content: StoredContent): Promise<FlowDraft> {
  await writeDraft(db, { workspaceId, flowId, content, by: { id: principal.userId, name: principal.name } });
  return readDraft(db, { workspaceId, flowId, principal });
}

async function toDraft(
  db: Tx,
  { workspaceId, principal }: { workspaceId: string; principal: Principal },
  row: DraftRow,
): Promise<FlowDraft> {
  const { flowId, isDraft, revision, name, live, beganFrom, updatedByName } = row;
  return {
    flowId,
    isDraft,
    revision,
    name,
    ...toGraph(row),
    settings: toSettings(row.settings),
    problems: await findProblems(db, { workspaceId, flowId, nodes: row.nodes, edges: row.edges, settings: row.settings }, principal),
    live,
    liveChanged: live !== beganFrom,
    updatedAt: row.updatedAt?.toISOString() ?? null,
    updatedByName,
  };
}
