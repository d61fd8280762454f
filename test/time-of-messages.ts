import { sql } from "kysely";
import { afterEach, beforeAll, beforeEach, vi } from "vitest";
import type { Db } from "#db/client.ts";

/**
 * For tests that move a clock of their own: messages get the time that was told last, because limits are counted by it and the database
 * has another. A pass counts on from the time that it has read, so nothing passes meanwhile; between two moments so much does that nobody
 * trusts what was read before.
 */
export function setUpTimeOfMessages(db: () => Db): { tell(time: number): Promise<unknown>; pass(ms: number): void } {
  let passed = 1;
  beforeAll(async () => {
    await sql`create table private.time_of_messages as select now() as at`.execute(db());
    await sql`create function private.take_time() returns trigger language plpgsql as $$
      begin new.created_at := (select at from private.time_of_messages); return new; end $$`.execute(db());
    await sql`create trigger take_time before insert on messages for each row execute function private.take_time()`.execute(db());
  });
  beforeEach(() => void vi.spyOn(performance, "now").mockImplementation(() => passed));
  afterEach(() => void vi.restoreAllMocks());
  return {
    tell: (time) => sql`update private.time_of_messages set at = ${new Date(time).toISOString()}::timestamptz`.execute(db()),
    pass: (ms) => {
      passed += ms;
    },
  };
}
