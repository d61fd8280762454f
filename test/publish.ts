import type { PeopleMove } from "#contract/flow-publish.ts";
import type { FlowGraph } from "#contract/flows.ts";
import type { Db } from "#db/client.ts";
import { findDraft, writeDraft } from "#db/queries/flow-drafts.ts";
import type { PublishedVersion } from "#engine/flow-api.ts";
import type { Asker } from "#engine/send-api.ts";
import type { TestEngine } from "./engine.ts";

const by = { id: "00000000-0000-7000-8000-000000000001", name: "Publisher" };

/** Puts a graph into the draft of a flow. Returns the revision to publish. */
export async function draftFlow(
  db: Db,
  {
    workspaceId,
    flowId,
    graph,
    settings = {},
  }: { workspaceId: string; flowId: string; graph: FlowGraph; settings?: Record<string, unknown> },
): Promise<string> {
  return db.transaction().execute(async (tx) => {
    await writeDraft(tx, { workspaceId, flowId, content: { name: "Flow", ...graph, settings }, by });
    return (await findDraft(tx, { workspaceId, flowId }))?.revision ?? "";
  });
}

/** Publishes a graph as the next version of a flow, with what becomes of the people inside by the step at which they stand. */
export async function publishGraph(
  db: Db,
  { engine }: Pick<TestEngine, "engine">,
  flow: { workspaceId: string; flowId: string; graph: FlowGraph; settings?: Record<string, unknown>; moves?: PeopleMove[]; asker?: Asker },
): Promise<PublishedVersion> {
  const revision = await draftFlow(db, flow);
  const { workspaceId, flowId, moves = [], asker } = flow;
  return engine.publishFlow({ workspaceId, flowId, revision, moves, note: null, actor: by, ...(asker && { asker }) });
}
