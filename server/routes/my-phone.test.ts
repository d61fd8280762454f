import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addMember } from "#db/queries/members.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let editor: Client;

const phone = "+14155550123";
beforeAll(async () => {
  app = await startTestApp();
  editor = await app.ours.as("editor");
});
afterAll(() => app.stop());
beforeEach(async () => {
  await app.db.owner.deleteFrom("private.rate_limits").execute();
  await app.db.owner.deleteFrom("private.member_phones").execute();
  await app.db.owner.deleteFrom("messages").execute();
});

const texts = async () =>
  (await app.db.owner.selectFrom("messages").select(["to_address", "body", "is_test"]).orderBy("created_at").execute()).map((row) => row);
const give = (typed = "(415) 555-0123", client = editor) => client.put("/api/my-phone", { phone: typed });
const prove = (code: string, client = editor) => client.post("/api/my-phone/proof", { code });
const lastCode = async () => /^\d{6}/.exec((await texts()).at(-1)?.body ?? "")?.[0] ?? "";
const otherThan = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, "0");

describe("the number of a telephone is refused", () => {
  test("to viewers, keys and strangers", async () => {
    expect((await give(phone, await app.ours.as("viewer"))).status).toBe(403);
    expect((await give(phone, await app.ours.key(["flows:write", "flows:send"]))).status).toBe(403);
    expect(await texts()).toEqual([]);
  });

  test("where it is none, is in a country to which the workspace sends nothing, or wants no messages", async () => {
    for (const typed of ["", "home", "+436641234567"]) expect((await give(typed)).body.code, typed).toBe("invalid_request");
    const { workspaceId } = app.ours;
    await app.db.owner
      .insertInto("suppressions")
      .values({ workspace_id: workspaceId, channel: "sms", address: phone, reason: "opted_out_sms" })
      .execute();
    expect((await give()).body).toMatchObject({ code: "invalid_request", problems: [{ path: "phone" }] });
    await app.db.owner.deleteFrom("suppressions").execute();
    expect(await texts()).toEqual([]);
  });

  test("the fourth time in ten minutes, so that nobody is flooded with codes", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => give()));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429]);
  });
});

describe("a code is refused", () => {
  test("that was never sent, has another length, or is another one", async () => {
    expect((await prove("123456")).body).toMatchObject({
      problems: [{ path: "code", message: expect.stringContaining("No code was sent") }],
    });
    await give();
    const code = await lastCode();
    for (const wrong of [otherThan(code), "12345", "1234567", "abcdef"]) expect((await prove(wrong)).status, wrong).toBe(400);
    expect((await editor.get("/api/my-phone")).body).toEqual({ phone, isProven: false });
  });

  test("of somebody else, and of the number before", async () => {
    await give();
    const code = await lastCode();
    const admin = await app.ours.as("admin");
    expect((await prove(code, admin)).status).toBe(400);
    await give("+14155550199");
    const now = await lastCode();
    if (now !== code) expect((await prove(code)).status).toBe(400);
    expect((await prove(now)).body).toEqual({ phone: "+14155550199", isProven: true });
  });

  test("after five wrong ones, although it is right, also when they come at once; and after ten minutes", async () => {
    await give();
    const code = await lastCode();
    const tries = await Promise.all(Array.from({ length: 8 }, () => prove(otherThan(code))));
    expect(tries.every(({ status }) => status === 400)).toBe(true);
    expect((await prove(code)).body.problems[0].message).toContain("counts no longer");
    await give();
    await app.db.owner
      .updateTable("private.member_phones")
      .set({ code_expires_at: new Date(0) })
      .execute();
    expect((await prove(await lastCode())).body.problems[0].message).toContain("counts no longer");
  });
});

test("a code that is given proves the number; then messages go there, filled in for the contact, and no longer once it is taken away", async () => {
  const { workspaceId } = app.ours;
  const step = sms("Hi {{ firstname }}, your code is nobody’s");
  const flowId = await buildFlow(app.db.owner, workspaceId, chain(node("start"), step, node("end")));
  const contactId = await buildContact(app.db.owner, workspaceId, { firstname: "Ann" });
  const send = () => editor.post("/api/message-to-me", { flowId, node: step, contactId });

  expect((await give()).body).toEqual({ phone, isProven: false });
  expect((await send()).body.code).toBe("provider_refused");
  const code = await lastCode();
  expect(await texts()).toEqual([
    { to_address: phone, body: expect.stringMatching(/^\d{6} is your code for test messages of /), is_test: true },
  ]);
  expect((await prove(`${code.slice(0, 3)} ${code.slice(3)}`)).body).toEqual({ phone, isProven: true });
  expect((await send()).status).toBe(200);
  expect((await texts()).at(-1)).toMatchObject({ to_address: phone, body: expect.stringMatching(/^Hi Ann, your code/) });

  const stored = await app.db.owner.selectFrom("private.member_phones").selectAll().executeTakeFirstOrThrow();
  expect(JSON.stringify(stored)).not.toContain(code);
  const { body } = await (await app.ours.as("admin")).get("/api/audit-log");
  const told = JSON.stringify(body.items);
  expect(body.items.map(({ action }: { action: string }) => action)).toEqual(
    expect.arrayContaining(["member.phone", "member.phone_proven"]),
  );
  expect(told).not.toContain("4155550123");

  expect((await editor.delete("/api/my-phone")).status).toBe(200);
  await app.db.owner.deleteFrom("private.rate_limits").execute();
  expect((await send()).body.code).toBe("provider_refused");
  expect((await editor.get("/api/my-phone")).body).toEqual({ phone: null, isProven: false });
});

test("the number goes with the membership, and no other workspace knows it", async () => {
  const { client, userId } = await app.signUp();
  await addMember(app.db.owner, { workspaceId: app.ours.workspaceId, userId, role: "editor" });
  await addMember(app.db.owner, { workspaceId: app.theirs.workspaceId, userId, role: "editor" });
  const [inOurs, inTheirs] = [app.ours, app.theirs].map(({ workspaceId }) => client.with({ "x-workspace-id": workspaceId }));
  const given = await (inOurs as Client).put("/api/my-phone", { phone });
  expect(given.status, JSON.stringify(given.body)).toBe(200);
  expect((await (inTheirs as Client).get("/api/my-phone")).body).toEqual({ phone: null, isProven: false });
  await app.db.owner
    .deleteFrom("workspace_members")
    .where("workspace_id", "=", app.ours.workspaceId)
    .where("user_id", "=", userId)
    .execute();
  expect(await app.db.owner.selectFrom("private.member_phones").selectAll().where("user_id", "=", userId).execute()).toEqual([]);
});
