import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact } from "#test/factories.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let admin: Client;
let workspaceId: string;
beforeAll(async () => {
  app = await startTestApp();
  admin = await app.ours.as("admin");
  workspaceId = app.ours.workspaceId;
});
afterAll(() => app.stop());
beforeEach(async () => {
  await app.db.owner.deleteFrom("suppressions").execute();
  await app.db.owner.deleteFrom("contacts").execute();
});

const suppress = async (address: string, reason = "bounced_before", of = workspaceId) => {
  const channel = address.startsWith("+") ? ("sms" as const) : ("email" as const);
  const row = { workspace_id: of, channel, address, reason, detail: "550 5.1.1 User unknown" };
  const { id } = await app.db.owner.insertInto("suppressions").values(row).returning("id").executeTakeFirstOrThrow();
  return id;
};
const reason = "The provider confirms that it works again";
const lift = (client: Client, id: string, body: object = { reason }) => client.post(`/api/suppressions/${id}/lift`, body);
const left = async () => (await app.db.owner.selectFrom("suppressions").select("address").execute()).map(({ address }) => address);
const count = async (field: string, value = true) => {
  const filter = JSON.stringify({ tests: [{ field, operator: "is", value }] });
  return (await admin.get(`/api/contacts/count?filter=${encodeURIComponent(filter)}`)).body.total;
};

describe("lifting is refused", () => {
  test("to editors, and without a reason", async () => {
    const id = await suppress("ann@example.org");
    expect((await lift(await app.ours.as("editor"), id)).status).toBe(403);
    for (const body of [{}, { reason: "" }, { reason: "  " }]) expect((await lift(admin, id, body)).status).toBe(400);
    expect(await left()).toEqual(["ann@example.org"]);
  });

  test.each(["complaint", "unsubscribe", "stop", "opted_out_email", "dnc", "a person's own words", "spam_report"])(
    "where the reason is %s, even to owners",
    async (why) => {
      const id = await suppress("ann@example.org", why);
      for (const role of ["admin", "owner"] as const) expect(await lift(await app.ours.as(role), id)).toMatchObject({ status: 409 });
      expect(await left()).toEqual(["ann@example.org"]);
      const { body } = await admin.get("/api/suppressions");
      expect(body.items[0]).toMatchObject({ reason: why, mayLift: false });
    },
  );

  test("of another workspace's address, which nobody here sees", async () => {
    const id = await suppress("ann@example.org", "bounced_before", app.theirs.workspaceId);
    expect((await lift(admin, id)).status).toBe(404);
    expect((await admin.get("/api/suppressions")).body).toEqual({ items: [], nextCursor: null, total: 0 });
  });
});

test("an address is lifted once, can be reached again, and the audit log holds who and why but not the address", async () => {
  await buildContact(app.db.owner, workspaceId, { email: "Ann@Example.org", phone_e164: "+14155550132" });
  const id = await suppress("ann@example.org");
  expect(await count("can_receive_email")).toBe(0);
  expect(await count("can_receive_sms")).toBe(1);
  expect(await count("email_suppressed")).toBe(1);
  expect(await lift(admin, id)).toMatchObject({ status: 200 });
  expect((await lift(admin, id)).status).toBe(404);
  expect(await count("can_receive_email")).toBe(1);
  expect(await count("email_suppressed")).toBe(0);
  const entries = await app.db.owner.selectFrom("audit_log").selectAll().where("action", "=", "suppression.lift").execute();
  const [entry] = entries.filter(({ subject_id }) => subject_id === id);
  expect(entry).toMatchObject({ details: { channel: "email", was: "bounced_before", reason } });
  expect(JSON.stringify(entries)).not.toContain("ann@");
});

test("the list is paged, searched, counted, and tells the contacts behind an address", async () => {
  const contactId = await buildContact(app.db.owner, workspaceId, { firstname: "Ann", lastname: "Lee", email: "c3@example.org" });
  for (let n = 0; n < 5; n += 1) await suppress(`c${n}@example.org`);
  await suppress("+436641234567", "stop");
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const { body } = await admin.get(`/api/suppressions?limit=2${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
    expect(body.total).toBe(6);
    seen.push(...body.items.map(({ address }: { address: string }) => address));
    cursor = body.nextCursor;
  } while (cursor);
  expect(seen).toEqual(["+436641234567", "c4@example.org", "c3@example.org", "c2@example.org", "c1@example.org", "c0@example.org"]);
  expect((await admin.get("/api/suppressions?search=C3%40EX")).body).toMatchObject({
    total: 1,
    items: [
      { address: "c3@example.org", source: "provider", detail: "550 5.1.1 User unknown", contacts: [{ id: contactId, name: "Ann Lee" }] },
    ],
  });
  expect((await admin.get("/api/suppressions?search=%25")).body.total).toBe(0);
  expect((await admin.get("/api/suppressions?channel=sms")).body.total).toBe(1);
  expect((await admin.get(`/api/suppressions?contactId=${contactId}`)).body.items).toMatchObject([{ address: "c3@example.org" }]);
});
