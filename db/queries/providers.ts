import { sql } from "kysely";
import { type Channel, channels } from "#contract/messages.ts";
import type { ProviderState } from "#contract/providers.ts";
import type { Db } from "../client.ts";
import type { SecretPlace } from "../secret-box.ts";

interface ChannelArgs {
  workspaceId: string;
  channel: Channel;
}

export interface StoredProvider {
  provider: string;
  settings: unknown;
  /** Sealed; openable at `providerSecretPlace`. */
  secrets: string | null;
  /** Changes with every change of the row. */
  revision: string;
}

/** What no row says: messages stay on this machine. */
export const defaultProvider = "catch";

export const providerSecretPlace = ({ workspaceId, channel }: ChannelArgs): SecretPlace => ({
  workspaceId,
  table: "providers",
  row: channel,
  field: "secrets",
});

/** With the sealed secret: for the owner's login only, a member may not read it. */
export async function findProvider(db: Db, { workspaceId, channel }: ChannelArgs): Promise<StoredProvider | undefined> {
  return db
    .selectFrom("providers")
    .select(["provider", "settings", "secrets", revision.as("revision")])
    .where("workspace_id", "=", workspaceId)
    .where("channel", "=", channel)
    .executeTakeFirst();
}

/** Cheap enough to ask every second: tells whether a cached provider is still the one that is set. */
export async function findProviderRevision(db: Db, { workspaceId, channel }: ChannelArgs): Promise<string | undefined> {
  const row = await db
    .selectFrom("providers")
    .select(revision.as("revision"))
    .where("workspace_id", "=", workspaceId)
    .where("channel", "=", channel)
    .executeTakeFirst();
  return row?.revision;
}

/** Every channel, also those never set up. */
export async function listProviders(db: Db, { workspaceId }: { workspaceId: string }): Promise<ProviderState[]> {
  const rows = await db
    .selectFrom("providers")
    .select(["channel", "provider", "settings", "has_secret", "updated_at"])
    .where("workspace_id", "=", workspaceId)
    .execute();
  return channels.map((channel) => {
    const row = rows.find((candidate) => candidate.channel === channel);
    if (!row) return { channel, provider: defaultProvider, settings: {}, hasSecret: false, updatedAt: null };
    return {
      channel,
      provider: row.provider,
      settings: row.settings,
      hasSecret: row.has_secret,
      updatedAt: row.updated_at.toISOString(),
    };
  });
}

/** `secrets`: sealed text, null to forget what is stored, undefined to keep it. */
export async function saveProvider(
  db: Db,
  args: ChannelArgs & { provider: string; settings: Record<string, unknown>; secrets: string | null | undefined; updatedBy: string },
): Promise<void> {
  const settings = JSON.stringify(args.settings);
  const changed = { provider: args.provider, settings, updated_by: args.updatedBy };
  await db
    .insertInto("providers")
    .values({ workspace_id: args.workspaceId, channel: args.channel, ...changed, secrets: args.secrets ?? null })
    .onConflict((conflict) =>
      conflict
        .columns(["workspace_id", "channel"])
        .doUpdateSet(args.secrets === undefined ? changed : { ...changed, secrets: args.secrets }),
    )
    .execute();
}

const revision = sql<string>`updated_at::text || '/' || xmin::text`;
