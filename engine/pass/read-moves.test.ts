import { sql } from "kysely";
import { expect, test } from "vitest";
import { nodeRegistry } from "#nodes/registry.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";
import { oneInside, publish } from "#test/people-inside.ts";
import { readMoveRows } from "../execution/move-rows.ts";
import { createFlowCache } from "../flow/flow-cache.ts";
import { readMoves } from "./read-moves.ts";

setUpEngine();

const texts = (...names: string[]) => chain(node("start"), wait(3_600), ...names.map((name) => sms(name, {}, name)));
const publications = async (flowId: string) =>
  (
    await sql<{ seq: number; version_id: string }>`
      select seq, version_id from flow_publications where workspace_id = ${workspaceId} and flow_id = ${flowId}::uuid order by seq`.execute(
      db.owner,
    )
  ).rows;

test("only publications that were not seen are read, and on the way those that are met later", async () => {
  const { flowId, executionId } = await oneInside(texts("one"));
  const { flow_version_id: first } = await db.owner
    .selectFrom("flow_executions")
    .select("flow_version_id")
    .where("id", "=", executionId)
    .executeTakeFirstOrThrow();
  await publish(flowId, texts("one", "two"), { nodeId: "delay", action: "stay" });
  await publish(flowId, texts("one", "three"), { nodeId: "delay", action: "follow" });
  await publish(flowId, texts("one", "four"), { nodeId: "delay", action: "follow" });
  const [a, b, c] = await publications(flowId);
  if (!a || !b || !c) throw new Error("Three publications are needed");
  const flows = createFlowCache(nodeRegistry);
  const seqs = async (seen: number) =>
    (await readMoves({ flows }, db.owner, [{ versionId: first, seen }])).get(first)?.map(({ seq }) => seq) ?? [];
  expect(await seqs(0)).toContain(b.seq);
  expect(await seqs(a.seq)).not.toContain(a.seq);
  expect(await seqs(b.seq)).not.toContain(b.seq);
  expect(await readMoveRows(db.owner, new Map([[first, c.seq]]))).toEqual([]);
});

test("who comes to a version having seen less than those who are on it already is led on from there", async () => {
  const { flowId } = await oneInside(texts("one"));
  await publish(flowId, texts("one", "two"), { nodeId: "delay", action: "follow" });
  await sluice.run();
  await publish(flowId, texts("one", "three"), { nodeId: "delay", action: "follow" });
  await sluice.run();
  const [first] = (await sql<{ id: string }>`select id from flow_versions where flow_id = ${flowId}::uuid and number = 1`.execute(db.owner))
    .rows;
  const [a, b] = await publications(flowId);
  if (!a || !b || !first) throw new Error("Two publications are needed");
  const flows = createFlowCache(nodeRegistry);
  // One is on the second version and has seen everything, another one comes to it by the first publication.
  const moves = await readMoves({ flows }, db.owner, [
    { versionId: a.version_id, seen: b.seq },
    { versionId: first.id, seen: 0 },
  ]);
  expect(moves.get(a.version_id)?.map(({ seq }) => seq)).toEqual([b.seq]);
});
