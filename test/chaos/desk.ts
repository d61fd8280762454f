import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import type { FlowGraph } from "#contract/flows.ts";
import type { Db } from "#db/client.ts";
import { createGraphileDriver } from "#engine/drivers/graphile.ts";
import type { CreateSendInput, Engine } from "#engine/engine.ts";
import { createEngine } from "#engine/engine.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import { buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import type { OwnDatabase } from "./own-database.ts";

/** A send that was answered with "accepted", for so many people. */
export interface Promised {
  sendId: string;
  people: number;
}

/** Accepts sends: the engine as a web process has it, which creates sends and does no work on them. */
export interface Desk {
  engine: Engine;
  promised: Promised[];
  /** A workspace with so many people who can be reached on both channels. */
  openWorkspace(people: number): Promise<Workspace>;
}

export interface Workspace {
  id: string;
  contactIds: string[];
  buildFlow(graph: FlowGraph): Promise<string>;
  /** The send is accepted when this returns. Without `contactIds` it goes to all contacts, by filter. */
  send(flowId: string, input?: Partial<CreateSendInput> & { contactIds?: string[] }): Promise<string>;
}

export const actor = { id: null, name: "Chaos" };

export async function openDesk({ url, db }: OwnDatabase): Promise<Desk> {
  const log = pino({ level: "silent" });
  const driver = createGraphileDriver({ connectionString: url, log });
  const providerFor = () => Promise.reject(new Error("This process takes orders; it sends nothing."));
  const engine = createEngine({ db, nodes: nodeRegistry, providerFor, driver, log });
  await engine.prepare();
  const promised: Promised[] = [];
  return {
    engine,
    promised,
    async openWorkspace(people) {
      const workspaceId = await buildWorkspace(db);
      // Sends of 100,000 go out one after the other.
      await db.insertInto("private.workspace_limits").values({ workspace_id: workspaceId, messages_per_day: 100_000_000 }).execute();
      const contactIds = await buildContacts(db, workspaceId, people);
      return {
        id: workspaceId,
        contactIds,
        buildFlow: (graph) => buildFlow(db, workspaceId, graph),
        async send(flowId, { contactIds: only, ...input } = {}) {
          const selection: CreateSendInput["selection"] = only
            ? { type: "ids", ids: only }
            : { type: "filter", filter: { tests: [] }, excluded: [] };
          const order = { source: "manual", isTest: false, launchedBy: null, launchedByName: actor.name } as const;
          const { sendId } = await engine.createSend({ workspaceId, flowId, selection, ...order, ...input });
          promised.push({ sendId, people: only?.length ?? people });
          return sendId;
        },
      };
    },
  };
}

/** How many executions of these sends have not ended. */
export async function countOpen(db: Db, sendIds?: readonly string[]): Promise<number> {
  const open = db
    .selectFrom("flow_sends")
    .select(({ fn }) => [
      fn.sum<string>("expected").as("expected"),
      fn.sum<string>("not_enrolled").as("skipped"),
      fn.sum<string>("completed").as("completed"),
      fn.sum<string>("failed").as("failed"),
      fn.sum<string>("partial_failure").as("partial"),
      fn.sum<string>("cancelled").as("cancelled"),
    ]);
  const sums = await (sendIds ? open.where("id", "in", sendIds) : open).executeTakeFirstOrThrow();
  const { expected, ...done } = sums;
  return Number(expected) - Object.values(done).reduce((sum, count) => sum + Number(count), 0);
}

/** Asks until the condition is true. Returns the seconds it took, or undefined if the time ran out. */
export async function until(isSo: () => Promise<boolean>, seconds: number, everyMs = 100): Promise<number | undefined> {
  const begun = performance.now();
  for (;;) {
    if (await isSo()) return (performance.now() - begun) / 1_000;
    if (performance.now() - begun > seconds * 1_000) return undefined;
    await sleep(everyMs);
  }
}
