import { sql } from "kysely";
import type { Db } from "#db/client.ts";

/** The lease of the process that relays. It renews the lease at each look; after this many seconds without that, another process takes over. */
const leaseSeconds = 5;

/** Takes or renews the lease of the relay. Returns whether this process holds it. */
export async function holdRelay(db: Db, holder: string): Promise<boolean> {
  const { rows } = await sql<{ holder: string }>`
    insert into private.trigger_relay (holder, until) values (${holder}, clock_timestamp() + ${leaseSeconds} * interval '1 second')
    on conflict (one) do update set holder = excluded.holder, until = excluded.until
      where trigger_relay.holder = excluded.holder or trigger_relay.until < clock_timestamp()
    returning holder`.execute(db);
  return rows.length === 1;
}

export async function leaveRelay(db: Db, holder: string): Promise<void> {
  await sql`delete from private.trigger_relay where holder = ${holder}`.execute(db);
}

export async function noteTrouble(db: Db, code: string, text: string): Promise<void> {
  await sql`insert into private.trigger_troubles (code, text) values (${code}, ${text})
    on conflict (code) do update set text = excluded.text`.execute(db);
}

export async function clearTroubles(db: Db, codes: readonly string[]): Promise<void> {
  await sql`delete from private.trigger_troubles where code = any(${[...codes]}::text[])`.execute(db);
}

/** Troubles that a successful check of the server, the key and the task proves to be over. */
export const refutedByCheck = ["unreachable", "refused_key", "not_deployed"];
