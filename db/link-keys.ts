import { hkdfSync } from "node:crypto";
import { sql } from "kysely";
import type { Db, Tx } from "./client.ts";
import type { SecretBox, SecretPlace } from "./secret-box.ts";

/** Where the keys of links are encrypted that were sent under master keys which are gone. */
export const formerLinkKeysPlace: SecretPlace = { workspaceId: "", table: "private.instance", row: "", field: "former_link_keys" };

/** The 64 bytes with which the links in messages are sealed. They are made from the master key for this use alone. */
export const linkKeyOf = (masterKey: Buffer): Buffer => Buffer.from(hkdfSync("sha256", masterKey, "", "sluice unsubscribe link v1", 64));

/**
 * The 96 bytes for links that lead through here. They are made from those of the links to unsubscribe, so that what is kept of a master
 * key that is gone opens them too.
 */
export const trackingKeyOf = (linkKey: Buffer): Buffer => Buffer.from(hkdfSync("sha256", linkKey, "", "sluice tracked link v1", 96));

/** The keys of links that were sent under earlier master keys. @throws SecretUnreadable */
export async function readFormerLinkKeys(db: Db, box: SecretBox): Promise<Buffer[]> {
  const { rows } = await sql<{ sealed: string | null }>`select former_link_keys as sealed from private.instance`.execute(db);
  return openKeys(box, rows[0]?.sealed ?? null);
}

/** Keeps the keys of the links that were sent under these master keys, beside those that are kept. @throws SecretUnreadable */
export async function keepLinkKeys(tx: Tx, box: SecretBox, formerMasterKeys: readonly Buffer[]): Promise<void> {
  await sql`insert into private.instance (place) values (private.data_place()) on conflict do nothing`.execute(tx);
  const { rows } = await sql<{ sealed: string | null }>`select former_link_keys as sealed from private.instance for update`.execute(tx);
  const kept = openKeys(box, rows[0]?.sealed ?? null);
  const missing = formerMasterKeys.map(linkKeyOf).filter((key) => !kept.some((one) => one.equals(key)));
  if (missing.length === 0) return;
  const sealed = box.seal(formerLinkKeysPlace, JSON.stringify([...kept, ...missing].map((key) => key.toString("base64"))));
  await sql`update private.instance set former_link_keys = ${sealed}`.execute(tx);
}

const openKeys = (box: SecretBox, sealed: string | null): Buffer[] =>
  sealed === null ? [] : (JSON.parse(box.open(formerLinkKeysPlace, sealed)) as string[]).map((key) => Buffer.from(key, "base64"));
