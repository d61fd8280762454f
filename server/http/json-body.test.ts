import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const post = async (body: Buffer, path = "/api/contacts", charset?: string) => {
  const editor = await app.ours.as("editor");
  return fetch(app.url + path, {
    method: "POST",
    headers: { ...editor.headers, "content-type": `application/json${charset ? `; charset=${charset}` : ""}` } as HeadersInit,
    body: new Uint8Array(body),
  });
};

test("a body in Latin-1 is refused with 400, and nothing is stored", async () => {
  const answer = await post(Buffer.from('{"firstname":"Jos\u00e9","lastname":"Lee"}', "latin1"));
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, "malformed_json"]);
  expect(await app.db.owner.selectFrom("contacts").select("id").where("workspace_id", "=", app.ours.workspaceId).execute()).toEqual([]);
});

test("a body that is nested a hundred thousand levels deep is refused before it is parsed, on every route", async () => {
  const answer = await post(Buffer.from(`{"metadata":${"[".repeat(100_000)}${"]".repeat(100_000)}}`));
  expect([answer.status, await answer.json()]).toEqual([
    400,
    expect.objectContaining({ code: "malformed_json", error: expect.stringContaining("1,000 levels") }),
  ]);
});

test.each([
  ["lists", "[],"],
  ["numbers in one list", "1,"],
])("a body of more than three hundred thousand %s is refused before it is parsed", async (_, value) => {
  const answer = await post(Buffer.from(`{"metadata":[${value.repeat(320_000)}[]]}`), "/api/contacts/bulk");
  expect([answer.status, await answer.json()]).toEqual([
    400,
    expect.objectContaining({ code: "malformed_json", error: expect.stringContaining("300,000 values") }),
  ]);
});

test.each([
  ["a list of wrong values", { selection: { type: "ids", ids: Array.from({ length: 1_000 }, () => "no id") } }],
  ["names that nobody knows", Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`name${index}`, 1]))],
])("of %s the first two hundred are told, because nobody reads more", async (_, body) => {
  const answer = await post(Buffer.from(JSON.stringify(body)), "/api/contacts/bulk");
  expect([answer.status, ((await answer.json()) as { problems: unknown[] }).problems.length]).toEqual([400, 200]);
});

test.each(["utf-16", "utf-16le", "UTF-16BE", "utf-32", "utf-7"])(
  "a body in %s is refused unread, because its values would not be counted",
  async (charset) => {
    const answer = await post(Buffer.from(`{"metadata":[${"[],".repeat(1_000)}[]]}`, "utf16le"), "/api/contacts", charset);
    expect([answer.status, await answer.json()]).toEqual([415, expect.objectContaining({ code: "unsupported_media_type" })]);
  },
);

test("an integer beyond 2^53 keeps its digits, on the way in and out", async () => {
  const answer = await post(Buffer.from('{"firstname":"Ann","lastname":"Lee","metadata":{"order":7615917337495251231,"small":7}}'));
  const contact = (await answer.json()) as { id: string; metadata: object };
  expect(contact.metadata).toEqual({ order: "7615917337495251231", small: 7 });
  await app.db.owner.updateTable("contacts").set({ metadata: '{"order":7615917337495251231}' }).where("id", "=", contact.id).execute();
  const editor = await app.ours.as("editor");
  expect((await editor.get(`/api/contacts/${contact.id}`)).body.metadata).toEqual({ order: "7615917337495251231" });
});
