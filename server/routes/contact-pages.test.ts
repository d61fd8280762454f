import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ContactPlan } from "#contract/contact-plan.ts";
import type { TimelineEntry } from "#contract/contact-timeline.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let editor: Client;
let ada: string;
let flowId: string;
beforeAll(async () => {
  app = await startTestApp();
  editor = await app.ours.as("editor");
  const { owner } = app.db;
  ada = await buildContact(owner, app.ours.workspaceId, { firstname: "Ada", lastname: "Lovelace" });
  flowId = await buildFlow(
    owner,
    app.ours.workspaceId,
    chain(node("start"), sms("Hi"), wait(86_400), sms("Later", {}, "later")),
    "Welcome",
  );
  await send(ada);
  await editor.patch(`/api/contacts/${ada}`, { emailOptedOut: true });
  await owner
    .insertInto("inbound_messages")
    .values({
      workspace_id: app.ours.workspaceId,
      channel: "sms",
      provider: "twilio",
      provider_message_id: "in-1",
      to_address: "+15550001111",
      contact_id: ada,
      body: "Who is this?",
    })
    .execute();
});
afterAll(() => app.stop());

async function send(...ids: string[]): Promise<void> {
  await editor.post("/api/sends", { flowId, selection: { type: "ids", ids }, undoSeconds: 0 });
  await app.driver.runUntilIdle();
}
const timeline = async (id: string, query = "", client = editor) => (await client.get(`/api/contacts/${id}/timeline${query}`)).body;
const plan = async (id: string) => (await editor.get(`/api/contacts/${id}/plan`)).body as ContactPlan;
const seenBy = (item: ContactPlan["items"][number] | undefined) => {
  const { visit, attempt, until } = item?.wait ?? { visit: 0, attempt: 1, until: "2000-01-01T00:00:00Z" };
  return { visit, attempt, until };
};

describe("the time line of a contact", () => {
  test("has messages, replies, flows, steps and consent, the newest first, each with its flow", async () => {
    const items = (await timeline(ada)).items as TimelineEntry[];
    expect(items.map(({ kind }) => kind)).toEqual(["reply", "consent", "message", "step", "begun"]);
    expect(items.map(({ at }) => at)).toEqual(
      items
        .map(({ at }) => at)
        .toSorted()
        .reverse(),
    );
    expect(items[0]).toMatchObject({ kind: "reply", text: "Who is this?", channel: "sms" });
    expect(items[1]).toMatchObject({ kind: "consent", channel: "email", state: "opted_out", actorName: "editor member" });
    expect(items[2]).toMatchObject({ kind: "message", text: "Hi", flowName: "Welcome" });
    expect(items[3]).toMatchObject({ kind: "step", nodeType: "start", label: "Start", status: "completed" });
  });

  test("comes in pages of any size that leave nothing out and repeat nothing, and by kind", async () => {
    const whole = (await timeline(ada)).items as TimelineEntry[];
    for (const limit of [1, 2, 3]) {
      const all: TimelineEntry[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const page: { items: TimelineEntry[]; nextCursor: string | null } = await timeline(
          ada,
          `?limit=${limit}${cursor && `&cursor=${cursor}`}`,
        );
        expect(page.items.length).toBeLessThanOrEqual(limit);
        all.push(...page.items);
        cursor = page.nextCursor;
      }
      expect(all).toEqual(whole);
    }
    const some = (await timeline(ada, "?kinds=consents,replies")).items as TimelineEntry[];
    expect(some.map(({ kind }) => kind)).toEqual(["reply", "consent"]);
    expect((await editor.get(`/api/contacts/${ada}/timeline?kinds=notes`)).status).toBe(400);
  });

  test("is closed to other workspaces, and to keys that may not read messages or executions", async () => {
    const stranger = await app.theirs.as("owner");
    for (const path of ["timeline", "plan"]) {
      expect((await stranger.get(`/api/contacts/${ada}/${path}`)).body.code).toBe("contact_not_found");
      expect((await (await app.ours.key(["contacts:read"])).get(`/api/contacts/${ada}/${path}`)).status).toBe(403);
      expect((await (await app.ours.as("viewer")).get(`/api/contacts/${ada}/${path}`)).status).toBe(200);
    }
    const key = await app.ours.key(["contacts:read", "messages:read", "executions:read", "flows:read"]);
    expect((await key.get(`/api/contacts/${ada}/timeline`)).status).toBe(200);
    expect((await key.get(`/api/contacts/${ada}/plan`)).status).toBe(200);
  });
});

describe("stepping in", () => {
  test("is for editors and for keys that may send, and names the wait that was seen", async () => {
    const { items } = await plan(ada);
    const path = `/api/executions/${items[0]?.executionId}`;
    const seen = seenBy(items[0]);
    for (const act of ["skip", "take-out", "reschedule"]) {
      const body = act === "reschedule" ? { ...seen, at: "2031-01-01T09:00:00Z" } : seen;
      expect((await (await app.ours.as("viewer")).post(`${path}/${act}`, body)).status).toBe(403);
      expect((await (await app.ours.key(["contacts:write", "executions:read"])).post(`${path}/${act}`, body)).status).toBe(403);
      expect((await (await app.theirs.as("owner")).post(`${path}/${act}`, body)).body.code).toBe("execution_not_found");
      expect((await editor.post(`${path}/${act}`, {})).status).toBe(400);
    }
    expect((await plan(ada)).items[0]).toEqual(items[0]);
  });

  test("moves the wait, once for two people, and is written to the audit log", async () => {
    const [item] = (await plan(ada)).items;
    const path = `/api/executions/${item?.executionId}`;
    const [one, other] = await Promise.all([
      editor.post(`${path}/reschedule`, { ...seenBy(item), at: "2031-01-01T09:00:00Z" }),
      (await app.ours.as("admin")).post(`${path}/reschedule`, { ...seenBy(item), at: "2032-01-01T09:00:00Z" }),
    ]);
    expect([one.status, other.status].toSorted()).toEqual([200, 409]);
    expect([one, other].find(({ status }) => status === 409)?.body).toMatchObject({ code: "wait_changed" });
    const [moved] = (await plan(ada)).items;
    expect(["2031-01-01T09:00:00.000Z", "2032-01-01T09:00:00.000Z"]).toContain(moved?.until);
    expect(moved?.steps[0]).toMatchObject({ nodeId: "later", at: moved?.until });
    const log = (await (await app.ours.as("admin")).get("/api/audit-log?limit=5")).body.items;
    expect(log.map(({ action }: { action: string }) => action)).toContain("execution.reschedule");
  });

  test("skips the step, and the time line says who could not wait", async () => {
    const [item] = (await plan(ada)).items;
    expect((await editor.post(`/api/executions/${item?.executionId}/skip`, seenBy(item))).status).toBe(200);
    await app.driver.runUntilIdle();
    const items = (await timeline(ada)).items as TimelineEntry[];
    expect(
      items
        .slice(0, 3)
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(["ended", "message", "step"]);
    expect(items.find(({ kind }) => kind === "step")).toMatchObject({ kind: "step", status: "skipped", reason: "skipped_by_person" });
    expect((await plan(ada)).items).toEqual([]);
  });
});
