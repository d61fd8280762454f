import { randomUUID } from "node:crypto";
import type { FlowGraph } from "#contract/flows.ts";
import type { Db } from "#db/client.ts";
import type { ContactFields } from "#db/queries/contact-writes.ts";
import { createContact } from "#db/queries/contact-writes.ts";
import { EngineRefusal } from "../base/refusal.ts";
import { copyContact, copySuppressions, copyWorkspace, insertFlow, type LiveFlow, readLiveFlows } from "./copy-rows.ts";
import { idsIn, withIds } from "./ids.ts";

/** Flows that lead to one another beyond this number are not copied; a step that starts one of them says that it is not there. */
const mostFlows = 100;

export interface StageInput {
  workspaceId: string;
  flowId: string;
  /** Simulated instead of what is live. */
  graph?: FlowGraph;
  contact: { id: string } | { fields: ContactFields };
}

/** The workspace of a simulation: one contact, its flow and the flows that this one names. */
export interface Stage {
  workspaceId: string;
  contactId: string;
  flowId: string;
  /** The ids of the originals by those of their copies. */
  originals: ReadonlyMap<string, string>;
  flowNames: ReadonlyMap<string, string>;
}

/** @throws EngineRefusal flow_not_found, contact_not_found */
export async function buildStage(db: Db, { workspaceId: from, flowId, graph, contact }: StageInput): Promise<Stage> {
  const flows = await findFlows(db, { from, flowId, graph });
  const to = randomUUID();
  const copies = new Map(flows.map(({ id }) => [id, randomUUID() as string]));
  await copyWorkspace(db, { from, to });
  for (const flow of flows) {
    const { id, nodes, ...rest } = flow;
    await insertFlow(db, to, { ...rest, id: copies.get(id) as string, nodes: withIds(nodes, copies) });
  }
  const originals = new Map([...copies].map(([original, copy]) => [copy, original]));
  const contactId = await placeContact(db, { from, to, contact });
  if ("id" in contact) originals.set(contactId, contact.id);
  await copySuppressions(db, { from, to });
  return {
    workspaceId: to,
    contactId,
    flowId: copies.get(flowId) as string,
    originals: originals.set(to, from),
    flowNames: new Map(flows.map(({ id, name }) => [id, name])),
  };
}

async function placeContact(db: Db, { from, to, contact }: { from: string; to: string; contact: StageInput["contact"] }): Promise<string> {
  if ("fields" in contact) return (await createContact(db, { workspaceId: to, fields: contact.fields })).id;
  const newId = randomUUID();
  if (!(await copyContact(db, { from, to, id: contact.id, newId }))) {
    throw new EngineRefusal("contact_not_found", "This contact does not exist in this workspace.");
  }
  return newId;
}

/** The flow as it is to be simulated, and as they are live all that it names, and that these name. */
async function findFlows(
  db: Db,
  { from, flowId, graph }: { from: string; flowId: string; graph: FlowGraph | undefined },
): Promise<LiveFlow[]> {
  const [live] = await readLiveFlows(db, { workspaceId: from, ids: [flowId] });
  if (!live) throw new EngineRefusal("flow_not_found", "This flow does not exist in this workspace.");
  // An archived flow lets nobody in, and may be tried out all the same; those that it starts are as they are.
  const flows: LiveFlow[] = [{ ...live, ...graph, archived_at: null }];
  const known = new Set([flowId]);
  for (let fresh: LiveFlow[] = flows; fresh.length > 0 && flows.length < mostFlows; ) {
    const named = idsIn(fresh.map(({ nodes }) => nodes)).filter((id) => !known.has(id));
    fresh = (await readLiveFlows(db, { workspaceId: from, ids: named })).slice(0, mostFlows - flows.length);
    for (const { id } of fresh) known.add(id);
    flows.push(...fresh);
  }
  return flows;
}
