import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import { type Client, createClient, signedInBy } from "#test/http-client.ts";
import { type ProductProcess, startProduct } from "#test/product-process.ts";
import type { BenchDatabase } from "./cluster.ts";

const owner = { name: "Bench", email: "bench@example.test", password: "correct horse battery" };

export interface BenchServer {
  process: ProductProcess;
  /** The owner, signed in with a cookie as in a browser; name a workspace with `.with({ "x-workspace-id": id })`. */
  owner: Client;
  stop(): Promise<void>;
}

/** The real server in a process of its own, and its owner, who belongs to every workspace there is. */
export async function startServer({ db, url }: BenchDatabase, roles: "web" | "web,worker"): Promise<BenchServer> {
  const process = await startProduct(url, [`--role=${roles}`, "--port=0"]);
  const { url: address = "", claimUrl } = process.ready;
  const nobody = createClient(address, { origin: address });
  const token = claimUrl && new URL(claimUrl).hash.slice(1);
  const answer = token
    ? await nobody.post("/api/claim", { token, ...owner })
    : await nobody.post("/api/session", { email: owner.email, password: owner.password });
  if (answer.status !== 200) throw new Error(`Signing in failed: ${answer.status} ${answer.text}`);
  await joinAll(db);
  return { process, owner: signedInBy(address, answer), stop: async () => void (await process.end()) };
}

async function joinAll(db: Db): Promise<void> {
  await sql`
    insert into workspace_members (workspace_id, user_id, role)
    select w.id, u.id, 'owner' from workspaces w cross join private.users u where u.email = ${owner.email}
    on conflict do nothing`.execute(db);
}

/** Throws what the server said, so that a bench never measures how fast it refuses. */
export function must<T extends { status: number; text: string }>(answer: T): T {
  if (answer.status >= 300) throw new Error(`The server answered ${answer.status}: ${answer.text.slice(0, 500)}`);
  return answer;
}
