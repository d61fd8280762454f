import type { ApprovalContent } from "#contract/approvals.ts";
import { FlowGraph } from "#contract/flows.ts";
import type { Db } from "../client.ts";
import { nameContacts } from "./contacts.ts";
import { labelsIn } from "./send-terms.ts";

type Own = Record<string, Record<string, string | number | boolean>>;

/** The values of single contacts, which wait with an approval, and the graph that the send brought. Undefined where it needed no approval. */
export async function findApprovalContent(
  db: Db,
  { workspaceId, sendId }: { workspaceId: string; sendId: string },
): Promise<ApprovalContent | undefined> {
  const row = await db
    .selectFrom("send_approvals as a")
    .innerJoin("flow_sends as s", (join) => join.onRef("s.workspace_id", "=", "a.workspace_id").onRef("s.id", "=", "a.send_id"))
    .innerJoin("flow_versions as v", (join) => join.onRef("v.workspace_id", "=", "s.workspace_id").onRef("v.id", "=", "s.flow_version_id"))
    .select(["a.own_values", "a.flow_hash", "v.nodes", "v.edges"])
    .where("a.workspace_id", "=", workspaceId)
    .where("a.send_id", "=", sendId)
    .executeTakeFirst();
  if (!row) return undefined;
  const own = (row.own_values ?? {}) as Own;
  const ids = Object.keys(own);
  const named = ids.length > 0 ? await nameContacts(db, { workspaceId, ids }) : [];
  const names = new Map(named.map(({ id, name }) => [id, name]));
  const labels = labelsIn(row.nodes);
  const ownValues = Object.entries(own).map(([contactId, values]) => ({
    contactId,
    name: names.get(contactId) ?? null,
    values: Object.entries(values).map(([name, value]) => ({ name, label: labels.get(name) ?? name, value })),
  }));
  return {
    ownValues: ownValues.toSorted((a, b) => (a.name ?? "\uffff").localeCompare(b.name ?? "\uffff", "en")),
    graph: row.flow_hash === null ? FlowGraph.parse({ nodes: row.nodes, edges: row.edges }) : null,
  };
}
