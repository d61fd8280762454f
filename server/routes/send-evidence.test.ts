import { createHash } from "node:crypto";
import { parse } from "csv-parse/sync";
import { strFromU8, unzipSync } from "fflate";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, email, node, sms } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let admin: Client;
let people: string[];
let sendId: string;

beforeAll(async () => {
  app = await startTestApp();
  await app.resources.engine.start();
  admin = await app.ours.as("admin");
  const { owner } = app.db;
  const { workspaceId } = app.ours;
  const flowId = await buildFlow(owner, workspaceId, chain(node("start"), sms("Hi {{ firstname }}"), email("News"), node("end")), "Spring");
  people = await Promise.all([
    buildContact(owner, workspaceId, { firstname: "=1+1" }),
    buildContact(owner, workspaceId, { firstname: "Zoë", phone_e164: null }),
    buildContact(owner, workspaceId, { dnc: true }),
  ]);
  await sql`insert into contact_consents (workspace_id, contact_id, channel, state, source, text_shown, given_at, created_at)
    values (${workspaceId}, ${people[0]}, 'sms', 'opted_in', 'form', 'I want news by SMS', now() - interval '2 days', now() - interval '2 days'),
      (${workspaceId}, ${people[0]}, 'sms', 'opted_in', 'later', null, now() + interval '1 day', now() + interval '1 day'),
      (${workspaceId}, ${people[0]}, 'email', 'opted_in', 'paper', null, now() - interval '3 days', now() - interval '3 days')`.execute(
    owner,
  );
  const { body } = await admin.post("/api/sends", { flowId, selection: { type: "ids", ids: people }, undoSeconds: 0 });
  sendId = body.send.id;
  await app.driver.runUntilIdle();
});
afterAll(async () => {
  await app.resources.engine.stop();
  await app.stop();
});

const read = async (client: Client, id = sendId) => {
  const response = await client.fetch(`/api/sends/${id}/evidence`);
  return { status: response.status, headers: response.headers, bytes: new Uint8Array(await response.arrayBuffer()) };
};
const rows = (text: string): Record<string, string>[] => parse(text, { columns: true, bom: true });

describe("the evidence of a send", () => {
  test.each(["editor", "viewer"] as const)("is refused to an %s, because it holds what all its contacts were sent", async (role) => {
    expect((await read(await app.ours.as(role))).status).toBe(403);
  });

  test("is refused to API keys, and of a send of another workspace as if there were none", async () => {
    expect((await read(await app.ours.key(["executions:read", "contacts:read"]))).status).toBe(403);
    expect((await read(await app.theirs.as("admin"))).status).toBe(404);
  });

  test("is a ZIP whose sums another program finds right", async () => {
    const { status, headers, bytes } = await read(admin);
    expect([status, headers.get("content-type")]).toEqual([200, "application/zip"]);
    const files = unzipSync(bytes);
    const sums = strFromU8(files.SHA256SUMS as Uint8Array)
      .trim()
      .split("\n")
      .map((line) => line.split("  "));
    expect(sums.map(([, name]) => name).toSorted()).toEqual(
      Object.keys(files)
        .filter((name) => name !== "SHA256SUMS")
        .toSorted(),
    );
    for (const [sum, name] of sums)
      expect(
        createHash("sha256")
          .update(files[name as string] as Uint8Array)
          .digest("hex"),
        name,
      ).toBe(sum);
  });

  test("holds everybody who was selected once, every message with the consent that stood then, and who pressed", async () => {
    const files = unzipSync((await read(admin)).bytes);
    const text = (name: string) => strFromU8(files[name] as Uint8Array);
    const enrolled = rows(text("enrolled.csv"));
    const left = rows(text("not-enrolled.csv"));
    expect([...enrolled, ...left].map(({ contact_id }) => contact_id).toSorted()).toEqual(people.toSorted());

    const messages = rows(text("messages.csv"));
    const of = (contact: string | undefined, channel: string) =>
      messages.find((one) => one.contact_id === contact && one.channel === channel);
    expect(of(people[0], "sms")).toMatchObject({
      status: "sent",
      consent_source: "form",
      consent_text_shown: "I want news by SMS",
      text: "Hi =1+1",
    });
    expect(of(people[0], "email")).toMatchObject({ consent_source: "paper" });
    expect(of(people[1], "email")).toMatchObject({ status: "sent", consent: "" });

    const { send, selection, isOver } = JSON.parse(text("send.json"));
    expect([send.id, send.total, isOver, selection.type]).toEqual([sendId, 3, true, "ids"]);
    expect(messages.filter(({ status }) => status === "sent")).toHaveLength(
      send.messageCounts
        .filter(({ outcome }: { outcome: string }) => ["sent", "captured"].includes(outcome))
        .reduce((sum: number, one: { count: number }) => sum + one.count, 0),
    );
    const { hash } = JSON.parse(text("flow.json"));
    const { rows: stored } = await sql<{ hash: string }>`select v.hash from flow_versions v join flow_sends s on s.flow_version_id = v.id
      where s.id = ${sendId}`.execute(app.db.owner);
    expect(hash).toBe(stored[0]?.hash);
    expect(JSON.parse(text("acts.json")).map(({ action }: { action: string }) => action)).toContain("send.create");
  });

  test("has no cell that a spreadsheet would run", async () => {
    const files = unzipSync((await read(admin)).bytes);
    for (const [name, bytes] of Object.entries(files).filter(([name]) => name.endsWith(".csv"))) {
      const cells = parse(strFromU8(bytes), { bom: true }).flat() as string[];
      expect(
        cells.filter((cell) => /^[=@\t\r]/.test(cell)),
        name,
      ).toEqual([]);
    }
  });

  test("is written to the audit log with its send", async () => {
    const entries = await app.db.owner
      .selectFrom("audit_log")
      .select(["subject_id", "actor_name"])
      .where("action", "=", "send.evidence")
      .execute();
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.every(({ subject_id }) => subject_id === sendId)).toBe(true);
  });

  test("of a contact who was erased since has neither name nor address", async () => {
    await app.resources.engine.deleteContacts({
      workspaceId: app.ours.workspaceId,
      selection: { type: "ids", ids: [people[1] as string] },
      actor: { id: "0190b8a0-0000-7000-8000-000000000000", name: "Test" },
    });
    await app.resources.engine.eraseContacts({
      workspaceId: app.ours.workspaceId,
      ids: [people[1] as string],
      actor: { id: null, name: "Test" },
    });
    const files = unzipSync((await read(admin)).bytes);
    const everything = Object.values(files)
      .map((bytes) => strFromU8(bytes))
      .join("\n");
    expect(everything).not.toContain("Zoë");
    expect(rows(strFromU8(files["messages.csv"] as Uint8Array)).filter(({ contact_id }) => contact_id === people[1])).toEqual([]);
  });
});
