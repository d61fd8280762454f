import type { FlowFile, ImportedFlowFile } from "#contract/flow-files.ts";
import type { Tx } from "#db/client.ts";
import { findDraft } from "#db/queries/flow-drafts.ts";
import { listFlowFolders } from "#db/queries/flow-folders.ts";
import { type StoredGraph, toGraph, toSettings } from "#db/queries/flow-rows.ts";
import { findVersionContent } from "#db/queries/flow-versions.ts";
import { findFlow, listFlowNames } from "#db/queries/flows.ts";
import { isRecord } from "#nodes/graph/checked-node.ts";
import { namedFields } from "#nodes/graph/named-fields.ts";
import { namedFlows } from "#nodes/graph/named-flows.ts";
import { namedSecrets } from "#nodes/graph/named-secrets.ts";
import { cameInAs } from "#nodes/import/came-in-as.ts";
import { restoreGraph } from "#nodes/import/restore-graph.ts";
import { notFound } from "../http/errors.ts";

interface OfFlow {
  workspaceId: string;
  flowId: string;
}

/** A flow as a file. `of`: the draft, what is live, or the id of a version. */
export async function exportFlow(db: Tx, { workspaceId, flowId, of }: OfFlow & { of: string }): Promise<FlowFile> {
  const content = await readContent(db, { workspaceId, flowId }, of);
  const flow = await findFlow(db, { workspaceId, id: flowId });
  const nodes = asList(content.nodes);
  const folder = flow?.folderId ? await folderPath(db, { workspaceId, folderId: flow.folderId }) : [];
  return {
    sluice: "flow",
    version: 1,
    name: content.name,
    nodes: nodes.map((node) => inOrder(node, nodeKeys)),
    edges: asList(content.edges).map((edge) => inOrder(edge, edgeKeys)),
    settings: inOrder(toSettings(content.settings)) as Record<string, unknown>,
    ...(folder.length > 0 && { folder }),
    requires: await readNeeds(db, workspaceId, content),
  };
}

/** A flow in the spelling in which it was imported. */
export async function exportAsImported(db: Tx, { workspaceId, flowId, of }: OfFlow & { of: string }): Promise<ImportedFlowFile> {
  const { name, nodes, edges, settings } = await readContent(db, { workspaceId, flowId }, of);
  const { [cameInAs]: beside, ...others } = toSettings(settings);
  return { name, ...restoreGraph({ nodes: records(nodes), edges: records(edges) }), settings: others, ...(isRecord(beside) ? beside : {}) };
}

export const records = (list: unknown): Record<string, unknown>[] => asList(list).filter(isRecord);

async function readContent(
  db: Tx,
  { workspaceId, flowId }: OfFlow,
  of: string,
): Promise<StoredGraph & { name: string; settings: unknown }> {
  const found =
    of === "live"
      ? await findFlow(db, { workspaceId, id: flowId })
      : of === "draft"
        ? await findDraft(db, { workspaceId, flowId })
        : await findVersionContent(db, { workspaceId, flowId, id: of });
  if (!found) throw notFound(of === "live" || of === "draft" ? "flow_not_found" : "not_found");
  return found;
}

async function readNeeds(db: Tx, workspaceId: string, content: StoredGraph): Promise<FlowFile["requires"]> {
  const { nodes } = toGraph(content);
  const ids = distinct(namedFlows(nodes).map(({ flowId }) => flowId));
  const names = new Map((await listFlowNames(db, { workspaceId, ids })).map(({ id, name }) => [id, name]));
  return {
    secrets: distinct(namedSecrets(nodes).map(({ name }) => name)),
    ...namedFields(nodes),
    flows: ids.map((id) => ({ id, name: names.get(id) ?? null })),
  };
}

const distinct = (names: readonly string[]): string[] => [...new Set(names)].sort();

/** The names of the folders from the outermost to this one. Folders that contain each other end the path. */
async function folderPath(db: Tx, { workspaceId, folderId }: { workspaceId: string; folderId: string }): Promise<string[]> {
  const folders = new Map((await listFlowFolders(db, { workspaceId })).map((folder) => [folder.id, folder]));
  const path: string[] = [];
  const seen = new Set<string>();
  for (let folder = folders.get(folderId); folder && !seen.has(folder.id); folder = folders.get(folder.parentId ?? "")) {
    seen.add(folder.id);
    path.unshift(folder.name);
  }
  return path;
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const nodeKeys = ["id", "type", "position", "data"];
const edgeKeys = ["id", "source", "sourceHandle", "target"];
const dataKeys = ["label", "note", "key", "config"];

/** The same value with its keys in one order, whatever the order in which they are stored. */
function inOrder(value: unknown, first: readonly string[] = []): unknown {
  if (Array.isArray(value)) return value.map((item) => inOrder(item));
  if (!isRecord(value)) return value;
  const known = first.filter((key) => Object.hasOwn(value, key));
  const others = Object.keys(value)
    .filter((key) => !known.includes(key))
    .sort();
  return Object.fromEntries([...known, ...others].map((key) => [key, inOrder(value[key], key === "data" ? dataKeys : [])]));
}
