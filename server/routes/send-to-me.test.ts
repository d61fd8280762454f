import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, email, node, sms } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let editor: Client;
let flowId: string;
let ann: string;

beforeAll(async () => {
  app = await startTestApp();
  editor = await app.ours.as("editor");
  flowId = await buildFlow(app.db.owner, app.ours.workspaceId, chain(node("start"), email("Hi"), node("end")));
  ann = await buildContact(app.db.owner, app.ours.workspaceId, { firstname: "Ann", email: "ann@example.com" });
});
afterAll(() => app.stop());
// Ten seconds are over.
beforeEach(() => app.db.owner.deleteFrom("private.rate_limits").execute());

const html = '<p onclick="x()">Hello {{ firstname }}</p>';
const step = email("For {{ firstname }}", { text: "", html });
const send = (client = editor, more: object = {}) => client.post("/api/message-to-me", { flowId, node: step, contactId: ann, ...more });
const sent = () =>
  app.db.owner
    .selectFrom("messages")
    .select(["to_address", "subject", "body", "html", "is_test", "status", "contact_id", "flow_execution_id"])
    .where("workspace_id", "=", app.ours.workspaceId)
    .execute();
const myAddress = async (client: Client) => (await client.get("/api/session")).body.user.email as string;

describe("a message to me is refused", () => {
  test("to a viewer, a key, a stranger, and whoever names somebody else as the recipient", async () => {
    expect((await send(await app.ours.as("viewer"))).status).toBe(403);
    expect((await send(await app.ours.key(["flows:read", "contacts:read", "flows:send"]))).status).toBe(403);
    expect((await send(await app.theirs.as("owner"))).body.code).toBe("flow_not_found");
    for (const more of [{ to: "victim@example.com" }, { email: "victim@example.com" }]) expect((await send(editor, more)).status).toBe(400);
    expect(await sent()).toEqual([]);
  });

  test("where my address may not be written to: suppressed, or a contact with it who wants none", async () => {
    const to = await myAddress(editor);
    const { workspaceId } = app.ours;
    await app.db.owner
      .insertInto("suppressions")
      .values({ workspace_id: workspaceId, channel: "email", address: to.toLowerCase(), reason: "bounced_hard" })
      .execute();
    expect((await send()).body).toMatchObject({ code: "provider_refused", error: expect.stringContaining(to) });
    await app.db.owner.deleteFrom("suppressions").where("workspace_id", "=", workspaceId).execute();
    const me = await buildContact(app.db.owner, workspaceId, { email: to.toUpperCase(), email_opted_out_at: new Date() } as never);
    expect((await send()).body.code).toBe("provider_refused");
    await app.db.owner.deleteFrom("contacts").where("id", "=", me).execute();
    expect(await sent()).toEqual([]);
  });

  test("as a text message, while no telephone was proven to be mine, and where a field of it has no value", async () => {
    expect((await send(editor, { node: sms() })).body).toMatchObject({
      code: "provider_refused",
      error: expect.stringContaining("telephone"),
    });
    expect((await send(editor, { node: email("{{ custom.nothing }}") })).body.error).toContain("cannot be sent");
    expect(await sent()).toEqual([]);
  });
});

test("a message to me arrives at my own address, as the contact of the preview would get it, once in ten seconds", async () => {
  const answers = await Promise.all(Array.from({ length: 4 }, () => send()));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 429, 429, 429]);
  expect(answers.find(({ status }) => status === 429)?.body.code).toBe("too_many_requests");
  expect(await sent()).toEqual([
    {
      to_address: await myAddress(editor),
      subject: "For Ann",
      // Who looks at it is not the contact, so its link changes nothing.
      body: expect.stringMatching(/^Hello Ann\n\n-- \n[\s\S]*\/u\/preview\n$/),
      html: expect.stringMatching(/^<p>Hello Ann<\/p><p style=/),
      is_test: true,
      status: "sent",
      contact_id: null,
      flow_execution_id: null,
    },
  ]);
  const admin = await app.ours.as("admin");
  const { body } = await admin.get("/api/audit-log");
  expect(body.items).toContainEqual(expect.objectContaining({ action: "message.to_me", subjectId: flowId, details: { step: step.id } }));
});
