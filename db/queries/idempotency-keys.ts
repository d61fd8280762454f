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
 * Takes the key for this transaction, or tells what became of it. The row is only ever visible together with the
 * answer, since both are committed at once; a request that is still being answered shows in a lock instead. Waiting
 * for the row would do too, but it would hold a connection of the pool for as long as the first request takes.
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
    .where("workspace_id", "=", place.workspaceId)
    .where("principal_id", "=", place.principalId)
    .where("route", "=", place.route)
    .where("key", "=", place.key)
    .executeTakeFirstOrThrow();
  return {
    state: "finished",
    requestHash: row.request_hash,
    statusCode: row.status_code ?? 200,
    response: row.response === null ? null : String(row.response),
  };
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
