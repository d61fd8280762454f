import { sql } from "kysely";
import type { ProofLine } from "#contract/proof.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "../client.ts";
import { displayName } from "./contact-rows.ts";
import { type LedgerLine, ledgerColumns, reportsOf } from "./message-ledger.ts";
import type { Page } from "./newest-first.ts";

interface OfSend {
  workspaceId: string;
  sendId: string;
}

/** How a send was asked for, what it followed, what was foretold, and who did something with it. Undefined when there is no such send. */
export async function readSendAct(db: Db, { workspaceId, sendId }: OfSend) {
  const asked = await db
    .selectFrom("flow_sends")
    .select(["selection", "options", "flow_version_id", "forecast_id"])
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", sendId)
    .executeTakeFirst();
  if (!asked) return undefined;
  const version = await db
    .selectFrom("flow_versions")
    .select(["id", "flow_id", "number", "hash", "name", "nodes", "edges", "settings", "created_at"])
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", asked.flow_version_id)
    .executeTakeFirstOrThrow();
  const forecast =
    asked.forecast_id === null
      ? undefined
      : await db
          .selectFrom("forecasts")
          .select(["id", "state", "total", "looked", "sums", "created_at", "finished_at"])
          .where("workspace_id", "=", workspaceId)
          .where("id", "=", asked.forecast_id)
          .executeTakeFirst();
  const acts = await db
    .selectFrom("audit_log")
    .select(["created_at", "action", "actor_id", "actor_name", "details"])
    .where("workspace_id", "=", workspaceId)
    .where("subject_id", "=", sendId)
    .orderBy("created_at")
    .orderBy("id")
    .limit(1_000)
    .execute();
  return { asked, version, forecast, acts };
}

/** Executions that a page reads. Their messages are read with them, because those have no index in the order of a send. */
const executionsPerPage = 1_000;

export interface EnrolledLine {
  seq: number;
  executionId: string;
  contactId: string | null;
  contactName: string | null;
  status: string;
  reason: Reason | null;
  missed: string[] | null;
  /** What the contact took along of what the flow asks for. */
  values: unknown;
  /** Whether the send began with this contact and a few others. */
  isFirst: boolean;
  enrolledAt: Date;
  completedAt: Date | null;
}

/** Everybody who was enrolled, in the order of enrollment. The cursor is the last place in it. */
export async function pageOfEnrolled(
  db: Db,
  { workspaceId, sendId, cursor }: OfSend & { cursor: string | undefined },
): Promise<Page<EnrolledLine>> {
  const rows = await db
    .selectFrom("flow_executions as e")
    .leftJoin("private.contact_names as c", (join) =>
      join.onRef("c.workspace_id", "=", "e.workspace_id").onRef("c.id", "=", "e.contact_id"),
    )
    .leftJoin("canary_executions as k", "k.flow_execution_id", "e.id")
    .select(["k.flow_execution_id as few_id"])
    .select(["e.seq", "e.id", "e.contact_id", "c.id as found", "c.name", "c.firstname", "c.lastname"])
    .select(["e.status", "e.ended_reason", "e.missed", "e.created_at", "e.completed_at"])
    .select(sql`e.variables -> 'input'`.as("values"))
    .where("e.workspace_id", "=", workspaceId)
    .where("e.send_id", "=", sendId)
    .where("e.seq", ">", Number(cursor ?? -1))
    .orderBy("e.seq")
    .limit(executionsPerPage)
    .execute();
  const items = rows.map((row) => ({
    seq: row.seq,
    executionId: row.id,
    contactId: row.contact_id,
    contactName: row.found === null ? null : displayName({ name: row.name, firstname: row.firstname ?? "", lastname: row.lastname ?? "" }),
    status: row.status,
    reason: row.ended_reason as Reason | null,
    missed: row.missed,
    values: row.values,
    isFirst: row.few_id !== null,
    enrolledAt: row.created_at,
    completedAt: row.completed_at,
  }));
  return { items, nextCursor: nextOf(rows) };
}

const nextOf = (rows: readonly { seq: number }[]): string | null => (rows.length < executionsPerPage ? null : String(rows.at(-1)?.seq));

export interface MessageLine extends LedgerLine {
  kind: string;
  from: string | null;
  subject: string | null;
  text: string | null;
  reports: ProofLine["reports"] | null;
  /** What the ledger of consents said last of this contact and channel when the message was written. */
  consentState: string | null;
  consentSource: string | null;
  consentText: string | null;
  consentEvidence: string | null;
  /** For which it was given. It counted for the message where that is the address to which it went. */
  consentAddress: string | null;
  consentGivenAt: Date | null;
  consentRecordedAt: Date | null;
}

/** The messages of a send, in the order in which their contacts were enrolled. A page may hold none and still have a next one. */
export async function pageOfMessages(
  db: Db,
  { workspaceId, sendId, cursor }: OfSend & { cursor: string | undefined },
): Promise<Page<MessageLine>> {
  const executions = await db
    .selectFrom("flow_executions")
    .select(["id", "seq"])
    .where("workspace_id", "=", workspaceId)
    .where("send_id", "=", sendId)
    .where("seq", ">", Number(cursor ?? -1))
    .orderBy("seq")
    .limit(executionsPerPage)
    .execute();
  const { rows } = await sql<MessageLine>`
    select ${ledgerColumns}, m.kind, m.from_address as "from", m.subject, m.body as text, ${reportsOf} as reports,
      k.state as "consentState", k.source as "consentSource", k.text_shown as "consentText", k.evidence as "consentEvidence", k.address as "consentAddress",
      k.given_at as "consentGivenAt", k.created_at as "consentRecordedAt"
    from unnest(${executions.map(({ id }) => id)}::uuid[]) with ordinality as e(id, place)
    join messages m on m.flow_execution_id = e.id and m.workspace_id = ${workspaceId}
    left join lateral (
      select * from contact_consents c where c.workspace_id = m.workspace_id and c.contact_id = m.contact_id
        and c.channel in (m.channel, 'all') and c.created_at <= m.created_at
      order by c.created_at desc, c.id desc limit 1) k on true
    order by e.place, m.visit, m.channel`.execute(db);
  return { items: rows, nextCursor: nextOf(executions) };
}
