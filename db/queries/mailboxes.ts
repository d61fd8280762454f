import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "../client.ts";

// What was read of the mailboxes that providers name. All of this runs as the owner of the database.

interface Place {
  workspaceId: string;
  channel: Channel;
}

/** How far a mailbox was read; the words are those of channels/mailbox.ts. */
interface Position {
  uidValidity: string;
  uid: number;
  readAt: Date;
  anew?: { to: number; since: Date } | undefined;
}

/** A mailbox that is to be read now, held for a while so that nobody else reads it. */
export interface TakenMailbox extends Place {
  lease: string;
  /** Which mailbox the position is of; null where none was read yet. */
  mailbox: string | null;
  position: Position | null;
  failures: number;
}

interface TakenRow {
  workspace_id: string;
  channel: Channel;
  lease: string;
  mailbox: string | null;
  uid_validity: string | null;
  last_uid: number;
  read_at: Date | null;
  anew_to: number | null;
  anew_since: Date | null;
  failures: number;
}

const after = (ms: number) => sql`clock_timestamp() + ${ms}::float8 * interval '1 millisecond'`;

/**
 * Takes the mailbox that is due for longest, or undefined. Due is one whose time has come, and one whose provider was saved since it was
 * last tried. A process that dies with it leaves it to another one, after the lease.
 */
export async function takeDueMailbox(db: Db, { leaseMs }: { leaseMs: number }): Promise<TakenMailbox | undefined> {
  const isFree = (m: string) => sql`coalesce(${sql.ref(`${m}.lease_until`)} <= clock_timestamp(), true)`;
  const { rows } = await sql<TakenRow>`
    with due as materialized (
      select p.workspace_id, p.channel from providers p
      left join private.mailboxes m on m.workspace_id = p.workspace_id and m.channel = p.channel
      where p.settings ? 'mailbox' and ${isFree("m")}
        and (m.next_at is null or m.next_at <= clock_timestamp() or coalesce(m.tried_at < p.updated_at, true))
      order by m.next_at nulls first, p.workspace_id limit 1
    )
    insert into private.mailboxes as m (workspace_id, channel, lease, lease_until)
    select workspace_id, channel, private.uuid_v7(), ${after(leaseMs)} from due
    on conflict (workspace_id, channel) do update set lease = excluded.lease, lease_until = excluded.lease_until where ${isFree("m")}
    returning m.workspace_id, m.channel, m.lease, m.mailbox, m.uid_validity, m.last_uid, m.read_at, m.anew_to, m.anew_since, m.failures`.execute(
    db,
  );
  const [row] = rows;
  if (!row) return undefined;
  const { workspace_id: workspaceId, channel, lease, mailbox, failures } = row;
  return { workspaceId, channel, lease, mailbox, failures, position: positionOf(row) };
}

function positionOf({ uid_validity: uidValidity, last_uid, read_at: readAt, anew_to, anew_since }: TakenRow): Position | null {
  if (uidValidity === null || readAt === null) return null;
  const anew = anew_to !== null && anew_since !== null ? { to: anew_to, since: anew_since } : undefined;
  return { uidValidity, uid: last_uid, readAt, anew };
}

type Held = Place & { lease: string };
const isHeld = ({ workspaceId, channel, lease }: Held) =>
  sql`workspace_id = ${workspaceId} and channel = ${channel} and lease = ${lease}::uuid`;

/** Notes how far a mailbox was read, and holds it for longer. False: somebody else holds it now, and what they noted counts. */
export async function moveMailbox(
  db: Db,
  held: Held,
  { mailbox, position, taken, leaseMs }: { mailbox: string; position: Position; taken: number; leaseMs: number },
): Promise<boolean> {
  const { uidValidity, uid, readAt, anew } = position;
  const { rows } = await sql`
    update private.mailboxes set mailbox = ${mailbox}, uid_validity = ${uidValidity}, last_uid = ${uid}, read_at = ${readAt.toISOString()}::timestamptz,
      anew_to = ${anew?.to ?? null}::bigint, anew_since = ${anew?.since.toISOString() ?? null}::timestamptz, taken = taken + ${taken}::int,
      lease_until = ${after(leaseMs)}
    where ${isHeld(held)} returning 1`.execute(db);
  return rows.length > 0;
}

/** Lets a mailbox go, until it is due again. With a problem: it could not be read. */
export async function settleMailbox(
  db: Db,
  held: Held,
  { waitMs, problem }: { waitMs: number; problem?: { code: string; text: string } },
): Promise<void> {
  await sql`
    update private.mailboxes set lease = null, lease_until = null, tried_at = clock_timestamp(), next_at = ${after(waitMs)},
      problem_code = ${problem?.code ?? null}, problem = ${problem?.text.slice(0, 500) ?? null},
      failures = ${problem === undefined ? sql`0` : sql`failures + 1`}
    where ${isHeld(held)}`.execute(db);
}

/** What members are told of a mailbox; undefined where it was never tried. */
export async function findMailboxState(
  db: Db,
  { workspaceId, channel }: Place,
): Promise<
  { mailbox: string | null; readAt: Date | null; triedAt: Date | null; problem: string | null; nextAt: Date; taken: number } | undefined
> {
  const { rows } = await sql<{
    mailbox: string | null;
    read_at: Date | null;
    tried_at: Date | null;
    problem: string | null;
    next_at: Date;
    taken: number;
  }>`
    select mailbox, read_at, tried_at, problem, next_at, taken from private.mailboxes
    where workspace_id = ${workspaceId} and channel = ${channel}`.execute(db);
  const [row] = rows;
  if (!row) return undefined;
  const { mailbox, read_at: readAt, tried_at: triedAt, problem, next_at: nextAt, taken } = row;
  return { mailbox, readAt, triedAt, problem, nextAt, taken };
}

/** What of a mailbox concerns the workspace. The rest is none of our business. */
export interface Ours {
  /** The messages of these ids, and whether they went to a contact who is still there. */
  messages: ReadonlyMap<string, { hasContact: boolean }>;
  /** The addresses that contacts have. */
  contacts: ReadonlySet<string>;
}

export async function findOurs(
  db: Db,
  { workspaceId, channel, messageIds, addresses }: Place & { messageIds: readonly string[]; addresses: readonly string[] },
): Promise<Ours> {
  const messages = await sql<{ id: string; has_contact: boolean }>`
    select id, contact_id is not null as has_contact from messages
    where workspace_id = ${workspaceId} and channel = ${channel} and id = any(${messageIds}::uuid[])`.execute(db);
  const contacts = await sql<{ address: string }>`
    select distinct sort_email as address from contacts
    where workspace_id = ${workspaceId} and sort_email = any(${addresses}::text[]) and deleted_at is null`.execute(db);
  return {
    messages: new Map(messages.rows.map(({ id, has_contact: hasContact }) => [id, { hasContact }])),
    contacts: new Set(contacts.rows.map(({ address }) => address)),
  };
}
