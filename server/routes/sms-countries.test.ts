import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let admin: Client;
beforeAll(async () => {
  app = await startTestApp();
  admin = await app.ours.as("admin");
});
afterAll(() => app.stop());

const set = (smsCountries: unknown, who = admin) => who.patch("/api/workspace", { smsCountries });
const lastDetails = async () => (await admin.get("/api/audit-log?subjectType=workspace&limit=1")).body.items[0].details;

test("nobody below an admin says to which countries SMS go, and what is no country is refused", async () => {
  expect((await set(["AT"], await app.ours.as("editor"))).status).toBe(403);
  expect((await set(["Austria"])).status).toBe(400);
  const { status, body } = await set(["AT", "ZZ"]);
  expect([status, body.problems?.[0]?.path ?? body.error?.problems?.[0]?.path]).toEqual([400, "smsCountries.1"]);
});

test("a new workspace sends to its own country, also when it gets another one, until it names some", async () => {
  expect((await admin.patch("/api/workspace", { country: "DE" })).body.smsCountries).toEqual(["DE"]);
  expect(await lastDetails()).toEqual({ before: { country: "US", smsCountries: ["US"] }, country: "DE", smsCountries: ["DE"] });
  expect((await set(["CH", "AT", "CH"])).body.smsCountries).toEqual(["AT", "CH"]);
  expect(await lastDetails()).toEqual({ before: { smsCountries: ["DE"] }, smsCountries: ["AT", "CH"] });
  expect((await admin.patch("/api/workspace", { country: "US" })).body.smsCountries).toEqual(["AT", "CH"]);
  expect((await set([])).body.smsCountries).toEqual([]);
  expect((await set(null)).body.smsCountries).toEqual(["US"]);
});

test("the filter of contacts that can receive SMS, and a test message, go by the list", async () => {
  await admin.post("/api/contacts", { firstname: "Anna", lastname: "Abroad", phoneNumber: "+436641234567" });
  const filter = { tests: [{ field: "can_receive_sms", operator: "is", value: true }] };
  const count = async () => (await admin.get(`/api/contacts/count?filter=${encodeURIComponent(JSON.stringify(filter))}`)).body.total;
  const before = await count();
  const refused = await admin.post("/api/providers/sms/test", { to: "+436641234567" });
  expect([refused.status, JSON.stringify(refused.body)]).toEqual([400, expect.stringContaining("does not send SMS to the country")]);
  const { body: list } = await admin.get("/api/contacts?limit=1&sort=created_at&direction=desc");
  const reach = async () => (await admin.get(`/api/contacts/${list.items[0].id}/reach`)).body;
  expect(await reach()).toEqual({ sms: "country_not_allowed", email: "no_email" });
  await set(["AT", "US"]);
  expect(await reach()).toEqual({ sms: null, email: "no_email" });
  expect(await count()).toBe(before + 1);
  expect((await admin.post("/api/providers/sms/test", { to: "+436641234567" })).status).toBe(200);
});
