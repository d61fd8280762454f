import { expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { sendTo } from "#test/engine.ts";
import { db, restartEngine, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, email, node, sms, wait } from "#test/graphs.ts";

setUpEngine();

// A name that can never have a value is refused where a person saves or sends a flow. Nobody is there when an execution reads
// the version that an earlier release froze, or when one flow starts another.

const unnameable = [sms("Hi {{ contact.FirstName }}"), email("Hello")];

const steps = (contactId: string) =>
  db.owner
    .selectFrom("flow_execution_steps as s")
    .innerJoin("flow_executions as e", "e.id", "s.flow_execution_id")
    .select(["s.node_id", "s.status", "s.reason"])
    .where("e.contact_id", "=", contactId)
    .orderBy("s.created_at")
    .execute();

const skippedAndSent = [
  { node_id: "sms", status: "skipped", reason: "template_missing_value" },
  { node_id: "email", status: "completed", reason: null },
];

async function send(flow: FlowGraph): Promise<{ flowId: string; contactId: string }> {
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const contactId = await buildContact(db.owner, workspaceId);
  await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  await sluice.run();
  return { flowId, contactId };
}

test("a version that was frozen with such a name runs on as before: its message is skipped, and the rest goes out", async () => {
  const { flowId, contactId } = await send(chain(node("start"), wait(60), sms(), email()));
  const { nodes } = chain(node("start"), wait(60), ...unnameable);
  await db.owner
    .updateTable("flow_versions")
    .set({ nodes: JSON.stringify(nodes) })
    .where("flow_id", "=", flowId)
    .execute();
  await restartEngine();
  await sluice.wait(61);
  expect((await steps(contactId)).slice(2)).toEqual(skippedAndSent);
});

test("a flow that was stored with such a name is started by another flow as before", async () => {
  const child = await buildFlow(db.owner, workspaceId, chain(node("start"), ...unnameable));
  const { contactId } = await send(chain(node("start"), node("start_flow", { flowId: child })));
  expect((await steps(contactId)).filter(({ node_id }) => node_id === "sms" || node_id === "email")).toEqual(skippedAndSent);
});

test("and a person who sends it anew is told what to mend", async () => {
  await expect(send(chain(node("start"), ...unnameable))).rejects.toMatchObject({
    code: "flow_invalid",
    problems: [{ code: "unknown_field", nodeId: "sms", field: "text", suggestion: "contact.first_name" }],
  });
});
