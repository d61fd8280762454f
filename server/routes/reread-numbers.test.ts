import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const addAll = async (numbers: [typed: string, e164: string | null][]) => {
  const workspace_id = app.ours.workspaceId;
  await app.db.owner.deleteFrom("contacts").where("workspace_id", "=", workspace_id).execute();
  const values = numbers.map(([phone_number, phone_e164]) => ({
    workspace_id,
    id: randomUUID(),
    firstname: phone_number,
    lastname: "",
    phone_number,
    phone_e164,
  }));
  await app.db.owner
    .insertInto("contacts")
    .values(values as never)
    .execute();
};
const numbers = async () => {
  const rows = await app.db.owner
    .selectFrom("contacts")
    .select(["phone_number", "phone_e164"])
    .where("workspace_id", "=", app.ours.workspaceId)
    .execute();
  return Object.fromEntries(rows.map(({ phone_number, phone_e164 }) => [phone_number, phone_e164]));
};
const given: [string, string | null][] = [
  ["0664 1234567", null],
  ["+43 664 1234568", "+436641234568"],
  ["(415) 555-2671", "+14155552671"],
  ["6641234569", "+16641234569"],
  ["07911 123456", "+447911123456"],
  ["call me", null],
];

test("numbers that could not be read are read again in the workspace's new country, and their number is told before", async () => {
  const admin = await app.ours.as("admin");
  await admin.patch("/api/workspace", { country: "US" });
  await addAll(given);
  expect((await admin.get("/api/workspace/numbers?country=AT")).body).toEqual({ unreadable: 1, otherwise: expect.any(Number) });
  expect((await admin.patch("/api/workspace", { country: "AT" })).status).toBe(200);
  expect(await numbers()).toEqual({ ...Object.fromEntries(given), "0664 1234567": "+436641234567" });
});

test("numbers that were read as of the old country are read again only where that is asked for", async () => {
  const admin = await app.ours.as("admin");
  await admin.patch("/api/workspace", { country: "DE" });
  await addAll([
    ["0171 1234567", "+491711234567"],
    ["0660 1234567", null],
    ["07911 123456", "+447911123456"],
  ]);
  await admin.patch("/api/workspace", { country: "GB", rereadNumbers: "all" });
  const after = await numbers();
  expect(after["07911 123456"]).toBe("+447911123456");
  await admin.patch("/api/workspace", { country: "AT" });
  expect((await numbers())["0660 1234567"]).toBe("+436601234567");
});

test("a viewer may not ask, and a country that does not exist is refused", async () => {
  expect((await (await app.ours.as("viewer")).get("/api/workspace/numbers?country=AT")).status).toBe(403);
  expect((await (await app.ours.as("admin")).get("/api/workspace/numbers?country=austria")).status).toBe(400);
  expect((await (await app.ours.as("admin")).patch("/api/workspace", { country: "XX" })).status).toBe(400);
});
