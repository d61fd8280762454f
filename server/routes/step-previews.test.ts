import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deleteExpiredRows } from "#db/queries/expired-rows.ts";
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
  contactId = await buildContact(app.db.owner, app.ours.workspaceId, { firstname: "Ann", lastname: "Lee", time_zone: "Pacific/Chatham" });
});
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
    expect(body).toMatchObject({ contactId, contactName: "Ann Lee", zone: "Pacific/Chatham", zoneOf: "contact" });
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

describe("the result of a step", () => {
  const update = (changes: object[]) => node("update_contact", { changes });
  const ask = (step: object, client = viewer, more = {}) => client.post("/api/step-result", { flowId, node: step, ...more });
  const renamed = update([{ field: "firstname", operation: "set", value: "Bea" }]);

  test("is refused where more values are given than a step could read", async () => {
    const values = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`trigger.order.field${index}`, "x"]));
    const { status, body } = await ask(renamed, viewer, { values });
    expect([status, body.problems]).toEqual([400, [{ path: "values", message: "No more than 500 values can be given" }]]);
  });

  test("is told to those only who may read flows and contacts, and of their own contacts", async () => {
    expect((await ask(renamed, await app.ours.key(["flows:read"]))).status).toBe(403);
    expect((await ask(renamed, await app.ours.key(["contacts:read"]))).status).toBe(403);
    expect((await ask(renamed, await app.theirs.as("owner"))).body).toMatchObject({ code: "flow_not_found" });
    const stranger = await buildContact(app.db.owner, app.theirs.workspaceId);
    expect((await ask(renamed, viewer, { contactId: stranger })).body).toMatchObject({ code: "contact_not_found" });
  });

  test("is refused of a step that changes nothing, or is not set up", async () => {
    expect((await ask(sms())).body).toMatchObject({
      code: "not_found",
      error: "This step changes nothing of a contact and keeps no value.",
    });
    expect((await ask(update([]))).status).toBe(422);
  });

  test("is what the fields are and would become, and nothing is written", async () => {
    const changes = [
      { field: "firstname", operation: "set", value: "{{ firstname }} Bea {{ variables.code }}" },
      { field: "lead_status", operation: "set", value: "new" },
      { field: "tags", operation: "add_tag", value: "vip" },
    ];
    const { body } = await ask(update(changes), viewer, { contactId, values: { "variables.code": "X1" } });
    expect(body).toMatchObject({ contactId, contactName: "Ann Lee", reason: null, problem: null });
    // The status is spelled as the list of the workspace spells it.
    expect(body.result.changes).toEqual({
      firstname: { before: "Ann", after: "Ann Bea X1" },
      lead_status: { before: null, after: "New" },
      tags: { before: null, after: '["vip"]' },
    });
    const stored = await app.db.owner
      .selectFrom("contacts")
      .select(["firstname", "metadata"])
      .where("id", "=", contactId)
      .executeTakeFirst();
    expect(stored).toEqual({ firstname: "Ann", metadata: {} });
  });

  test("says which of the changes cannot be made, and why", async () => {
    const { body } = await ask(update([{ field: "email", operation: "set", value: "nobody" }]), viewer, { contactId });
    expect(body).toMatchObject({ reason: "bad_value", result: { change: 1, field: "email" } });
    expect(body.problem).toContain("is not an e-mail address");
    const big = "x".repeat(2_000);
    const many = Array.from({ length: 20 }, (_, at) => ({
      field: `metadata.a${at}`,
      operation: "set",
      value: "{{ variables.big }}".repeat(5),
    }));
    const tooMuch = await ask(update(many), viewer, { contactId, values: { "variables.big": big } });
    expect(tooMuch.body).toMatchObject({ reason: "bad_value", problem: expect.stringContaining("too large") });
  });

  test("of a wish is what the contact wants then; a channel that the contact closed stays closed", async () => {
    const closed = await buildContact(app.db.owner, app.ours.workspaceId, { sms_opted_out_at: new Date() });
    const wish = { sms: "opt_in", email: "opt_out", reason: "On the phone" };
    const { body } = await ask(node("consent", wish), viewer, { contactId: closed });
    expect(body.result).toMatchObject({
      before: { sms_opted_out: true, email_opted_out: false },
      after: { sms_opted_out: false, email_opted_out: true },
    });
    const stopped = await buildContact(app.db.owner, app.ours.workspaceId);
    const byThemselves = { sms_opted_out_at: new Date(), opt_out_source: "stop" };
    await app.db.owner.updateTable("contacts").set(byThemselves).where("id", "=", stopped).execute();
    const refused = await ask(node("consent", wish), viewer, { contactId: stopped });
    expect(refused.body.result).toMatchObject({ after: { sms_opted_out: true }, refused: ["sms"], because: "stopped" });
  });

  test("of a variable is its value, or what is missing for it", async () => {
    const greeting = { name: "greeting", value: "Hello {{ firstname }}" };
    expect((await ask(node("set_variable", greeting), viewer, { contactId })).body.result).toEqual({
      name: "greeting",
      value: "Hello Ann",
    });
    const missing = await ask(node("set_variable", { name: "a", value: "{{ custom.none }}" }), viewer, { contactId });
    expect(missing.body.result).toEqual({ name: "a", value: null, missing: ["custom.none"] });
    const { body } = await ask(node("set_variable", { ...greeting, as: "number" }), viewer, { contactId });
    expect(body).toMatchObject({ reason: "bad_value", problem: expect.stringContaining("is no number") });
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
  });
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

  describe("leaves its last answer", () => {
    const samples = (client = editor, of = flow) => client.get(`/api/flows/${of}/webhook-samples`);
    const kept = async () => (await samples()).body.items;

    test("to those only who may try it", async () => {
      await ask({ url: `${url}/kept` });
      expect((await samples(await open.ours.as("viewer"))).status).toBe(403);
      expect((await samples(await open.ours.key(["flows:write"]))).status).toBe(403);
      expect((await samples(await open.theirs.as("owner"))).body).toMatchObject({ code: "flow_not_found" });
      expect(await kept()).toMatchObject([{ nodeId: "webhook", status: 200, isCut: false, triedByName: expect.any(String) }]);
      expect(JSON.parse((await kept())[0].body)).toMatchObject({ order: { id: 7 } });
    });

    test("in the place of the one before, and not where none came", async () => {
      await ask({ url: `${url}/no` });
      expect(await kept()).toMatchObject([{ status: 500 }]);
      await ask({ url: "http://127.0.0.1:1/" });
      expect(await kept()).toMatchObject([{ status: 500 }]);
    });

    test("without its headers, and without the value of a secret", async () => {
      await ask({ url: `${url}/secret`, headers: [{ name: "Authorization", value: "Bearer {{ secrets.key }}" }] });
      const rows = await open.db.owner.selectFrom("webhook_samples").selectAll().execute();
      const written = JSON.stringify(rows);
      expect(rows).toHaveLength(1);
      for (const word of ["canary", Buffer.from("canary").toString("base64").slice(0, 6), "session=abc"])
        expect(written).not.toContain(word);
    });

    test("for seven days, and no longer than the contact is here", async () => {
      const { workspaceId } = open.ours;
      const age = (days: number) =>
        open.db.owner
          .updateTable("webhook_samples")
          .set({ tried_at: new Date(Date.now() - days * 86_400_000) })
          .execute();
      await ask({ url: `${url}/kept` });
      await age(6.9);
      await deleteExpiredRows(open.db.owner);
      expect(await kept()).toHaveLength(1);
      await age(7.1);
      expect(await kept()).toEqual([]);
      await deleteExpiredRows(open.db.owner);
      expect(await open.db.owner.selectFrom("webhook_samples").selectAll().execute()).toEqual([]);

      const bob = await buildContact(open.db.owner, workspaceId, { firstname: "Bob" });
      await ask({ url: `${url}/kept` }, editor, { contactId: bob });
      await open.db.owner.deleteFrom("contacts").where("id", "=", bob).execute();
      expect(await kept()).toEqual([]);
    });
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
