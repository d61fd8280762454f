import { sql } from "kysely";
import { expect, test } from "vitest";
import { nodeRegistry } from "#nodes/registry.ts";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpTestDb } from "#test/engine-fixture.ts";
import { buildContact, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, graph, node, sms } from "#test/graphs.ts";
import { databaseClock } from "../base/clock.ts";
import { ofIds } from "../execution/read-rows.ts";
import { walk } from "../execution/walk.ts";
import { createFlowCache } from "../flow/flow-cache.ts";
import { loadChunk } from "../pass/load-chunk.ts";
import { simulateEffects } from "./run-effects.ts";

setUpTestDb();

test("a simulation leads through every effect to the end, and neither writes nor sends anything", async () => {
  const { engine, providers } = await startTestEngine(db.owner);
  const workspaceId = await buildWorkspace(db.owner);
  const other = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("other")));
  const nodes = [
    node("start"),
    node("update_contact", { changes: [{ field: "firstname", operation: "set", value: "Changed" }] }),
    node("start_flow", { flowId: other }),
    node("leave_flows"),
    sms("Hi {{ firstname }}"),
    node("end"),
  ];
  const flow = graph(
    nodes,
    "start > update_contact",
    "update_contact > start_flow",
    "start_flow:started > leave_flows",
    "start_flow:failed > leave_flows",
    "leave_flows > sms",
    "sms > end",
  );
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const contactId = await buildContact(db.owner, workspaceId, { firstname: "Ada" });
  const { sendId } = await engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  const { id } = await db.owner.selectFrom("flow_executions").select("id").where("send_id", "=", sendId).executeTakeFirstOrThrow();

  const { executions, time } = await db.owner.transaction().execute(async (tx) => {
    await sql`set transaction read only`.execute(tx);
    const context = { db: tx, clock: databaseClock, flows: createFlowCache(nodeRegistry) };
    const chunk = await loadChunk(context, ofIds([id]), { withLeftovers: false });
    for (const execution of chunk.executions) walk(execution, chunk.time);
    await simulateEffects({ db: tx, time: chunk.time }, chunk.executions);
    return chunk;
  });

  expect(time()).toBeGreaterThan(0);
  expect(executions).toHaveLength(1);
  const [{ writes, memory } = { writes: undefined, memory: undefined }] = executions;
  expect(writes?.ending).toMatchObject({ status: "completed" });
  expect(writes?.newSteps.map(({ nodeType, status }) => [nodeType, status])).toEqual(nodes.map(({ type }) => [type, "completed"]));
  expect(memory?.contact?.fields.firstname).toBe("Changed");
  expect(providers.sms.calls).toEqual([]);
});
