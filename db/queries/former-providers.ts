import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Db, Tx } from "../client.ts";

/** For how many days late calls of an account are taken that a channel used before. */
export const formerProviderDays = 30;

export interface FormerProvider {
  provider: string;
  settings: unknown;
  /** Encrypted, for the place of the provider in use. */
  secrets: string;
}

/** Keeps the account that a channel uses, before another takes its place. */
export async function keepFormerProvider(tx: Tx, { workspaceId, channel }: { workspaceId: string; channel: Channel }): Promise<void> {
  await sql`select private.keep_former_provider(${workspaceId}, ${channel})`.execute(tx);
}

/** The accounts that a channel used before and whose late calls are still taken, the newest first. As the owner only. */
export async function listFormerProviders(
  db: Db,
  { workspaceId, channel }: { workspaceId: string; channel: Channel },
): Promise<FormerProvider[]> {
  const { rows } = await sql<FormerProvider>`
    select provider, settings, secrets from private.former_providers
    where workspace_id = ${workspaceId} and channel = ${channel} and ended_at > now() - make_interval(days => ${formerProviderDays})
    order by ended_at desc limit 5`.execute(db);
  return rows;
}

export async function forgetFormerProviders(db: Db): Promise<void> {
  await sql`delete from private.former_providers where ended_at < now() - make_interval(days => ${formerProviderDays})`.execute(db);
}
