import { afterAll, beforeAll, expect, test } from "vitest";
import type { Consent } from "#contract/consents.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { chain, node } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let editor: Client;
beforeAll(async () => {
  app = await startTestApp();
  editor = await app.ours.as("editor");
});
afterAll(() => app.stop());

let made = 0;
const add = async (body: object = {}) => {
  made += 1;
  const { body: contact } = await editor.post("/api/contacts", { firstname: `Nr ${made}`, phoneNumber: `+1415555${2600 + made}`, ...body });
  return contact as { id: string; smsOptedOutAt: string | null; emailOptedOutAt: string | null };
};
const change = (id: string, body: object) => editor.patch(`/api/contacts/${id}`, body);
const history = async (id: string) => (await editor.get(`/api/contacts/${id}/consents`)).body.items as Consent[];
const given = { where: "Paper form at the spring fair", givenAt: "2026-05-03" };

test("an opt-out is not taken back by a switch", async () => {
  const { id, smsOptedOutAt } = await add({ smsOptedOut: true, emailOptedOut: true, dnc: true });
  for (const body of [{ smsOptedOut: false }, { emailOptedOut: false }, { dnc: false }, { smsOptedOut: false, emailOptedOut: true }]) {
    const { status, body: refusal } = await change(id, body);
    expect({ status, problems: refusal.problems }, JSON.stringify(body)).toMatchObject({ status: 400, problems: [{ path: "consent" }] });
  }
  for (const consent of [
    {},
    { where: "  ", givenAt: "2026-05-03" },
    { where: "Form", givenAt: "soon" },
    { where: "Form", givenAt: "2999-01-01" },
  ]) {
    expect((await change(id, { smsOptedOut: false, consent })).status, JSON.stringify(consent)).toBe(400);
  }
  expect((await editor.get(`/api/contacts/${id}`)).body).toMatchObject({ smsOptedOutAt, dnc: true, optOutSource: "manual" });
  expect((await history(id)).map(({ state }) => state)).toEqual(["opted_out", "opted_out", "opted_out"]);
});

test("opting in again says where and when, and the history keeps the opt-out beside it", async () => {
  const { id, smsOptedOutAt } = await add({ smsOptedOut: true, emailOptedOut: true });
  const { status, body } = await change(id, { smsOptedOut: false, consent: given });
  expect({ status, body }).toMatchObject({ status: 200, body: { smsOptedOutAt: null, optOutSource: "manual" } });
  expect(body.emailOptedOutAt).not.toBeNull();
  const entries = (await history(id)).filter(({ channel }) => channel === "sms");
  expect(entries).toMatchObject([
    { state: "opted_in", source: "manual", evidence: given.where, givenAt: "2026-05-03T00:00:00.000Z", actorName: "editor member" },
    { state: "opted_out", source: "manual", givenAt: smsOptedOutAt, actorName: "editor member" },
  ]);
  await change(id, { smsOptedOut: true });
  expect((await history(id)).filter(({ channel }) => channel === "sms").map(({ state }) => state)).toEqual([
    "opted_out",
    "opted_in",
    "opted_out",
  ]);
  // The consent of then does not take back the opt-out of today.
  expect((await change(id, { smsOptedOut: false })).status).toBe(400);
});

test.each(["stop", "unsubscribed", "complaint", "reply STOP"])(
  "nobody but the contact takes back a refusal of their own: %s",
  async (source) => {
    const { id } = await add();
    await app.db.owner.updateTable("contacts").set({ sms_opted_out_at: new Date(), opt_out_source: source }).where("id", "=", id).execute();
    // An opt-out by hand on top of it hides nothing.
    await change(id, { emailOptedOut: true });
    const refused = await change(id, { smsOptedOut: false, consent: given });
    expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 409, code: "consent_withdrawn" });
    expect((await change(id, { emailOptedOut: false, consent: given })).status).toBe(200);
  },
);

test("a STOP of the number on the suppression list counts as well, and a bounce does not", async () => {
  const { id } = await add({ phoneNumber: "+14155552671", smsOptedOut: true });
  const of = { workspace_id: app.ours.workspaceId, channel: "sms" as const, address: "+14155552671" };
  await app.db.owner
    .insertInto("suppressions")
    .values({ ...of, reason: "stop" })
    .execute();
  expect((await change(id, { smsOptedOut: false, consent: given })).body.code).toBe("consent_withdrawn");
  await app.db.owner.updateTable("suppressions").set({ reason: "bounced_before" }).where("address", "=", of.address).execute();
  expect((await change(id, { smsOptedOut: false, consent: given })).status).toBe(200);
});

test("whatever else writes contacts cannot take an opt-out away", async () => {
  const { id, smsOptedOutAt } = await add({ smsOptedOut: true, dnc: true });
  await app.db.owner
    .updateTable("contacts")
    .set({ sms_opted_out_at: null, opt_out_source: null, dnc: false })
    .where("id", "=", id)
    .execute();
  expect((await editor.get(`/api/contacts/${id}`)).body).toMatchObject({ smsOptedOutAt, dnc: true, optOutSource: "manual" });
});

test("a flow opts in where it says why, and not after a STOP", async () => {
  const [glad, stopped] = [await add({ smsOptedOut: true }), await add()];
  await app.db.owner
    .updateTable("contacts")
    .set({ sms_opted_out_at: new Date(), opt_out_source: "stop" })
    .where("id", "=", stopped.id)
    .execute();
  const graph = chain(node("start"), node("consent", { sms: "opt_in", reason: "Answered YES to the form" }), node("end"));
  const flow = await app.db.owner
    .insertInto("flows")
    .values({ name: "In", workspace_id: app.ours.workspaceId, nodes: JSON.stringify(graph.nodes), edges: JSON.stringify(graph.edges) })
    .returning("id")
    .executeTakeFirstOrThrow();
  await editor.post("/api/sends", { flowId: flow.id, selection: { type: "ids", ids: [glad.id, stopped.id] } });
  await app.driver.runUntilIdle();
  expect((await editor.get(`/api/contacts/${glad.id}`)).body.smsOptedOutAt).toBeNull();
  expect((await editor.get(`/api/contacts/${stopped.id}`)).body.smsOptedOutAt).not.toBeNull();
  expect((await history(glad.id))[0]).toMatchObject({
    state: "opted_in",
    source: "flow",
    evidence: "Answered YES to the form",
    actorName: null,
  });
  expect((await history(stopped.id)).map(({ state }) => state)).toEqual(["opted_out"]);
});

test("STOP and START that the contact has written stand in the history, in their words, and what was tried out does not", async () => {
  const { id } = await add({ phoneNumber: "+14155552799" });
  const write = async (text: string, provider = "twilio") => {
    const message = {
      kind: "received",
      providerMessageId: crypto.randomUUID(),
      from: "+14155552799",
      to: "+15550001111",
      text,
      files: 0,
    } as const;
    await app.resources.engine.takeInbound({ workspaceId: app.ours.workspaceId, channel: "sms", provider, events: [message] });
    await app.resources.engine.inboundIdle();
  };
  for (const text of ["Stop please", "Is anybody there?", "START"]) await write(text);
  await write("STOP", "capture");
  await write("START", "capture");
  expect(await history(id)).toMatchObject([
    { channel: "sms", state: "opted_in", source: "keyword", evidence: "START", actorName: null },
    { channel: "sms", state: "opted_out", source: "keyword", evidence: "Stop please", actorName: null },
  ]);
});

test("START takes back what the person chose on the page behind the link of an e-mail, and the page, the history and the ledger agree", async () => {
  const [phoneNumber, email] = ["+14155552841", "start@example.test"];
  const { id } = await add({ phoneNumber, email });
  const { engine } = app.resources;
  const who = { workspaceId: app.ours.workspaceId, contactId: id, address: email };
  const write = async (text: string, writtenAt?: Date) => {
    const providerMessageId = crypto.randomUUID();
    const message = { kind: "received", providerMessageId, from: phoneNumber, to: "+15550001111", text, files: 0, writtenAt } as const;
    await engine.takeInbound({ workspaceId: app.ours.workspaceId, channel: "sms", provider: "twilio", events: [message] });
    await engine.inboundIdle();
  };
  const before = new Date(Date.now() - 60_000);
  await engine.changeSubscription({ who, sms: "stop", shown: "Choices" });
  expect((await record(id)).body.code).toBe("consent_withdrawn");
  // One that was written before and comes late takes nothing back.
  await write("START", before);
  expect((await engine.readSubscription(who))?.sms).toBe("closed");
  expect((await record(id)).body.code).toBe("consent_withdrawn");

  await write("START");
  expect((await engine.readSubscription(who))?.sms).toBe("open");
  expect((await history(id)).slice(0, 1)).toMatchObject([{ state: "opted_in", source: "keyword", evidence: "START" }]);
  expect((await history(id)).filter(({ state }) => state === "opted_in")).toHaveLength(2);
  expect((await record(id)).status).toBe(201);
  await write("START");
  expect((await history(id)).filter(({ source }) => source === "keyword")).toHaveLength(3);
});

test("the history is append-only for members, and closed to strangers", async () => {
  const { id } = await add({ smsOptedOut: true });
  const stranger = await app.theirs.as("owner");
  expect((await stranger.get(`/api/contacts/${id}/consents`)).status).toBe(404);
});

const record = (id: string, body: object = {}, who: Client = editor) =>
  who.post(`/api/contacts/${id}/consents`, { channel: "sms", source: "paper", ...given, ...body });

test("a consent that is written down needs a channel, how, where and when it was given, and is not of the future", async () => {
  const { id } = await add();
  for (const body of [
    { channel: "all" },
    { channel: "fax" },
    { source: "manual" },
    { source: "stop" },
    { where: "  " },
    { where: "x".repeat(501) },
    { textShown: "x".repeat(2_001) },
    { givenAt: "2999-01-01" },
    { givenAt: "soon" },
    { actorName: "Somebody" },
  ])
    expect((await record(id, body)).status, JSON.stringify(body)).toBe(400);
  expect((await record("01980000-0000-7000-8000-000000000000")).status).toBe(404);
  expect((await record(id, {}, await app.ours.as("viewer"))).status).toBe(403);
  expect((await record(id, {}, await app.theirs.as("owner"))).status).toBe(404);
  expect(await history(id)).toEqual([]);
});

test("a consent says for which number it was given, and one that is written down needs a number", async () => {
  const [first, second] = ["+14155552811", "+14155552812"];
  const { id } = await add({ phoneNumber: first });
  expect((await record(id)).body).toMatchObject({ channel: "sms", address: first });
  await change(id, { phoneNumber: second });
  expect(await history(id)).toMatchObject([{ state: "opted_in", address: first }]);
  const bare = await add({ phoneNumber: null, email: "bare@example.test" });
  const { status, body } = await record(bare.id);
  expect({ status, code: body.code }).toEqual({ status: 409, code: "conflict" });
  expect((await record(bare.id, { channel: "email" })).body).toMatchObject({ address: "bare@example.test" });
});

test("a consent that comes with a new number is one for the new number, and with none it is one for none", async () => {
  const [first, second] = ["+14155552821", "+14155552822"];
  const { id } = await add({ phoneNumber: first, email: "First@Example.test", smsOptedOut: true, emailOptedOut: true });
  const after = { smsOptedOut: false, emailOptedOut: false, consent: given };
  expect((await change(id, { phoneNumber: second, email: "Second@Example.test", ...after })).status).toBe(200);
  const optIns = async () =>
    (await history(id)).filter(({ state }) => state === "opted_in").map(({ channel, address }) => [channel, address]);
  expect((await optIns()).sort()).toEqual([
    ["email", "second@example.test"],
    ["sms", second],
  ]);
  await change(id, { smsOptedOut: true });
  await change(id, { phoneNumber: null, smsOptedOut: false, consent: given });
  expect((await optIns())[0]).toEqual(["sms", null]);
});

test("nobody writes down a consent over an opt-out, over do-not-contact, or over a refusal of the person", async () => {
  const off = await add({ smsOptedOut: true, email: "off@example.test" });
  expect((await record(off.id)).body.code).toBe("conflict");
  expect((await record(off.id, { channel: "email" })).status).toBe(201);
  const dnc = await add({ dnc: true });
  for (const channel of ["sms", "email"]) expect((await record(dnc.id, { channel })).body.code).toBe("conflict");
  const stopped = await add({ phoneNumber: "+14155552699" });
  await app.db.owner
    .insertInto("suppressions")
    .values({ workspace_id: app.ours.workspaceId, channel: "sms", address: "+14155552699", reason: "stop" })
    .execute();
  expect((await record(stopped.id)).body.code).toBe("consent_withdrawn");
  expect(await history(stopped.id)).toEqual([]);
});

test("a consent of somebody who never refused stands in the history with its proof and who wrote it down, and in the audit log", async () => {
  const { id } = await add();
  const textShown = "I agree to get offers by SMS from Harbour Dental.";
  const { status, body } = await record(id, { textShown });
  const entry = { channel: "sms", state: "opted_in", source: "paper", evidence: given.where, textShown, actorName: "editor member" };
  expect({ status, body }).toMatchObject({ status: 201, body: { ...entry, givenAt: "2026-05-03T00:00:00.000Z" } });
  expect(await history(id)).toMatchObject([entry]);
  const logged = await app.db.owner
    .selectFrom("audit_log")
    .selectAll()
    .where("action", "=", "contact.consent")
    .orderBy("id", "desc")
    .execute();
  expect(logged[0]).toMatchObject({ subject_id: id, details: { channel: "sms", source: "paper" } });
  expect(JSON.stringify(logged)).not.toContain("Harbour");
  // A refusal that comes later counts.
  await change(id, { smsOptedOut: true });
  expect((await record(id)).status).toBe(409);
});

test("a STOP holds for the next number, however that is entered, until a consent for it is written down or an admin says that it was another person", async () => {
  const admin = await app.ours.as("admin");
  const stop = (address: string) =>
    app.db.owner
      .insertInto("suppressions")
      .values({ workspace_id: app.ours.workspaceId, channel: "sms", address, reason: "stop", source: "contact" })
      .execute();
  const reach = async (id: string) => (await editor.get(`/api/contacts/${id}/reach`)).body.sms;
  const [agrees, another] = [await add({ phoneNumber: "+14155552901" }), await add({ phoneNumber: "+14155552902" })];
  await stop("+14155552901");
  await stop("+14155552902");
  await change(agrees.id, { phoneNumber: "+14155552911" });
  await change(another.id, { phoneNumber: "+14155552912" });
  for (const { id } of [agrees, another]) expect(await reach(id)).toBe("opted_out_sms");
  expect(await history(agrees.id)).toMatchObject([{ state: "opted_out", source: "moved", address: "+14155552901" }]);

  expect((await record(agrees.id)).body).toMatchObject({ address: "+14155552911" });
  expect(await reach(agrees.id)).toBeNull();

  const notTheirs = { source: "not_theirs", where: "The number before had a wrong digit, said Ann on the telephone" };
  expect((await record(another.id, notTheirs)).body.code).toBe("forbidden");
  const of = (id: string, body: object) => admin.post(`/api/contacts/${id}/consents`, { channel: "sms", givenAt: "2026-05-03", ...body });
  expect((await of(another.id, notTheirs)).status).toBe(201);
  expect(await reach(another.id)).toBeNull();
  expect((await history(another.id))[0]).toMatchObject({ source: "not_theirs", evidence: notTheirs.where, address: "+14155552912" });
  expect((await of(another.id, notTheirs)).body.code).toBe("conflict");
});
