import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import type { RouteId } from "#contract/routes.ts";
import { addMember } from "#db/queries/members.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import type { Answer, Client } from "#test/http-client.ts";
import { buildOneOfEverything } from "#test/one-of-everything.ts";
import { callRoute, routeIds, routeTable } from "#test/route-call.ts";
import type { SampleIds } from "#test/route-samples.ts";

// Every list of the table is asked with cursors that it never gave out. The lists come from the table itself, so a new
// one is covered at once.

const lists = routeIds.filter((id) => Object.hasOwn((routeTable[id].query as z.ZodObject).shape ?? {}, "cursor"));

let app: TestApp;
let ids: SampleIds;
/** A cursor that each of the lists gave out. */
const own = new Map<RouteId, string>();

beforeAll(async () => {
  app = await startTestApp();
  const { workspaceId, ownerId } = app.ours;
  await buildOneOfEverything(app.db.owner, workspaceId, ownerId);
  ids = { ...(await buildOneOfEverything(app.db.owner, workspaceId, ownerId)) } as SampleIds;
  await buildSecondRows(workspaceId);
  const owner = await app.ours.as("owner");
  for (const id of lists) {
    const { body, text } = await ask(owner, id, undefined);
    expect([id, typeof body?.nextCursor], text).toEqual([id, "string"]);
    own.set(id, body.nextCursor);
  }
});
afterAll(() => app.stop());

/** A second row of what belongs to a row of everything, so that each list has a second page. */
async function buildSecondRows(workspace_id: string): Promise<void> {
  const { owner } = app.db;
  const of = { workspace_id };
  const contacts = [randomUUID(), randomUUID()];
  await owner
    .insertInto("contacts")
    .values(contacts.map((id) => ({ ...of, id, firstname: "Second", lastname: "" })))
    .execute();
  await owner
    .insertInto("flow_send_skips")
    .values({ ...of, send_id: ids.send, contact_id: randomUUID(), reason: "opted_out_sms" })
    .execute();
  await owner
    .insertInto("messages")
    .values({
      ...{ ...of, flow_execution_id: ids.execution, send_id: ids.send, contact_id: ids.contact },
      ...{ visit: 2, node_id: "sms", channel: "sms", provider: "capture", status: "sent" },
    })
    .execute();
  await owner
    .insertInto("forecast_contacts")
    .values(contacts.map((contact_id) => ({ ...of, forecast_id: ids.forecast, contact_id, refusal: "dnc", way: null })))
    .execute();
  await owner
    .insertInto("bulk_job_items")
    .values({ ...of, job_id: ids.bulkJob, seq: 2, contact_id: contacts[0] as string, outcome: "same" })
    .execute();
  await owner
    .insertInto("contact_import_changes")
    .values(
      contacts.map((contact_id, line) => ({
        ...of,
        ...{ import_id: ids.import, contact_id, line, created: true, apart_from: ids.contact, apart_reason: "other_name" },
      })),
    )
    .execute();
}

/**
 * The first page of one row, or the one after the cursor. Only the parent of a list is named and what it cannot be asked without, so
 * that nothing is filtered away.
 */
function ask(client: Client, id: RouteId, cursor: string | undefined, more: Record<string, string> = {}): Promise<Answer> {
  const asksForMore = routeTable[id].query?.safeParse({}).success === false;
  return callRoute(client, id, ids, ({ params, query }) => ({
    ...(params && { params }),
    query: { ...(asksForMore && query), limit: "1", ...(cursor !== undefined && { cursor }), ...more },
  }));
}

/** Each list has a caller of its own, because one caller may ask only so often in a minute. */
async function newMember(): Promise<Client> {
  const { client, userId } = await app.signUp();
  await addMember(app.db.owner, { workspaceId: app.ours.workspaceId, userId, role: "owner" });
  return client;
}

const encoded = (text: string) => Buffer.from(text).toString("base64url");
const partsOf = (cursor: string): unknown[] => JSON.parse(Buffer.from(cursor, "base64url").toString());
const short = (cursor: string) => `${cursor.slice(0, 60)} = ${Buffer.from(cursor, "base64url").toString().slice(0, 80)}`;

/** What no list ever wrote. */
const strange = [
  ...["", " ", "-", "%", "\u0000", "null", "not base64!", "[1,2]", "=".repeat(1000), "x".repeat(1001)],
  ...["", "null", "NaN", "[]", "[[]]", "{}", "1", "[NaN]", '["-","-"]', '{"0":1,"length":1}', "[1,", "[".repeat(700)].map(encoded),
  ...['["0000-01-01 00:00:00+00","00000000-0000-0000-0000-000000000000"]', '["infinity","-"]', "[1e400]", "[-1]"].map(encoded),
  Buffer.from([0xff, 0xfe, 0x00]).toString("base64url"),
];

/** What takes the place of a part of a list's own cursor. No list has such a part. */
const strangeParts = [null, true, {}, [], ["a"], "", "-", "NaN", "\u0000", "-infinity", "0000-01-01", "x".repeat(500), 0.5, 2 ** 53, 1e300];
/** A list may have such a part, if its order is by a number or by a text. */
const unlikelyParts = [-1, 0, 2 ** 31, 2 ** 53 - 1, "Zoë", randomUUID()];

test.each(lists)("%s refuses every cursor that it never gave out, and says so", async (id) => {
  const client = await newMember();
  const mine = own.get(id) as string;
  const parts = partsOf(mine);
  const foreign = [...own.values()].filter((cursor) => partsOf(cursor)[0] !== parts[0]);
  expect(foreign).toHaveLength(lists.length - 1);
  const changed = [...parts.keys()].flatMap((index) => strangeParts.map((part) => encoded(JSON.stringify(parts.with(index, part)))));
  const cut = [...parts.keys()].map((index) => encoded(JSON.stringify(parts.slice(0, index))));
  const longer = encoded(JSON.stringify([...parts, 1]));

  const wrong: unknown[] = [];
  for (const cursor of [...strange, ...foreign, ...changed, ...cut, longer]) {
    const { status, body } = await ask(client, id, cursor);
    const problems = body?.problems?.map(({ path }: { path: string }) => path);
    if (status !== 400 || body?.code !== "invalid_request" || `${problems}` !== "cursor")
      wrong.push({ cursor: short(cursor), status, body });
  }
  expect(wrong).toEqual([]);
  expect((await ask(client, id, mine)).status).toBe(200);
});

test.each(lists)("%s never breaks at a cursor of its own shape", async (id) => {
  const client = await newMember();
  const parts = partsOf(own.get(id) as string);
  const wrong: unknown[] = [];
  for (const index of parts.keys()) {
    for (const part of unlikelyParts) {
      const cursor = encoded(JSON.stringify(parts.with(index, part)));
      const { status, body } = await ask(client, id, cursor);
      if (status !== 200 && status !== 400) wrong.push({ cursor: short(cursor), status, body });
    }
  }
  expect(wrong).toEqual([]);
});

test("a cursor that is longer than an address may be is refused before anything reads it", async () => {
  const client = await newMember();
  for (const id of lists) {
    const { status, body } = await ask(client, id, "x".repeat(10_000));
    expect([id, status, body.code]).toEqual([id, 400, "invalid_request"]);
    // Node itself refuses it, without a body.
    expect([id, (await ask(client, id, "x".repeat(100_000))).status]).toEqual([id, 431]);
  }
});
