import { sql } from "kysely";
import { expect, test } from "vitest";
import { db, setUpEngine, workspaceId } from "#test/engine-fixture.ts";
import { findTwins } from "./audience-rows.ts";
import { asReader } from "./reader-rows.ts";

setUpEngine();

/** More than a call takes arguments, which is between 100,000 and 130,000 on the stack that Node has by default. */
const pairs = 160_000;

test("pairs of contacts with one phone number are found however many they are", async () => {
  await sql`insert into contacts (workspace_id, firstname, lastname, phone_number, phone_e164)
    select ${workspaceId}, 'Ann', 'Lee', phone, phone from (select '+4366' || (40000000 + n % ${pairs}::int) as phone from generate_series(1, ${2 * pairs}::int) n) p`.execute(
    db.owner,
  );
  const everybody = { workspaceId, selection: { type: "filter" as const, filter: { tests: [] }, excluded: [] } };
  const groups = await asReader(db.owner, workspaceId, (tx) => findTwins(tx, everybody, ["sms"]));
  expect(groups).toHaveLength(pairs);
});
