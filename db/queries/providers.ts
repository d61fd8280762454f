import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
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
  /** Encrypted; `providerSecretPlace` says for which place. */
  secrets: string | null;
  /** Changes with every change of the row. */
  revision: string;
  updated_at: Date;
}

export const providerSecretPlace = ({ workspaceId, channel }: ChannelArgs): SecretPlace => ({
  workspaceId,
  table: "providers",
  row: channel,
  field: "secrets",
});

/** Includes the encrypted secret, which a member may not read: the database login of the owner is needed. */
export async function findProvider(db: Db, { workspaceId, channel }: ChannelArgs): Promise<StoredProvider | undefined> {
  return db
    .selectFrom("providers")
    .select(["provider", "settings", "secrets", "updated_at", revision.as("revision")])
    .where("workspace_id", "=", workspaceId)
    .where("channel", "=", channel)
    .executeTakeFirst();
}

/** Tells whether a cached provider is still the one that is set. It is cheap enough to be asked every second. */
export async function findProviderRevision(db: Db, { workspaceId, channel }: ChannelArgs): Promise<string | undefined> {
  const row = await db
    .selectFrom("providers")
    .select(revision.as("revision"))
    .where("workspace_id", "=", workspaceId)
    .where("channel", "=", channel)
    .executeTakeFirst();
  return row?.revision;
}

/** The channels of a workspace for which a provider was chosen; never their secrets. */
export async function listProviderRows(db: Db, { workspaceId }: { workspaceId: string }): Promise<ProviderState[]> {
  const rows = await db
    .selectFrom("providers")
    .select(["channel", "provider", "settings", "has_secret", "secret_ends", "updated_at"])
    .where("workspace_id", "=", workspaceId)
    .execute();
  return rows.map((row) => ({
    channel: row.channel,
    provider: row.provider,
    settings: row.settings,
    hasSecret: row.has_secret,
    secretEnds: row.secret_ends,
    updatedAt: row.updated_at.toISOString(),
  }));
}

/** `secrets` is encrypted text, null to forget what is stored, or undefined to keep it. */
export async function saveProvider(
  db: Db,
  args: ChannelArgs & {
    provider: string;
    settings: Record<string, unknown>;
    secrets: string | null | undefined;
    /** Undefined where the secrets stay. */
    secretEnds: Record<string, string> | undefined;
    updatedBy: string;
  },
): Promise<void> {
  const settings = JSON.stringify(args.settings);
  const ends = args.secretEnds === undefined ? {} : { secret_ends: JSON.stringify(args.secretEnds) };
  const changed = { provider: args.provider, settings, updated_by: args.updatedBy, ...ends };
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
