import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, email, node, sms } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let editor: Client;
let flowId: string;

beforeAll(async () => {
  app = await startTestApp();
  editor = await app.ours.as("editor");
  flowId = await buildFlow(app.db.owner, app.ours.workspaceId, chain(node("start"), sms(), node("end")));
  await buildContact(app.db.owner, app.ours.workspaceId, { firstname: "Ann" });
});
afterAll(() => app.stop());

const ask = (step: object, client = editor, more = {}) => client.post("/api/message-preview", { flowId, node: step, ...more });

describe("a message that is being written", () => {
  test("is shown to those only who may read flows and contacts", async () => {
    expect((await ask(sms(), await app.ours.key(["flows:read"]))).status).toBe(403);
    expect((await ask(sms(), await app.ours.key(["contacts:read"]))).status).toBe(403);
    expect((await ask(sms(), await app.theirs.as("owner"))).body).toMatchObject({ code: "flow_not_found" });
    const key = await app.ours.key(["flows:read", "contacts:read"]);
    expect((await ask(sms("Hi {{ firstname }}"), key)).body).toMatchObject({ message: { text: "Hi Ann" }, removed: [] });
    const survey = { flowId, node: sms() };
    expect((await (await app.ours.key(["flows:read"])).post("/api/message-survey", survey)).status).toBe(403);
    expect((await key.post("/api/message-survey", survey)).body).toMatchObject({ looked: 1, isAll: true });
  });

  test("is refused where it is far too large, and where the step is not set up, with the reason", async () => {
    expect((await ask(email("Hi", { html: "x".repeat(5_000_000) }))).status).toBe(413);
    const { status, body } = await ask(email("Hi", { html: `<p>${"x".repeat(100_000)}</p>` }));
    expect([status, body.code]).toEqual([422, "flow_invalid"]);
    expect(body.error).toContain("html");
  });

  test("has its HTML cleaned as it will be sent, a plain text of it, and says what was taken away", async () => {
    const html =
      '<p onclick="x()">Hello {{ firstname | default: "there" }}</p><style>p{}</style><table bgcolor="#fff"><tr><td>1</td></tr></table>';
    const { body } = await ask(email("Hi", { text: "", html }));
    expect(body.message.html).toMatch(/^<p>Hello Ann<\/p><table bgcolor="#fff"><tr><td>1<\/td><\/tr><\/table><p style=/);
    expect(body.message.text).toMatch(/^Hello Ann\n\n1\n\n-- \nOurs\nUnsubscribe: .*\/u\/preview\n$/);
    expect(body.textTemplate).toBe('Hello {{ firstname | default: "there" }}\n\n1');
    expect(body.removed).toEqual([
      { what: "onclick", count: 1 },
      { what: "style", count: 1 },
    ]);
  });
});

describe("the HTML of an e-mail that may not be sent", () => {
  const bad = email("Hi", { text: "", html: "<p>a</p><script>alert(1)</script>" });
  const odd = email("Hi", { text: "", html: "<style>p{}</style><p>a</p>" });

  test("is refused where a flow is saved with a script, and the refusal names it", async () => {
    const { status, body } = await editor.post("/api/flows", { name: "Scripted", ...chain(node("start"), bad, node("end")) });
    expect([status, body.code]).toEqual([422, "flow_invalid"]);
    expect(body.problems).toMatchObject([{ code: "html_unsafe", field: "html", message: expect.stringContaining("<script>") }]);
  });

  test("stays in a draft as it was typed, which cannot be published before the script is gone", async () => {
    const { body: draft } = await editor.get(`/api/flows/${flowId}/draft`);
    const put = (one: object) => [{ ...one, id: "email" }];
    const save = (baseRevision: string, one: object) =>
      editor.patch(`/api/flows/${flowId}/draft`, { baseRevision, nodes: { put: put(one), drop: [] } });
    const saved = await save(draft.revision, bad);
    expect(saved.body.problems).toContainEqual(expect.objectContaining({ code: "html_unsafe", severity: "error", nodeId: "email" }));
    const read = await editor.get(`/api/flows/${flowId}/draft`);
    expect(read.body.nodes.find(({ id }: { id: string }) => id === "email").data.config.html).toBe(bad.data.config?.html);
    expect((await editor.post(`/api/flows/${flowId}/publish`, { revision: saved.body.revision })).body).toMatchObject({
      code: "flow_invalid",
    });
    const mended = await save(saved.body.revision, odd);
    expect(mended.body.problems).toContainEqual(
      expect.objectContaining({
        code: "html_cleaned",
        severity: "warning",
        message: expect.stringContaining("taken away before it is sent: style"),
      }),
    );
  });

  test("is taken away when it is sent, whoever wrote it into the flow", async () => {
    const contact = await buildContact(app.db.owner, app.ours.workspaceId, { firstname: "Bo" });
    const past = await buildFlow(app.db.owner, app.ours.workspaceId, chain(node("start"), bad, node("end")));
    await editor.post("/api/sends", { flowId: past, selection: { type: "ids", ids: [contact] } });
    await app.driver.runUntilIdle();
    const sent = await app.db.owner.selectFrom("messages").selectAll().where("contact_id", "=", contact).execute();
    expect(sent).toMatchObject([{ html: expect.stringMatching(/^<p>a<\/p><p style=/), body: expect.stringMatching(/^a\n\n-- \n/) }]);
  });
});
