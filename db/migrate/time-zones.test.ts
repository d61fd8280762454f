import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { linkedTimeZones, timeZoneNames } from "#contract/time-zone-names.ts";
import { readTimeZone } from "#contract/time-zones.ts";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";

let db: TestDb;
beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

test("every name in the list of time zones is known to this Postgres", async () => {
  const { rows } = await sql<{ name: string }>`select name from pg_timezone_names`.execute(db.owner);
  const known = new Set(rows.map(({ name }) => name));
  expect([...timeZoneNames, ...linkedTimeZones.map(([other]) => other)].filter((name) => !known.has(name))).toEqual([]);
});

test("the migration writes what can be read by its canonical name, takes out the rest, and reports every value as it was", async () => {
  const written = [
    ...[
      "Europe/Berlin",
      "america/los_angeles",
      "US/Pacific",
      "US/Pacific-New",
      "+05:45",
      "-08:00",
      "-03",
      "Asia/Calcutta",
      "UTC",
      "Etc/GMT+8",
    ],
    ...[" Europe/London ", "America/New York", "GMT", "posix/Europe/Berlin", "Mars/Olympus", "", "EST5EDT", "GB"],
  ];
  const path = join(import.meta.dirname, "../../supabase/migrations/20261128162500_canonical_time_zones.sql");
  await db.owner
    .insertInto("workspaces")
    .values([
      { id: "w1", name: "One", time_zone: "US/Pacific-New" },
      { id: "w2", name: "Two", time_zone: "europe/kiev" },
      { id: "w3", name: "Three", time_zone: "Europe/Oslo" },
    ])
    .execute();
  await db.owner
    .insertInto("contacts")
    .values(written.map((time_zone, index) => ({ workspace_id: "w1", firstname: String(index), lastname: "", time_zone })))
    .execute();
  await db.owner.transaction().execute(async (tx) => {
    await sql`drop table private.mended_time_zones`.execute(tx);
    await sql.raw(readFileSync(path, "utf8")).execute(tx);
  });

  const contacts = await db.owner.selectFrom("contacts").select(["firstname", "time_zone"]).execute();
  expect(Object.fromEntries(contacts.map((row) => [written[Number(row.firstname)], row.time_zone]))).toEqual(
    Object.fromEntries(written.map((text) => [text, readTimeZone(text) ?? null])),
  );
  const workspaces = await db.owner.selectFrom("workspaces").select(["id", "time_zone"]).where("id", "in", ["w1", "w2", "w3"]).execute();
  expect(Object.fromEntries(workspaces.map(({ id, time_zone }) => [id, time_zone]))).toEqual({
    w1: "UTC",
    w2: "Europe/Kyiv",
    w3: "Europe/Oslo",
  });
  const report = await sql<{ before: string; after: string | null }>`
    select before, after from private.mended_time_zones where contact_id is not null`.execute(db.owner);
  expect(report.rows.map(({ before }) => before).sort()).toEqual(written.filter((text) => readTimeZone(text) !== text).sort());
});
