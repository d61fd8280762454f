import { sql } from "kysely";
import type { ReturnReason, SendApproval } from "#contract/approvals.ts";
import { Selection } from "#contract/contacts.ts";
import { messageLimits } from "#contract/queue.ts";
import { readSendingRules } from "#contract/sending-rules.ts";
import type { Tx } from "../client.ts";
import { isTimeout } from "../errors.ts";
import { matchesSelection } from "./contact-filter.ts";

interface OfSend {
  workspaceId: string;
  sendId: string;
}

/** An approval as everybody sees it, and who asked for it. */
export type FoundApproval = Omit<SendApproval, "mayNot"> & { askedBy: string | null };

interface Row {
  state: SendApproval["state"];
  hash: string;
  round: number;
  asked_at: Date;
  asked_by: string | null;
  asked_by_name: string | null;
  contacts: number;
  returned_because: ReturnReason | null;
  returned_at: Date | null;
  contacts_before: number | null;
  decided_at: Date | null;
  decided_by_name: string | null;
  comment: string | null;
  selection: unknown;
  version: number;
  has_changed: boolean;
  is_archived: boolean;
  is_own: boolean;
  start_passed: boolean;
  is_too_late: boolean;
  rules: unknown;
  per_contact_day: number | null;
}

/** Reads with the owner's login, because members may not read limits; who asks has read the send as the member before. Undefined where the send needed no approval, or there is no such send. */
export async function findSendApproval(db: Tx, of: OfSend): Promise<FoundApproval | undefined> {
  const { rows } = await sql<Row>`
    select a.state, a.hash, a.round, a.asked_at, a.asked_by, a.asked_by_name, a.contacts, a.returned_because, a.returned_at, a.contacts_before,
      a.decided_at, a.decided_by_name, a.comment, s.selection, v.number as version, a.flow_hash is null as is_own,
      coalesce(f.archived_at is not null, false) as is_archived, a.flow_hash is not null and (f.nodes <> v.nodes or f.edges <> v.edges or exists (
        select from flow_publications p where p.workspace_id = s.workspace_id and p.flow_id = s.flow_id
          and p.seq > coalesce(s.seen_publication, 0))) as has_changed,
      coalesce((s.start ->> 'at')::timestamp at time zone w.time_zone <= now(), false) as start_passed,
      coalesce(s.not_later_than <= now(), false) as is_too_late, w.sending_rules as rules, l.messages_per_contact_day as per_contact_day
    from send_approvals a
    join flow_sends s on s.workspace_id = a.workspace_id and s.id = a.send_id
    join flow_versions v on v.workspace_id = s.workspace_id and v.id = s.flow_version_id
    join workspaces w on w.id = a.workspace_id
    left join flows f on f.workspace_id = s.workspace_id and f.id = s.flow_id
    left join private.workspace_limits l on l.workspace_id = a.workspace_id
    where a.workspace_id = ${of.workspaceId} and a.send_id = ${of.sendId}::uuid`.execute(db);
  const [row] = rows;
  if (!row) return undefined;
  const { marketingPerDay, marketingPerWeek } = readSendingRules(row.rules);
  const selection = Selection.parse(row.selection);
  return {
    sendId: of.sendId,
    state: row.state,
    hash: row.hash,
    round: row.round,
    askedAt: row.asked_at.toISOString(),
    askedBy: row.asked_by,
    askedByName: row.asked_by_name,
    contacts: row.contacts,
    contactsNow: row.state === "asked" ? await countNow(db, of.workspaceId, selection) : null,
    returned: row.returned_because && {
      because: row.returned_because,
      at: (row.returned_at ?? row.asked_at).toISOString(),
      contactsBefore: row.contacts_before ?? row.contacts,
    },
    decidedAt: row.decided_at?.toISOString() ?? null,
    decidedByName: row.decided_by_name,
    comment: row.comment,
    flow: {
      version: row.version,
      hasChanged: row.state === "asked" && row.has_changed,
      isArchived: row.state === "asked" && row.is_archived,
      isOwn: row.is_own,
    },
    audience:
      selection.type === "ids" ? { type: "ids" } : { type: "filter", filter: selection.filter, excluded: selection.excluded.length },
    startPassed: row.state === "asked" && row.start_passed,
    isTooLate: row.state === "asked" && row.is_too_late,
    limits: { perContactDay: row.per_contact_day ?? messageLimits.perContactDay.usual, marketingPerDay, marketingPerWeek },
  };
}

const longestMs = 5_000;

/** How many contacts a selection means now; null where that took too long. */
async function countNow(db: Tx, workspaceId: string, selection: Selection): Promise<number | null> {
  await sql`savepoint counting`.execute(db);
  try {
    await sql.raw(`set local statement_timeout = ${longestMs}`).execute(db);
    const { rows } = await sql<{ contacts: number }>`
      select count(*)::int as contacts from contacts where contacts.workspace_id = ${workspaceId} and ${matchesSelection(selection)}`.execute(
      db,
    );
    return rows[0]?.contacts ?? 0;
  } catch (error) {
    if (!isTimeout(error)) throw error;
    return null;
  } finally {
    // What was set goes back with it, and so does a statement that was ended.
    await sql`rollback to savepoint counting`.execute(db);
  }
}

/** What the evidence of a send tells of its approval. */
export async function readApprovalEvidence(db: Tx, { workspaceId, sendId }: OfSend) {
  return db
    .selectFrom("send_approvals")
    .select(["state", "round", "hash", "contacts", "asked_at", "asked_by", "asked_by_name", "returned_because", "returned_at"])
    .select(["contacts_before", "decided_at", "decided_by", "decided_by_name", "comment"])
    .where("workspace_id", "=", workspaceId)
    .where("send_id", "=", sendId)
    .executeTakeFirst();
}
