import type { FlowImport, FlowImported, ImportLine } from "#contract/flow-files.ts";
import type { FlowFolder } from "#contract/flow-folders.ts";
import type { FlowProblem } from "#contract/flows.ts";
import type { Tx } from "#db/client.ts";
import { findDraft, writeDraft } from "#db/queries/flow-drafts.ts";
import { hasFlowFolder, listFlowFolders } from "#db/queries/flow-folders.ts";
import { toSettings } from "#db/queries/flow-rows.ts";
import { insertFlow } from "#db/queries/flows.ts";
import { unreadSettings } from "#nodes/graph/check-settings.ts";
import { cameInAs } from "#nodes/import/came-in-as.ts";
import { type FlowFileContent, readFlowFile } from "#nodes/import/read-flow-file.ts";
import { restoreGraph } from "#nodes/import/restore-graph.ts";
import { translateGraph } from "#nodes/import/translate-graph.ts";
import { invalid, notFound, refused } from "../http/errors.ts";
import type { Principal } from "../http/handler.ts";
import { records } from "./export-flow.ts";
import { labelOfNodeType } from "./flow-answers.ts";
import { checkSize, readDraft } from "./flow-draft.ts";
import { numbered, pickName } from "./flow-names.ts";
import { requireRoom } from "./require-room.ts";

interface Import extends FlowImport {
  workspaceId: string;
  principal: Principal;
}

/**
 * Makes a flow of a file. It lands in a draft: nothing of it is sent before somebody publishes it.
 * @throws ApiError flow_file_invalid with everything that is wrong, flow_name_taken
 */
export async function importFlow(db: Tx, { workspaceId, principal, file, name, folderId }: Import): Promise<FlowImported> {
  const { content, problems } = readFlowFile(file);
  if (problems) throw refused("flow_file_invalid", "This file was not imported.", problems);
  const { nodes, edges } = content.isOurs ? content : translateGraph(content);
  checkSize({ nodes, edges });
  if (folderId && !(await hasFlowFolder(db, { workspaceId, id: folderId }))) {
    throw invalid([{ path: "folderId", message: "There is no such folder in this workspace" }]);
  }
  await requireRoom(db, { workspaceId, to: "flows" });
  const folder = folderId !== undefined ? folderId : await findFolder(db, workspaceId, content.folder ?? []);
  const free = await pickName(db, { workspaceId, name }, numbered(content.name ?? "Imported flow"));
  const flow = await insertFlow(db, { workspaceId, name: free, folderId: folder, nodes: [], edges: [], settings: undefined });
  const draft = { name: free, nodes, edges, settings: settingsOf(content) };
  await writeDraft(db, { workspaceId, flowId: flow.id, content: draft, by: { id: principal.userId, name: principal.name } });
  return { id: flow.id, name: free, lines: await reportImport(db, { workspaceId, flowId: flow.id, principal }) };
}

/** What stands beside the graph and has no place here is kept with the settings. */
const settingsOf = ({ settings, others }: FlowFileContent): Record<string, unknown> =>
  Object.keys(others).length === 0 ? settings : { ...settings, [cameInAs]: others };

/** The folder of this path, where there is one. */
async function findFolder(db: Tx, workspaceId: string, path: readonly string[]): Promise<string | null> {
  const folders = await listFlowFolders(db, { workspaceId });
  const inside = (parentId: string | null, name: string): FlowFolder | undefined =>
    folders.find((folder) => folder.parentId === parentId && folder.name === name);
  return path.reduce<string | null | undefined>((id, name) => (id === undefined ? undefined : inside(id, name)?.id), null) ?? null;
}

/**
 * What became of each step of an imported flow, and what is still to choose. It is derived from what the steps keep of how
 * they came in, so it grows shorter as they are set up. @throws ApiError flow_not_found
 */
export async function reportImport(
  db: Tx,
  { workspaceId, flowId, principal }: { workspaceId: string; flowId: string; principal: Principal },
): Promise<ImportLine[]> {
  const row = await findDraft(db, { workspaceId, flowId });
  if (!row) throw notFound("flow_not_found");
  const { nodes, problems } = await readDraft(db, { workspaceId, flowId, principal });
  const { lines } = translateGraph(restoreGraph({ nodes: records(row.nodes), edges: records(row.edges) }));
  const names = new Map(nodes.map(({ id, type, data }) => [id, data.label || (labelOfNodeType(type) ?? type)]));
  const isTold = (choice: ImportLine) => lines.some(({ nodeId, message }) => nodeId === choice.nodeId && message === choice.message);
  const choices = toChoices(problems).filter((choice) => !isTold(choice));
  return [...lines, ...choices, ...reportSettings(toSettings(row.settings))].map((line) => {
    const step = line.nodeId === undefined ? undefined : names.get(line.nodeId);
    return step === undefined ? line : { ...line, step };
  });
}

/** Errors of the flow are choices. A step without a counterpart was told in the report's own words. */
const toChoices = (problems: readonly FlowProblem[]): ImportLine[] =>
  problems.flatMap(({ severity, code, message, nodeId, edgeId }) =>
    severity === "error" && code !== "unknown_node_type"
      ? [{ kind: "choice", message, ...(nodeId !== undefined && { nodeId }), ...(edgeId !== undefined && { edgeId }) }]
      : [],
  );

function reportSettings(settings: Record<string, unknown>): ImportLine[] {
  const names = unreadSettings(settings);
  return names.length === 0
    ? []
    : [{ kind: "without_effect", message: `Settings of the flow that nothing here reads: ${names.join(", ")}.` }];
}
