import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { FlowNode } from "#contract/flows.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow, buildWorkspace, type ContactValues } from "#test/factories.ts";
import { chain, email, node, sms } from "#test/graphs.ts";

setUpEngine();

const blank = (...more: FlowNode[]) => buildFlow(db.owner, workspaceId, chain(node("start"), ...more, sms(), node("end")));
const preview = (flowId: string, step: FlowNode, who: string = "newest") =>
  sluice.engine.previewDraftMessage({ workspaceId, flowId, node: step, who });
const survey = (flowId: string, step: FlowNode) => sluice.engine.surveyMessage({ workspaceId, flowId, node: step });

describe("a message that is being written", () => {
  test("is refused for a flow or a contact that is not there, or of another workspace", async () => {
    const contact = await buildContact(db.owner, workspaceId);
    const other = await buildWorkspace(db.owner);
    const stranger = await buildContact(db.owner, other);
    const theirs = await buildFlow(db.owner, other, chain(node("start"), sms(), node("end")));
    const flowId = await blank();
    await expect(preview(theirs, sms())).rejects.toMatchObject({ code: "flow_not_found" });
    await expect(survey(theirs, sms())).rejects.toMatchObject({ code: "flow_not_found" });
    await expect(preview(flowId, sms(), stranger)).rejects.toMatchObject({ code: "contact_not_found" });
    await expect(preview(flowId, sms(), randomUUID())).rejects.toMatchObject({ code: "contact_not_found" });
    await db.owner.updateTable("contacts").set({ deleted_at: new Date() }).where("id", "=", contact).execute();
    await expect(preview(flowId, sms(), contact)).rejects.toMatchObject({ code: "contact_not_found" });
  });

  test("is refused for a step that is not set up or sends nothing, with what is wrong", async () => {
    const flowId = await blank();
    for (const ask of [preview, survey]) {
      await expect(ask(flowId, sms("Hi {{ first"))).rejects.toMatchObject({
        code: "flow_invalid",
        message: expect.stringContaining("does not end"),
      });
      await expect(ask(flowId, node("delay", { mode: "duration", amount: 1, unit: "days" }))).rejects.toMatchObject({ code: "not_found" });
      await expect(ask(flowId, node("unheard_of"))).rejects.toMatchObject({ code: "flow_invalid" });
    }
  });

  test("is filled in as it is typed and not as the flow has it, and nothing is sent or kept", async () => {
    await buildContact(db.owner, workspaceId, { firstname: "Ann" });
    expect(await preview(await blank(), sms("Bye {{ firstname }}"))).toMatchObject({ message: { text: "Bye Ann" }, hasStandIns: false });
    await sluice.run();
    expect(sluice.providers.sms.calls).toEqual([]);
    const { rows } = await sql`select id from messages where workspace_id = ${workspaceId} union all
      select id from flow_versions where workspace_id = ${workspaceId}`.execute(db.owner);
    expect(rows).toEqual([]);
  });

  test("is byte for byte what the provider is handed once it is published", async () => {
    const hostile: ContactValues = {
      firstname: "Zoë <b>& “Co”",
      phone_e164: "+15550123457",
      email: " o'hara+x@example.com ",
      lastname: "東京 🎈\u202e",
      metadata: { plan: "{{ firstname }}", "Renewal Date": "2026-03-04" },
    };
    const contact = await buildContact(db.owner, workspaceId, hostile);
    const text =
      'Dear {{ firstname }}, {{ lastname }} {{ plan }} {{ custom["Renewal Date"] | date }} {{ nick | default: "friend" }}\r\n– {{ workspace.name }}';
    const config = {
      text,
      html: `<p title='{{ firstname | default: "x" }}'>${text} <a href="https://x.example/?email={{ email }}">go</a></p>`,
    };
    const steps = { sms: sms(text), email: email("For {{ firstname }}", config) };
    const flowId = await blank();
    const shown = { sms: await preview(flowId, steps.sms, contact), email: await preview(flowId, steps.email, contact) };

    const published = await buildFlow(db.owner, workspaceId, chain(node("start"), steps.sms, steps.email, node("end")));
    await sluice.engine.createSend(sendTo(workspaceId, published, [contact]));
    await sluice.run();
    for (const channel of ["sms", "email"] as const) {
      const [sent] = sluice.providers[channel].calls;
      const { message, to } = shown[channel];
      expect(message, channel).not.toBeNull();
      expect([to, message?.subject ?? undefined, message?.text, message?.html ?? undefined]).toEqual([
        sent?.to,
        sent?.subject,
        sent?.text,
        sent?.html,
      ]);
    }
  });

  test("says why it would not leave: who may not be written to, and which field is missing", async () => {
    await buildContact(db.owner, workspaceId, { sms_opted_out_at: new Date(), lastname: "" });
    const flowId = await blank();
    expect(await preview(flowId, sms("Hi"))).toMatchObject({ blocked: "opted_out_sms", to: null, message: { text: "Hi" } });
    expect(await preview(flowId, sms("Hi {{ lastname }}"))).toMatchObject({
      message: null,
      problem: "template_missing_value",
      missing: [{ field: "lastname", from: "contact" }],
    });
  });

  test("shows what only a running flow knows by its name, unless something of the contact is missing too", async () => {
    await buildContact(db.owner, workspaceId, { lastname: "", metadata: { "Company Name": "Ada & Co" } });
    const flowId = await blank(node("set_variable", { name: "code", value: "7" }, "set"));
    const text = "{{ company_name }} {{ variables.code }} {{ code }} {{ trigger.order.id }} {{ trigger.order.at | date }}";
    const shown = await preview(flowId, sms(text));
    expect(shown).toMatchObject({ hasStandIns: true, missing: [{ field: "variables.code", from: "step" }, {}, { from: "start" }, {}] });
    expect(shown.message?.text).toMatch(/^Ada & Co ‹code› ‹code› ‹id› \d+ \w+ \d{4}$/);
    expect(await preview(flowId, sms(`${text} {{ lastname }}`))).toMatchObject({ hasStandIns: false, message: null });
  });

  test("can be read without any contact, and as somebody who is made up and has everything", async () => {
    const flowId = await blank();
    const text = "{{ firstname }} {{ custom.shoe_size }} {{ plan | upcase }} {{ seats | number }}";
    for (const who of ["newest", "sample"]) {
      expect(await preview(flowId, sms(text), who)).toMatchObject({
        contactId: null,
        to: null,
        blocked: null,
        message: { text: "Alex ‹shoe size› ‹PLAN› 1,234" },
      });
    }
  });

  test("leads to the contacts that were added before and after", async () => {
    const ids = [
      await buildContact(db.owner, workspaceId),
      await buildContact(db.owner, workspaceId),
      await buildContact(db.owner, workspaceId),
    ];
    for (const [at, id] of ids.entries()) {
      await sql`update contacts set created_at = now() - make_interval(hours => ${10 - at}) where id = ${id}`.execute(db.owner);
    }
    const flowId = await blank();
    expect(await preview(flowId, sms())).toMatchObject({ contactId: ids[2], newer: null, older: ids[1] });
    expect(await preview(flowId, sms(), ids[1])).toMatchObject({ newer: ids[2], older: ids[0] });
    expect(await preview(flowId, sms(), ids[0])).toMatchObject({ newer: ids[1], older: null });
  });
});

describe("the newest contacts are looked through", () => {
  test("for the longest message: one curly quote in a name makes two parts, and as many are sent", async () => {
    await buildContacts(db.owner, workspaceId, 20);
    const curly = await buildContact(db.owner, workspaceId, { firstname: "O’Hara", phone_e164: "+15550123458" });
    const step = sms(`Hi {{ firstname }}, ${"a".repeat(100)}`);
    const flowId = await blank();
    expect(await survey(flowId, step)).toMatchObject({
      looked: 21,
      isAll: true,
      longest: { contactId: curly, segments: 2, text: expect.stringContaining("O’Hara") },
      missing: null,
    });
    const published = await buildFlow(db.owner, workspaceId, chain(node("start"), step, node("end")));
    await sluice.engine.createSend(sendTo(workspaceId, published, [curly]));
    await sluice.run();
    const { rows } = await sql<{ segments: number }>`select segments from messages where workspace_id = ${workspaceId}`.execute(db.owner);
    expect(rows).toEqual([{ segments: 2 }]);
  });

  test("for those who lack a field, with the newest of them", async () => {
    await buildContacts(db.owner, workspaceId, 5);
    await buildContact(db.owner, workspaceId, { lastname: "" });
    const newest = await buildContact(db.owner, workspaceId, { lastname: "" });
    expect(await survey(await blank(), sms("{{ lastname }}"))).toMatchObject({ looked: 7, missing: { contacts: 2, contactId: newest } });
  });

  test("no more than a thousand of them, and fewer where a message is very long", async () => {
    await buildContacts(db.owner, workspaceId, 1_100);
    const flowId = await blank();
    expect((await survey(flowId, sms("Hi"))).isAll).toBe(false);
    const html = `<p>${'{{ firstname }} <a href="https://x.example/{{ email }}">x</a> '.repeat(500)}</p>`;
    const { looked, longest } = await survey(flowId, email("Hi", { html }));
    expect(looked).toBeLessThan(1_000);
    expect(looked).toBeGreaterThan(0);
    expect(longest).not.toBeNull();
  });
});
