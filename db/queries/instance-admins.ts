import { sql } from "kysely";
import type { InstanceAdmin, InstanceEvent, InstanceSettings } from "#contract/instance.ts";
import type { SignInWay } from "#contract/people.ts";
import type { Db, Tx } from "../client.ts";
import { listPeople } from "./people.ts";

// This reads and writes who may act on the whole instance, what they have set, and what they did. All of it runs as the owner of the database.

const eventsShown = 50;

export async function isInstanceAdmin(db: Db, userId: string): Promise<boolean> {
  const { rows } = await sql`select from private.instance_admins where user_id = ${userId}::uuid`.execute(db);
  return rows.length === 1;
}

/**
 * Finds a person by address among those who sign in the way this instance does and belong to a workspace. An account
 * alone does not count, because at a Supabase project anybody can make one, under an address that nobody has confirmed.
 */
export async function findInsiderByEmail(
  db: Db,
  { email, kind }: { email: string; kind: SignInWay["kind"] },
): Promise<{ id: string } | undefined> {
  const accounts = sql.table(kind === "password" ? "private.users" : "private.supabase_people");
  const { rows } = await sql<{ id: string }>`
    select p.id from ${accounts} p where lower(p.email) = ${email.toLowerCase()}
      and exists (select from public.workspace_members m where m.user_id = p.id and m.kind = 'user')
    order by p.created_at limit 1`.execute(db);
  return rows[0];
}

/** False when the person is one already. */
export async function insertInstanceAdmin(tx: Tx, admin: { userId: string; namedBy: string | null }): Promise<boolean> {
  const { rows } = await sql`
    insert into private.instance_admins (user_id, named_by) values (${admin.userId}::uuid, ${admin.namedBy}::uuid)
    on conflict do nothing returning user_id`.execute(tx);
  // A link to a new password that was made before, by somebody who is no instance admin, would open the instance.
  await sql`delete from private.password_resets where user_id = ${admin.userId}::uuid`.execute(tx);
  return rows.length === 1;
}

/** Locks the admins until the transaction ends, so that two of them cannot remove each other at once. */
export async function lockInstanceAdmins(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ user_id: string }>`select user_id from private.instance_admins order by user_id for update`.execute(tx);
  return rows.map(({ user_id }) => user_id);
}

export async function deleteInstanceAdmin(tx: Tx, userId: string): Promise<void> {
  await sql`delete from private.instance_admins where user_id = ${userId}::uuid`.execute(tx);
}

export async function readInstanceSettings(db: Db): Promise<InstanceSettings> {
  const membersMayCreateWorkspaces = await mayMembersCreateWorkspaces(db);
  return { membersMayCreateWorkspaces, admins: await listAdmins(db), events: await listEvents(db) };
}

export async function mayMembersCreateWorkspaces(db: Db): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`select members_may_create_workspaces as may from private.instance_settings`.execute(db);
  return rows[0]?.may ?? false;
}

/**
 * Whether the person may create a workspace: an instance admin always, a member of some workspace where the setting
 * allows it. An account alone is not enough, because at a Supabase project anybody can make one.
 */
export async function mayCreateWorkspaces(db: Db, userId: string): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`
    select exists (select from private.instance_admins where user_id = ${userId}::uuid)
      or exists (select from private.instance_settings where members_may_create_workspaces)
        and exists (select from public.workspace_members where user_id = ${userId}::uuid and kind = 'user') as may`.execute(db);
  return rows[0]?.may ?? false;
}

export async function setMembersMayCreateWorkspaces(tx: Tx, may: boolean): Promise<void> {
  await sql`
    insert into private.instance_settings (members_may_create_workspaces) values (${may})
    on conflict (only_row) do update set members_may_create_workspaces = excluded.members_may_create_workspaces`.execute(tx);
}

export interface InstanceEntry {
  actorId: string | null;
  actorName: string | null;
  action: string;
  subjectId?: string | undefined;
  details?: Record<string, unknown> | undefined;
}

export async function insertInstanceEntry(db: Db, entry: InstanceEntry): Promise<void> {
  await sql`
    insert into private.instance_log (actor_id, actor_name, action, subject_id, details)
    values (${entry.actorId}::uuid, ${entry.actorName}, ${entry.action}, ${entry.subjectId ?? null}, ${JSON.stringify(entry.details ?? {})}::jsonb)`.execute(
    db,
  );
}

async function listAdmins(db: Db): Promise<InstanceAdmin[]> {
  const { rows } = await sql<{ user_id: string; created_at: Date }>`
    select user_id, created_at from private.instance_admins order by created_at, user_id`.execute(db);
  const people = await listPeople(
    db,
    rows.map(({ user_id }) => user_id),
  );
  return rows.map(({ user_id, created_at }) => ({
    userId: user_id,
    name: people.get(user_id)?.name ?? "",
    email: people.get(user_id)?.email ?? "",
    since: created_at.toISOString(),
  }));
}

async function listEvents(db: Db): Promise<InstanceEvent[]> {
  const { rows } = await sql<{
    id: string;
    action: string;
    actor_name: string | null;
    subject_name: string | null;
    details: object;
    created_at: Date;
  }>`
    select l.id, l.action, l.actor_name, coalesce(u.name, p.name) as subject_name, l.details, l.created_at
    from private.instance_log l
    left join private.users u on u.id::text = l.subject_id left join private.supabase_people p on p.id::text = l.subject_id
    order by l.id desc limit ${eventsShown}`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    action: row.action,
    actorName: row.actor_name,
    subjectName: row.subject_name,
    details: row.details as Record<string, unknown>,
    at: row.created_at.toISOString(),
  }));
}
