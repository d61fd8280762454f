import { sql } from "kysely";
import type { Alert, AlertCode } from "#contract/queue.ts";
import type { Db, Tx } from "../client.ts";

/** An alert and where it belongs. One per code, workspace and subject. */
export interface AlertFact {
  code: AlertCode;
  /** Null: of the whole instance. */
  workspaceId: string | null;
  subject: string;
  sendId: string | null;
  text: string;
  who: Alert["who"];
  since: Date;
}

export interface KnownAlert extends AlertFact {
  isSteady: boolean;
  isTold: boolean;
  isEnded: boolean;
}

/** A workspace sees its own alerts and those of the instance, which concern all workspaces. */
export async function listAlerts(db: Db, { workspaceId }: { workspaceId: string }): Promise<Alert[]> {
  const { rows } = await sql<{ code: AlertCode; text: string; who: Alert["who"]; send_id: string | null; since: Date }>`
    select code, text, who, send_id, since from private.alerts
    where (workspace_id = ${workspaceId} or workspace_id is null) and is_steady and ended_at is null
    order by since, code, subject limit 100`.execute(db);
  return rows.map(({ send_id, since, ...alert }) => ({ ...alert, sendId: send_id, since: since.toISOString() }));
}

/** Takes a lock that one process at a time holds, until its transaction ends. Returns false when another process holds it. */
export async function lockAlerts(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`select pg_try_advisory_xact_lock(hashtextextended('sluice alerts', 0)) as locked`.execute(
    tx,
  );
  return rows[0]?.locked === true;
}

/**
 * Forgets conditions that have not lasted long enough to be told. Nobody looked while no process ran, so what a process
 * saw before it ended must not count as having lasted until the next one starts.
 */
export async function forgetPassingAlerts(tx: Tx): Promise<void> {
  await sql`delete from private.alerts where not is_steady and told_at is null`.execute(tx);
}

/**
 * Writes what is so now beside what was so at the last look, and returns all there is to know, told or not. What has been
 * so for less than `steadySeconds` may be a passing moment: a worker that is just being replaced.
 */
export async function settleAlerts(tx: Tx, facts: readonly AlertFact[], steadySeconds: number): Promise<KnownAlert[]> {
  const input = sql`json_to_recordset(${JSON.stringify(facts)}::json)
    as f (code text, "workspaceId" text, subject text, "sendId" uuid, text text, who text, since timestamptz)`;
  await sql`
    update private.alerts a set ended_at = now() where ended_at is null and not exists (
      select from ${input} where f.code = a.code and f."workspaceId" is not distinct from a.workspace_id and f.subject = a.subject)`.execute(
    tx,
  );
  // An alert that comes back after it ended is the same alert, unless its end was told: its row is gone then.
  await sql`
    insert into private.alerts (code, workspace_id, subject, send_id, text, who, since)
    select f.code, f."workspaceId", f.subject, f."sendId", f.text, f.who, f.since from ${input}
    on conflict (code, workspace_id, subject) do update
      set is_steady = alerts.is_steady or alerts.seen_at <= now() - ${steadySeconds}::float8 * interval '1 second',
        text = excluded.text, ended_at = null`.execute(tx);
  await sql`delete from private.alerts where ended_at is not null and told_at is null`.execute(tx);
  const { rows } = await sql<{
    code: AlertCode;
    workspace_id: string | null;
    subject: string;
    send_id: string | null;
    text: string;
    who: Alert["who"];
    since: Date;
    is_steady: boolean;
    is_told: boolean;
    is_ended: boolean;
  }>`select code, workspace_id, subject, send_id, text, who, since, is_steady, told_at is not null as is_told, ended_at is not null as is_ended
    from private.alerts order by since`.execute(tx);
  return rows.map(({ workspace_id, send_id, is_steady, is_told, is_ended, ...alert }) => ({
    ...alert,
    workspaceId: workspace_id,
    sendId: send_id,
    isSteady: is_steady,
    isTold: is_told,
    isEnded: is_ended,
  }));
}

/** Marks alerts whose beginning was told, and deletes those whose end was told. */
export async function markTold(tx: Tx, { code, workspaceId, subject, isEnded }: KnownAlert): Promise<void> {
  const row = sql`code = ${code} and workspace_id is not distinct from ${workspaceId} and subject = ${subject}`;
  if (isEnded) await sql`delete from private.alerts where ${row}`.execute(tx);
  else await sql`update private.alerts set told_at = now() where ${row}`.execute(tx);
}
