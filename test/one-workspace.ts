import { createHash, randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Tx } from "#db/client.ts";
import type { OneOfEverything } from "./everything-ids.ts";

/** Writes a row of everything that belongs to a workspace and its members: settings, keys, invitations, notices and the audit log. */
export async function buildOneWorkspace(
  tx: Tx,
  { workspaceId, contact: contact_id, ...ids }: OneOfEverything,
  memberId: string,
): Promise<void> {
  const of = { workspace_id: workspaceId };
  await tx
    .insertInto("providers")
    .values({ ...of, channel: "sms", provider: "capture" })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await tx
    .insertInto("workspace_secrets")
    .values({ ...of, name: ids.secret, secret: "sealed" })
    .execute();
  await tx
    .insertInto("idempotency_keys")
    .values({ ...of, principal_id: memberId, route: "test", key: randomUUID(), request_hash: "x" })
    .execute();
  await tx
    .insertInto("audit_log")
    .values({ ...of, action: "test.made" })
    .execute();
  await tx
    .insertInto("workspace_invitations")
    .values({
      ...of,
      id: ids.invitation,
      email: "canary@example.com",
      role: "viewer",
      token_hash: hashOf(ids.invitation),
      invited_by: memberId,
      expires_at: sql`now() + interval '1 day'`,
    })
    .execute();
  await tx
    .insertInto("notices")
    .values({ ...of, id: ids.notice, kind: "maybe_stop", cause: contact_id, channel: "sms", contact_id })
    .execute();
  await tx
    .insertInto("notice_reads")
    .values({ ...of, user_id: memberId, notice_id: ids.notice, read_upto: new Date(0) })
    .execute();
  await tx
    .insertInto("notice_settings")
    .values({ ...of, user_id: memberId, by_email: true })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const keyMember = randomUUID();
  await tx
    .insertInto("workspace_members")
    .values({ ...of, user_id: keyMember, role: "viewer", kind: "key" })
    .execute();
  await tx
    .insertInto("api_keys")
    .values({
      ...of,
      id: ids.apiKey,
      member_id: keyMember,
      name: "Canary",
      secret_hash: hashOf(ids.apiKey),
      scopes: ["contacts:read"],
      expires_at: sql`now() + interval '1 day'`,
    })
    .execute();
}

const hashOf = (text: string): Buffer => createHash("sha256").update(text).digest();
