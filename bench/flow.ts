import type { FlowGraph } from "#contract/flows.ts";
import type { Db } from "#db/client.ts";

const node = (id: string, type: string, config?: Record<string, unknown>) => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: config ? { config } : {},
});
const sms = (id: string) => node(id, "send_sms", { text: "Hi {{ firstname }}, your appointment is confirmed. Reply STOP to opt out." });
const email = (id: string) =>
  node(id, "send_email", {
    subject: "Your appointment, {{ firstname }}",
    text: "Dear {{ firstname }} {{ lastname }},\n\nyour appointment is confirmed. We look forward to seeing you.\n",
  });
const hasEmail = node("check", "condition", {
  branches: [{ id: "has_email", label: "Has an e-mail address", tests: [{ field: "email", operator: "is_not_empty" }] }],
});

/** The flow has one node after the other. Every contact takes the branch `has_email` of the condition. */
function inRow(...nodes: ReturnType<typeof node>[]): FlowGraph {
  return {
    nodes,
    edges: nodes.slice(1).map((target, index) => {
      const source = nodes[index] as ReturnType<typeof node>;
      return {
        id: `${index + 1}`,
        source: source.id,
        target: target.id,
        ...(source.type === "condition" && { sourceHandle: "has_email" }),
      };
    }),
  };
}

/** start → SMS → condition → e-mail → end; everybody takes the branch that sends the e-mail. */
export const benchGraph = inRow(node("start", "start"), sms("sms"), hasEmail, email("email"), node("end", "end"));
/** As much work, without an e-mail: where e-mail goes to a real server that is to be asked for something else. */
export const smsGraph = inRow(node("start", "start"), sms("sms"), hasEmail, sms("again"), node("end", "end"));
export const emailGraph = inRow(node("start", "start"), email("email"), node("end", "end"));
/** A delay in the middle, short enough for a bench and long enough for the large send to be asleep as a whole. */
export const delayGraph = inRow(
  node("start", "start"),
  sms("sms"),
  node("wait", "delay", { mode: "duration", amount: 30, unit: "seconds" }),
  email("email"),
  node("end", "end"),
);
export const sleepGraph = inRow(
  node("start", "start"),
  node("wait", "delay", { mode: "duration", amount: 30, unit: "days" }),
  sms("sms"),
  node("end", "end"),
);

export async function addFlow(db: Db, workspaceId: string, graph: FlowGraph = benchGraph): Promise<string> {
  const { id } = await db
    .insertInto("flows")
    .values({ name: "Bench", workspace_id: workspaceId, nodes: JSON.stringify(graph.nodes), edges: JSON.stringify(graph.edges) })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}
