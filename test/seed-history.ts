import { sql } from "kysely";
import type { Db } from "#db/client.ts";

/**
 * Writes rows of a history straight into the tables, for tests of what reads them. A test names only what matters to
 * it.
 */
export interface HistorySeed {
  workspaceId: string;
  contact(more?: { name?: string; firstname?: string; lastname?: string; email?: string; phone?: string }): Promise<string>;
  flow(more?: { name?: string; nodes?: unknown; edges?: unknown; settings?: unknown; folderId?: string }): Promise<string>;
  version(flowId: string, nodes?: unknown): Promise<string>;
  /** The counters are those given. They are not counted from rows. */
  send(flowId: string, more?: SendSeed): Promise<{ id: string; versionId: string }>;
  execution(send: { id: string; versionId: string }, more?: ExecutionSeed): Promise<string>;
  step(executionId: string, more?: Record<string, unknown>): Promise<string>;
  message(more?: Record<string, unknown>): Promise<string>;
}

interface SendSeed {
  versionId?: string;
  source?: string;
  state?: string;
  launched_by_name?: string | null;
  launched_from?: string | null;
  is_test?: boolean;
  created_at?: string;
  counters?: Partial<Record<"expected" | "enrolled" | "not_enrolled" | "completed" | "failed" | "partial_failure" | "cancelled", number>>;
}

interface ExecutionSeed {
  contactId?: string | null;
  status?: string;
  seq?: number;
  created_at?: string;
  current_node_id?: string;
  more?: Record<string, unknown>;
}

export const sampleNodes = [
  { id: "start", type: "start", position: { x: 0, y: 0 }, data: {} },
  { id: "hello", type: "send_sms", position: { x: 0, y: 100 }, data: { label: "Say hello", config: { text: "Hi {{contact.firstname}}" } } },
  { id: "end", type: "end", position: { x: 0, y: 200 }, data: {} },
];
export const sampleEdges = [
  { id: "e1", source: "start", target: "hello" },
  { id: "e2", source: "hello", target: "end", sourceHandle: "sent" },
];

export async function seedHistory(db: Db, workspaceId: string): Promise<HistorySeed> {
  let count = 0;
  const insert = async (table: string, row: Record<string, unknown>): Promise<string> => {
    const { rows } = await sql<{ id: string }>`
      insert into ${sql.table(table)} (${sql.join(Object.keys(row).map((column) => sql.ref(column)))})
      values (${sql.join(Object.values(row).map((value) => (isJson(value) ? JSON.stringify(value) : value)))}) returning id`.execute(db);
    return rows[0]?.id as string;
  };
  const versions = new Map<string, string>();
  const flowOf = async (sendId: string) => {
    const { rows } = await sql<{
      flow_id: string;
      source: string;
    }>`select flow_id, source from flow_sends where id = ${sendId}::uuid`.execute(db);
    return rows[0] as { flow_id: string; source: string };
  };

  const seed: HistorySeed = {
    workspaceId,
    contact: ({ phone, ...more } = {}) => {
      count += 1;
      const row = { workspace_id: workspaceId, firstname: `First${count}`, lastname: "Last", ...more };
      return insert("contacts", { ...row, ...(phone ? { phone_number: phone, phone_e164: phone } : {}) });
    },
    flow: ({ folderId, ...more } = {}) =>
      insert("flows", {
        workspace_id: workspaceId,
        name: "Welcome Flow",
        nodes: sampleNodes,
        edges: sampleEdges,
        ...more,
        ...(folderId ? { folder_id: folderId } : {}),
      }),
    version: async (flowId, nodes = sampleNodes) => {
      count += 1;
      const row = { workspace_id: workspaceId, flow_id: flowId, number: count, hash: `hash ${count}`, name: "Welcome Flow" };
      return insert("flow_versions", { ...row, nodes, edges: sampleEdges });
    },
    send: async (flowId, { versionId, counters, ...more } = {}) => {
      const known = versionId ?? versions.get(flowId) ?? (await seed.version(flowId));
      versions.set(flowId, known);
      const row = {
        workspace_id: workspaceId,
        flow_id: flowId,
        flow_version_id: known,
        selection: { type: "ids", ids: [] },
        state: "running",
      };
      return { id: await insert("flow_sends", { ...row, launched_by_name: "Ada", ...counters, ...more }), versionId: known };
    },
    execution: async (send, { contactId, more, ...given } = {}) => {
      count += 1;
      const { flow_id, source } = await flowOf(send.id);
      const contact = contactId === undefined ? await seed.contact() : contactId;
      const row = { workspace_id: workspaceId, flow_id, send_id: send.id, flow_version_id: send.versionId, contact_id: contact, source };
      return insert("flow_executions", { ...row, seq: count, status: "running", ...given, ...more });
    },
    step: (executionId, more = {}) => {
      count += 1;
      const row = {
        workspace_id: workspaceId,
        flow_execution_id: executionId,
        node_id: "hello",
        node_type: "send_sms",
        status: "completed",
      };
      return insert("flow_execution_steps", { ...row, visit: count, ...more });
    },
    message: (more = {}) =>
      insert("messages", {
        workspace_id: workspaceId,
        channel: "sms",
        provider: "capture",
        to_address: "+14155550100",
        status: "sent",
        ...more,
      }),
  };
  return seed;
}

const isJson = (value: unknown): boolean => typeof value === "object" && value !== null && !(value instanceof Date);
