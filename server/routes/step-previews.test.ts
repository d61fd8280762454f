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
