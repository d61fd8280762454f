import type { FlowGraph } from "#contract/flows.ts";
import type { Db } from "#db/client.ts";

const node = (id: string, type: string, config?: Record<string, unknown>) => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: config ? { config } : {},
});

/** start → SMS → condition → e-mail → end; everybody takes the branch that sends the e-mail. */
export const benchGraph: FlowGraph = {
  nodes: [
    node("start", "start"),
    node("sms", "send_sms", { text: "Hi {{ firstname }}, your appointment is confirmed. Reply STOP to opt out." }),
    node("check", "condition", {
      branches: [{ id: "has_email", label: "Has an e-mail address", tests: [{ field: "email", operator: "is_not_empty" }] }],
    }),
    node("email", "send_email", {
      subject: "Your appointment, {{ firstname }}",
      text: "Dear {{ firstname }} {{ lastname }},\n\nyour appointment is confirmed. We look forward to seeing you.\n",
    }),
    node("end", "end"),
  ],
  edges: [
    { id: "1", source: "start", target: "sms" },
    { id: "2", source: "sms", target: "check" },
    { id: "3", source: "check", target: "email", sourceHandle: "has_email" },
    { id: "4", source: "email", target: "end" },
  ],
};

export async function addFlow(db: Db, workspaceId: string): Promise<string> {
  const { id } = await db
    .insertInto("flows")
    .values({ name: "Bench", workspace_id: workspaceId, nodes: JSON.stringify(benchGraph.nodes), edges: JSON.stringify(benchGraph.edges) })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}
