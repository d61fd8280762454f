import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";
import { wallClock } from "#test/zones.ts";

let app: TestApp;
let viewer: Client;
let flowId: string;
let contactId: string;

beforeAll(async () => {
  app = await startTestApp();
  viewer = await app.ours.as("viewer");
  flowId = await buildFlow(app.db.owner, app.ours.workspaceId, chain(node("start"), sms(), node("end")));
  contactId = await buildContact(app.db.owner, app.ours.workspaceId, { firstname: "Ann", time_zone: "Pacific/Chatham" });
}, 60_000);
afterAll(() => app.stop());

describe("the next moments of a step", () => {
  const weekdays = node("delay", { mode: "until_time", time: "09:00", weekdays: [1, 2, 3, 4, 5] });
  const ask = (step: object, client = viewer, more = {}) => client.post("/api/step-moments", { flowId, node: step, ...more });

  test("are told to those only who may read flows and contacts", async () => {
    expect((await ask(weekdays, await app.ours.key(["flows:read"]))).status).toBe(403);
    expect((await ask(weekdays, await app.ours.key(["contacts:read"]))).status).toBe(403);
    expect((await ask(weekdays, await app.theirs.as("owner"))).body).toMatchObject({ code: "flow_not_found" });
    const stranger = await buildContact(app.db.owner, app.theirs.workspaceId);
    expect((await ask(weekdays, viewer, { contactId: stranger })).body).toMatchObject({ code: "contact_not_found" });
  });

  test("are refused of a step that does not wait by the clock, or is not set up, with the reason", async () => {
    expect((await ask(sms())).body).toMatchObject({ code: "not_found", error: "This step does not wait by the clock." });
    const { status, body } = await ask(node("delay", { mode: "duration", amount: 400, unit: "days" }));
    expect([status, body.code]).toEqual([422, "flow_invalid"]);
    expect(body.error).toContain("at most 366 days");
  });

  test("are those of the contact’s clock, or of the workspace’s where nobody is chosen", async () => {
    const { body } = await ask(weekdays, viewer, { contactId });
    expect(body).toMatchObject({ contactId, contactName: "Ann Nr 1", zone: "Pacific/Chatham", zoneOf: "contact" });
    expect(body.moments).toHaveLength(3);
    for (const { goesOn, exit } of body.moments) {
      const wall = wallClock(new Date(goesOn), "Pacific/Chatham");
      expect([exit, wall.time, wall.weekday <= 5]).toEqual(["next", "09:00", true]);
    }
    expect([765, 825]).toContain(body.moments[0].offsetMinutes);
    expect((await ask(weekdays, viewer, { contactId: "sample" })).body).toMatchObject({ contactId: null, zoneOf: "workspace" });
  });

  test("of a window are its hours", async () => {
    const { body } = await ask(node("time_window", { days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "24:00" }));
    expect(body.moments).toMatchObject([{ exit: "inside", closes: null }]);
  });
});

describe("a webhook that is tried", () => {
  const secret = 'canary"secret\\4711';
  const heard: { url: string | undefined; authorization: string | undefined; body: string }[] = [];
  const server = createServer(async (req, res) => {
    let body = "";
    for await (const chunk of req) body += chunk;
    const { authorization } = req.headers;
    heard.push({ url: req.url, authorization, body });
    // It repeats the secret wherever it can.
    res.writeHead(req.url === "/no" ? 500 : 200, { "X-Echo": encodeURIComponent(authorization ?? ""), "Set-Cookie": "session=abc" });
    res.end(JSON.stringify({ echo: authorization, order: { id: 7 }, basic: Buffer.from(`u:${secret}`).toString("base64") }));
  });
  let open: TestApp;
  let editor: Client;
  let flow: string;
  let url: string;
  let hostOf: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    hostOf = `127.0.0.1:${port}`;
    url = `http://${hostOf}`;
    open = await startTestApp({ allowPrivateHosts: true, env: { HTTP_EXTRA_PORTS: String(port) } });
    editor = await open.ours.as("editor");
    flow = await buildFlow(open.db.owner, open.ours.workspaceId, chain(node("start"), sms(), node("end")));
    await buildContact(open.db.owner, open.ours.workspaceId, { firstname: "Ann" });
    const admin = await open.ours.as("admin");
    expect((await admin.put("/api/secrets/key", { value: secret, hosts: [hostOf] })).status).toBe(200);
  }, 60_000);
  afterAll(async () => {
    await open.stop();
    server.close();
  });

  const ask = (config: object, client = editor, more = {}) =>
    client.post("/api/webhook-try", { flowId: flow, node: node("webhook", { url, ...config }), ...more });

  test("is called for those only who may edit flows, read contacts, and use secrets where the step names one", async () => {
    expect((await ask({}, await open.ours.as("viewer"))).status).toBe(403);
    expect((await ask({}, await open.ours.key(["flows:write"]))).status).toBe(403);
    const headers = [{ name: "Authorization", value: "Bearer {{ secrets.key }}" }];
    expect((await ask({ headers }, await open.ours.key(["flows:write", "contacts:read"]))).status).toBe(403);
    expect((await ask({}, await open.theirs.as("owner"))).body).toMatchObject({ code: "flow_not_found" });
    const other = { flowId: flow, node: sms() };
    expect((await editor.post("/api/webhook-try", other)).body).toMatchObject({ error: "This step calls no address." });
    expect(heard).toEqual([]);
  });

  test("is not called where a value is missing, a host may not be called, or a secret may not go there", async () => {
    expect((await ask({ url: `${url}/{{ variables.code }}` })).body).toMatchObject({
      outcome: "not_filled",
      missing: ["variables.code"],
      sent: null,
      exit: "error",
    });
    expect((await ask({ url: "http://127.0.0.1:1/" })).body).toMatchObject({ outcome: "refused", exit: "error", status: null });
    const headers = [{ name: "Authorization", value: "{{ secrets.other }}" }];
    expect((await ask({ headers })).body).toMatchObject({ outcome: "refused", message: expect.stringContaining('"other"') });
    expect(heard).toEqual([]);
  });

  test("is called once, as a running flow calls, with the values that earlier steps would have left", async () => {
    const body = { type: "json", json: '{ "name": "{{ firstname }}", "code": "{{ steps.order.code }}" }' };
    const given = await ask({ url: `${url}/{{ variables.code }}`, body }, editor, {
      values: { "variables.code": "a b", "steps.order.code": "X1", "variables.__proto__": "bad" },
    });
    expect(given.body).toMatchObject({
      outcome: "answered",
      status: 200,
      exit: "success",
      contactName: expect.stringMatching(/^Ann/),
      isCut: false,
    });
    expect(heard).toEqual([{ url: "/a%20b", authorization: undefined, body: '{ "name": "Ann", "code": "X1" }' }]);
    // A flow would call again, and who only tries does not.
    expect((await ask({ url: `${url}/no` })).body).toMatchObject({ status: 500, exit: null });
    expect(heard).toHaveLength(2);
  });

  test("shows secrets by their names and nothing else of them, in the answer, the logs and the audit log", async () => {
    const headers = [{ name: "Authorization", value: "Bearer {{ secrets.key }}" }];
    const { body, text } = await ask({ headers, url: `${url}/secret` });
    expect(heard.at(-1)?.authorization).toBe(`Bearer ${secret}`);
    expect(body.sent.headers).toContainEqual({ name: "Authorization", value: "Bearer {{ secrets.key }}" });
    expect(body.headers).toContainEqual({ name: "Set-Cookie", value: "•••" });
    const entries = await open.db.owner.selectFrom("audit_log").selectAll().where("action", "=", "webhook.try").execute();
    expect(entries.at(-1)).toMatchObject({ details: { method: "POST", host: hostOf, outcome: "answered", status: 200 } });
    for (const written of [text, open.logged.join("\n"), JSON.stringify(entries)]) {
      expect(written).not.toContain("canary");
      expect(written).not.toContain(Buffer.from("canary").toString("base64").slice(0, 6));
    }
  });
});
