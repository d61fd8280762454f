import { sql } from "kysely";
import type { Db, Tx } from "../client.ts";
import type { SecretPlace } from "../secret-box.ts";

/** A request with an idempotency key: the caller, the route and the key. */
export interface IdempotencyPlace {
  workspaceId: string;
  principalId: string;
  route: string;
  key: string;
}

/** Where the answer to a request is sealed. */
export const idempotentAnswerPlace = ({ workspaceId, principalId, route, key }: IdempotencyPlace): SecretPlace => ({
  workspaceId,
  table: "idempotency_keys",
  row: JSON.stringify([principalId, route, key]),
  field: "response",
});

export type Reservation =
  | { state: "reserved" }
  | { state: "in_progress" }
  | { state: "finished"; requestHash: string; statusCode: number; response: string | null };

/**
 * A request that is answered between two transactions has its key without an answer meanwhile. When its process has died, nobody
 * answers it any more: after so many seconds, which none of them takes, the same request may be made again.
 */
export const longestUnanswered = 300;

/**
 * Takes the key for this transaction, or tells what became of it. Where effect and answer are one transaction, a request that is
 * still being answered shows in a lock, and where they are not, in a row without an answer. Waiting for either would hold a
 * connection of the pool for as long as the first request takes.
 */
export async function reserveIdempotencyKey(tx: Tx, place: IdempotencyPlace, requestHash: string): Promise<Reservation> {
  const { rows } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${JSON.stringify(Object.values(place))}, 7531)) as taken
  `.execute(tx);
  if (!rows[0]?.taken) return { state: "in_progress" };
  const inserted = await tx
    .insertInto("idempotency_keys")
    .values({
      workspace_id: place.workspaceId,
      principal_id: place.principalId,
      route: place.route,
      key: place.key,
      request_hash: requestHash,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (inserted.numInsertedOrUpdatedRows === 1n) return { state: "reserved" };
  const row = await tx
    .selectFrom("idempotency_keys")
    .select(["request_hash", "status_code", "response"])
    .select(sql<boolean>`created_at < now() - make_interval(secs => ${longestUnanswered})`.as("is_old"))
    .where("workspace_id", "=", place.workspaceId)
    .where("principal_id", "=", place.principalId)
    .where("route", "=", place.route)
    .where("key", "=", place.key)
    .executeTakeFirstOrThrow();
  if (row.status_code !== null) {
    const response = row.response === null ? null : String(row.response);
    return { state: "finished", requestHash: row.request_hash, statusCode: row.status_code, response };
  }
  if (!row.is_old) return { state: "in_progress" };
  await tx
    .updateTable("idempotency_keys")
    .set({ request_hash: requestHash, created_at: sql<Date>`now()` })
    .where("workspace_id", "=", place.workspaceId)
    .where("principal_id", "=", place.principalId)
    .where("route", "=", place.route)
    .where("key", "=", place.key)
    .execute();
  return { state: "reserved" };
}

/** Gives back a key whose request was refused, so that it may be tried again. */
export async function releaseIdempotencyKey(tx: Tx, place: IdempotencyPlace): Promise<void> {
  await tx
    .deleteFrom("idempotency_keys")
    .where("workspace_id", "=", place.workspaceId)
    .where("principal_id", "=", place.principalId)
    .where("route", "=", place.route)
    .where("key", "=", place.key)
    .where("status_code", "is", null)
    .execute();
}

/** `response` is what the caller may hold: sealed, because some answers show a secret once and then never again. */
export async function storeIdempotentAnswer(
  tx: Tx,
  place: IdempotencyPlace,
  answer: { statusCode: number; response: string; subjectId: string | null },
): Promise<void> {
  await tx
    .updateTable("idempotency_keys")
    .set({ status_code: answer.statusCode, response: JSON.stringify(answer.response), subject_id: answer.subjectId })
    .where("workspace_id", "=", place.workspaceId)
    .where("principal_id", "=", place.principalId)
    .where("route", "=", place.route)
    .where("key", "=", place.key)
    .execute();
}

/** Keys older than two days: a client that repeats a request later than that means a new one. Runs as the owner. */
export async function deleteOldIdempotencyKeys(db: Db): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("idempotency_keys")
    .where("created_at", "<", sql<Date>`now() - interval '48 hours'`)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
