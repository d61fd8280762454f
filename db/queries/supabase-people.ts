import { sql } from "kysely";
import type { User } from "#contract/people.ts";
import type { Db } from "../client.ts";

/**
 * Writes down who this is, if it is new, and answers whether their session goes on. One statement, because it is asked
 * with every request; it writes only when there is something to write.
 */
export async function noteSupabasePerson(db: Db, { person, sessionId }: { person: User; sessionId: string }): Promise<boolean> {
  const { rows } = await sql<{ ended: boolean }>`
    with session as (
      select exists (select from private.ended_sessions where id = ${sessionId}::uuid) as ended
    ), noted as (
      insert into private.supabase_people as p (id, email, name)
      select ${person.id}::uuid, ${person.email}, ${person.name} from session
      where not ended and not exists (
        select from private.supabase_people
        where id = ${person.id}::uuid and email = ${person.email} and name = ${person.name} and seen_at > now() - interval '1 day')
      on conflict (id) do update set email = excluded.email, name = excluded.name, seen_at = now()
    )
    select ended from session`.execute(db);
  return rows[0]?.ended === false;
}

/** Longer than the longest life an access token may have. */
const forgetAfterHours = 25;

export async function endSupabaseSession(db: Db, sessionId: string): Promise<void> {
  await sql`
    insert into private.ended_sessions (id, forget_at)
    values (${sessionId}::uuid, now() + make_interval(hours => ${forgetAfterHours}::integer))
    on conflict do nothing`.execute(db);
}
