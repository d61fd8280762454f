import { sql } from "kysely";
import { expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, edge, node, sms, wait } from "#test/graphs.ts";
import { before, publish, refusal } from "#test/people-inside.ts";
import { draftFlow } from "#test/publish.ts";
import { mostPlaces } from "./plan-moves.ts";

setUpEngine();

/** A flow with one person at the wait of each of so many versions, as if everybody had stayed at every publication. */
async function onVersions(many: number, flow: FlowGraph): Promise<string> {
  const flowId = await buildFlow(db.owner, workspaceId, before);
  await sluice.engine.createSend(sendTo(workspaceId, flowId, await buildContacts(db.owner, workspaceId, many)));
  await sluice.run();
  await sql`
    with made as (
      insert into flow_versions (workspace_id, flow_id, number, hash, name, nodes, edges, settings)
      select ${workspaceId}, ${flowId}::uuid, 1000 + i, md5(i::text || ${flowId}), 'Flow', ${JSON.stringify(flow.nodes)}::jsonb, ${JSON.stringify(flow.edges)}::jsonb, '{}'
      from generate_series(1, ${many}::int) i returning id, number - 1000 as place
    ), people as (select id, row_number() over (order by id) as place from flow_executions where flow_id = ${flowId}::uuid), changed as (
      update flow_executions e set flow_version_id = made.id from people join made using (place) where e.id = people.id
    )
    update wake_ups w set flow_version_id = made.id from people join made using (place) where w.flow_execution_id = people.id`.execute(
    db.owner,
  );
  return flowId;
}

const next = chain(node("start"), sms("one", {}, "one"), wait(3600), sms("another text", {}, "two"), node("end"));

test("a flow in which people are on more versions than can be compared is not published, and the refusal says what to do", async () => {
  const many = Array.from({ length: 495 }, (_, index) => wait(60, `more-${index}`));
  const flow: FlowGraph = { nodes: [...before.nodes, ...many], edges: [...before.edges, edge("end > more-0")] };
  const flowId = await onVersions(Math.floor(mostPlaces / flow.nodes.length) + 1, flow);
  const error = await refusal(publish(flowId, next));
  expect(error).toMatchObject({ code: "too_many_versions" });
  expect(error?.message).toMatch(
    /^People are inside on \d+ versions.+Nothing was published\. Wait until .+ or take them out, then publish\.$/,
  );
  const revision = await draftFlow(db.owner, { workspaceId, flowId, graph: next });
  expect(await refusal(sluice.engine.previewPublish({ workspaceId, flowId, revision }))).toMatchObject({ code: "too_many_versions" });
  expect(await db.owner.selectFrom("flow_publications").selectAll().where("flow_id", "=", flowId).execute()).toEqual([]);
});

test("people on 300 versions are counted and follow, and no version is kept in memory for it", async () => {
  const flowId = await onVersions(300, before);
  const revision = await draftFlow(db.owner, { workspaceId, flowId, graph: next });
  const { people } = await sluice.engine.previewPublish({ workspaceId, flowId, revision });
  expect(people).toMatchObject([{ nodeId: "delay", count: 300, proposed: "follow" }]);
  expect(people[0]?.versions).toHaveLength(300);
  const { people: counts } = await publish(flowId, next, { nodeId: "delay", action: "follow" });
  expect(counts).toMatchObject({ following: 300, staying: 0, leaving: 0 });
  await sluice.run();
  const left = await db.owner
    .selectFrom("flow_executions as e")
    .innerJoin("flow_versions as v", "v.id", "e.flow_version_id")
    .where("e.flow_id", "=", flowId)
    .where("v.number", "<", 1301)
    .select("e.id")
    .execute();
  expect(left).toEqual([]);
});
