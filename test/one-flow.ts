import { createHash, randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Tx } from "#db/client.ts";
import type { OneOfEverything } from "./everything-ids.ts";

export const oneNodeFlow = {
  nodes: [
    { id: "start", type: "start", position: { x: 0, y: 0 }, data: { config: {} } },
    { id: "sms", type: "send_sms", position: { x: 0, y: 100 }, data: { config: { text: "Hello {{ firstname }}" } } },
    { id: "end", type: "end", position: { x: 0, y: 200 }, data: { config: {} } },
  ],
  edges: [
    { id: "e1", source: "start", target: "sms" },
    { id: "e2", source: "sms", target: "end" },
  ],
};

/** The script of a test of that flow, and what it expects. */
export const oneTest = (contact: object) => ({
  script: { contact, startAt: "2027-03-01T09:00:00Z" },
  expect: [{ kind: "message", nodeId: "sms", contains: "Hello" }],
});

/** Writes a flow, one with a draft and one in the bin, and a row of everything that belongs to a flow and not to its sends. */
export async function buildOneFlow(
  tx: Tx,
  { workspaceId, contact: contact_id, flow: flow_id, ...ids }: OneOfEverything,
  memberId: string,
): Promise<void> {
  const of = { workspace_id: workspaceId };
  const [nodes, edges] = [JSON.stringify(oneNodeFlow.nodes), JSON.stringify(oneNodeFlow.edges)];
  const hash = createHash("sha256").update(randomUUID());
  await tx
    .insertInto("flow_folders")
    .values({ ...of, id: ids.folder, name: "Folder" })
    .execute();
  await tx
    .insertInto("flows")
    .values({ ...of, id: flow_id, name: "Flow", folder_id: ids.folder, nodes, edges })
    .execute();
  await tx
    .insertInto("member_flows")
    .values({ ...of, user_id: memberId, flow_id, is_favourite: true })
    .execute();
  await tx
    .insertInto("flow_versions")
    .values([
      { ...of, id: ids.version, flow_id, number: 1, hash: hash.digest("hex"), name: "Flow", nodes, edges },
      { ...of, flow_id, number: 2, hash: "of nothing", name: "Flow", nodes: "[]", edges: "[]" },
    ])
    .execute();
  await tx
    .insertInto("flows")
    .values([
      { ...of, id: ids.draftFlow, name: "Edited", nodes: "[]", edges: "[]" },
      { ...of, id: ids.binnedFlow, name: "Canary binned", nodes, edges, deleted_at: new Date(), deleted_by_name: "Canary" },
    ])
    .execute();
  const draft = { ...of, flow_id: ids.draftFlow, nodes, edges, settings: "{}" };
  await sql`
    insert into flow_drafts (workspace_id, flow_id, name, nodes, edges, settings, revision, began_from)
    select workspace_id, id, 'Canary draft', ${nodes}::jsonb, ${edges}::jsonb, '{}', ${ids.draftRevision}::uuid,
      private.flow_mark(name, nodes, edges, settings) from flows where id = ${ids.draftFlow}`.execute(tx);
  await tx
    .insertInto("flow_discarded_drafts")
    .values({ ...draft, id: ids.discardedDraft, name: "Canary discarded", discarded_by_name: "Canary" })
    .execute();
  await tx
    .insertInto("flow_publications")
    .values({
      ...of,
      id: ids.publication,
      flow_id,
      version_id: ids.version,
      note: "Canary",
      published_by: null,
      published_by_name: "Canary",
    })
    .execute();
  const test = oneTest({ id: contact_id });
  const [script, expect] = [JSON.stringify(test.script), JSON.stringify(test.expect)];
  await tx
    .insertInto("flow_tests")
    .values({ ...of, id: ids.flowTest, flow_id, contact_id, name: "Canary", script, expect })
    .execute();
  await tx
    .insertInto("webhook_samples")
    .values({ ...of, flow_id, contact_id, node_id: "hook", status: 200, body: "{}", is_cut: false, tried_by_name: "Canary" })
    .execute();
  await tx
    .insertInto("saved_launches")
    .values({ ...of, id: ids.savedLaunch, flow_id, name: "Canary", is_shared: true, made_by: memberId, terms: '{"filter":{"tests":[]}}' })
    .execute();
  await tx
    .insertInto("flow_moves")
    .values({ ...toTheEnd({ workspaceId, ...ids }), from_node_id: "start" })
    .execute();
}

/** How a publication moves people to the end of the flow. */
export const toTheEnd = ({ workspaceId, publication, version }: Pick<OneOfEverything, "workspaceId" | "publication" | "version">) => ({
  ...{ workspace_id: workspaceId, publication_id: publication, from_version_id: version, action: "node", to_node_id: "end" },
});
