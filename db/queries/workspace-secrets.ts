import type { Secret } from "#contract/secrets.ts";
import type { Db } from "../client.ts";
import type { SecretPlace } from "../secret-box.ts";

interface OfSecret {
  workspaceId: string;
  name: string;
}

export const workspaceSecretPlace = ({ workspaceId, name }: OfSecret): SecretPlace => ({
  workspaceId,
  table: "workspace_secrets",
  row: name,
  field: "secret",
});

export async function listSecrets(db: Db, { workspaceId }: { workspaceId: string }): Promise<Secret[]> {
  const rows = await db
    .selectFrom("workspace_secrets")
    .select(["name", "hosts", "updated_by", "updated_at"])
    .where("workspace_id", "=", workspaceId)
    .orderBy("name")
    .execute();
  return rows.map(({ name, hosts, updated_by, updated_at }) => ({
    name,
    hosts,
    updatedBy: updated_by,
    updatedAt: updated_at.toISOString(),
  }));
}

/** `secret`: sealed at its place. */
export async function saveSecret(
  db: Db,
  { workspaceId, name, secret, hosts, updatedBy }: OfSecret & { secret: string; hosts: readonly string[]; updatedBy: string },
) {
  await db
    .insertInto("workspace_secrets")
    .values({ workspace_id: workspaceId, name, secret, hosts: [...hosts], updated_by: updatedBy })
    .onConflict((conflict) => conflict.columns(["workspace_id", "name"]).doUpdateSet({ secret, hosts: [...hosts], updated_by: updatedBy }))
    .execute();
}

export async function deleteSecret(db: Db, { workspaceId, name }: OfSecret): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom("workspace_secrets")
    .where("workspace_id", "=", workspaceId)
    .where("name", "=", name)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Sealed, by name: for the owner's login only, a member may not read them. */
export async function findSealedSecrets(db: Db, { workspaceId, names }: { workspaceId: string; names: readonly string[] }) {
  if (names.length === 0) return [];
  return db
    .selectFrom("workspace_secrets")
    .select(["name", "secret", "hosts"])
    .where("workspace_id", "=", workspaceId)
    .where("name", "in", names)
    .execute();
}
