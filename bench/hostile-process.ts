import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, createClient } from "#test/http-client.ts";
import { must } from "./product.ts";

/** The process does this over and over until its parent disconnects. */
export type Hostility = { act: "count" } | { act: "send"; flowId: string; ids: readonly string[] };

export interface HostileOrder {
  url: string;
  headers: Record<string, string>;
  hostility: Hostility;
}

// The one who does what one should not, in a process of its own: the time that it takes to ask is none of the caller's who is measured.
const [order] = (await once(process, "message")) as [HostileOrder];
const client = createClient(order.url, order.headers);
let isOver = false;
process.once("disconnect", () => {
  isOver = true;
});
while (!isOver) await act(client, order.hostility);

async function act(client: Client, hostility: Hostility): Promise<void> {
  if (hostility.act === "count") return countForty(client);
  return sendHostileFlow(client, hostility);
}

async function countForty(client: Client): Promise<void> {
  await Promise.all(Array.from({ length: 40 }, () => client.get("/api/contacts/count?filter=%7B%22search%22%3A%22aaa%22%7D")));
  await sleep(200);
}

/** Executions each of which would compare 81 million pairs of values. */
async function sendHostileFlow(client: Client, { flowId, ids }: { flowId: string; ids: readonly string[] }): Promise<void> {
  const { body } = must(await client.post("/api/sends", { flowId, selection: { type: "ids", ids } }));
  for (let looks = 0; looks < 100; looks += 1) {
    if ((await client.get(`/api/sends/${body.send.id}`)).body.state === "done") return;
    await sleep(500);
  }
}
