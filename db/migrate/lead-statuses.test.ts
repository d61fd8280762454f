import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";

let db: TestDb;
beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

test("the migration gives a workspace the statuses that its contacts have, the usual ones first, and one without any the usual list", async () => {
  const path = join(import.meta.dirname, "../../supabase/migrations/20261128191000_lead_statuses.sql");
  const seed = /^with used as[\s\S]*?;$/m.exec(readFileSync(path, "utf8"))?.[0] as string;
  await db.owner
    .insertInto("workspaces")
    .values([
      { id: "busy", name: "Busy" },
      { id: "empty", name: "Empty" },
    ])
    .execute();
  await sql`delete from lead_statuses`.execute(db.owner);
  const given = ["Hot", "Hot", "hot ", "Customer", "new", " ", null, "Cold", "gone"];
  await db.owner
    .insertInto("contacts")
    .values(
      given.map((lead_status) => ({
        workspace_id: "busy",
        firstname: "A",
        lastname: "B",
        lead_status,
        deleted_at: lead_status === "gone" ? sql<Date>`now()` : null,
      })),
    )
    .execute();
  await sql.raw(seed).execute(db.owner);
  const of = async (workspaceId: string) =>
    (
      await db.owner
        .selectFrom("lead_statuses")
        .select(["name", "kind", "is_default", "place"])
        .where("workspace_id", "=", workspaceId)
        .orderBy("place")
        .execute()
    ).map(({ name, kind, is_default, place }) => `${place} ${name} ${kind}${is_default ? " default" : ""}`);
  expect(await of("busy")).toEqual(["0 new open default", "1 Customer won", "2 Hot open", "3 Cold open"]);
  expect(await of("empty")).toEqual([
    "0 New open default",
    "1 Contacted open",
    "2 Qualified open",
    "3 Proposal sent open",
    "4 Customer won",
    "5 Lost lost",
  ]);
});
