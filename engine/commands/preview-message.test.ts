import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { Selection } from "#contract/contacts.ts";
import type { FlowGraph } from "#contract/flows.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow, buildWorkspace, type ContactValues } from "#test/factories.ts";
import { chain, email, node, sms } from "#test/graphs.ts";

setUpEngine();

const everybody: Selection = { type: "filter", filter: { tests: [] }, excluded: [] };
const byIds = (...ids: string[]): Selection => ({ type: "ids", ids });
const flow = (graph: FlowGraph) => buildFlow(db.owner, workspaceId, graph);
const preview = (flowId: string, nodeId: string, selection: Selection = everybody) =>
  sluice.engine.previewMessage({ workspaceId, flowId, nodeId, selection });
const saying = (text: string) => flow(chain(node("start"), sms(text), node("end")));

describe("a message that is read before it is sent", () => {
  test("is refused for a flow, a step or a contact that is not there, or of another workspace", async () => {
    const contact = await buildContact(db.owner, workspaceId);
    const flowId = await saying("Hello");
    await expect(preview("0198f5a0-0000-7000-8000-0000000000f1", "sms")).rejects.toMatchObject({ code: "flow_not_found" });
    await expect(preview(flowId, "nowhere")).rejects.toMatchObject({ code: "not_found" });
    await expect(preview(flowId, "start")).rejects.toMatchObject({ code: "not_found" });
    const other = await buildWorkspace(db.owner);
    const stranger = await buildContact(db.owner, other);
    const theirs = await buildFlow(db.owner, other, chain(node("start"), sms(), node("end")));
    await expect(preview(theirs, "sms")).rejects.toMatchObject({ code: "flow_not_found" });
    await expect(preview(flowId, "sms", byIds(stranger))).rejects.toMatchObject({ code: "contact_not_found" });
    expect(await preview(flowId, "sms", byIds(stranger, contact))).toMatchObject({ contactId: contact });
  });

  test("is refused for a step that is not set up, with what is wrong", async () => {
    await buildContact(db.owner, workspaceId);
    const flowId = await flow(chain(node("start"), sms(""), node("end")));
    await expect(preview(flowId, "sms")).rejects.toMatchObject({ code: "flow_invalid", message: expect.stringContaining("not set up") });
  });

  test("names each field that has no value, and says whence it could come", async () => {
    await buildContact(db.owner, workspaceId, { lastname: "" });
    const text = "{{ lastname }} {{ variables.code }} {{ trigger.order }} {{ code }}";
    const flowId = await flow(chain(node("start"), node("set_variable", { name: "code", value: "7" }, "set"), sms(text), node("end")));
    expect(await preview(flowId, "sms")).toMatchObject({
      message: null,
      problem: "template_missing_value",
      missing: [
        { field: "lastname", from: "contact" },
        { field: "variables.code", from: "step" },
        { field: "trigger.order", from: "start" },
        { field: "code", from: "step" },
      ],
    });
  });

  test("is shown for a contact who may not get it, with the reason", async () => {
    await buildContact(db.owner, workspaceId, { sms_opted_out_at: new Date(), firstname: "Ann" });
    expect(await preview(await saying("Hi {{ firstname }}"), "sms")).toMatchObject({
      to: null,
      blocked: "opted_out_sms",
      problem: null,
      message: { text: "Hi Ann", subject: null, html: null, segments: 1 },
    });
  });

  test("is filled in for the first contact: as named, or the oldest that the filter matches and that is not taken out", async () => {
    const [ann, bob] = [await buildContact(db.owner, workspaceId), await buildContact(db.owner, workspaceId)].toSorted() as [
      string,
      string,
    ];
    const flowId = await saying("Hello");
    expect((await preview(flowId, "sms", byIds(bob, ann))).contactId).toBe(bob);
    expect((await preview(flowId, "sms")).contactId).toBe(ann);
    expect((await preview(flowId, "sms", { ...everybody, excluded: [ann] })).contactId).toBe(bob);
  });

  test("is byte for byte what the provider is handed afterwards", async () => {
    const hostile: ContactValues = {
      firstname: 'Zoë <b>& "Co"',
      phone_e164: "+15550123456",
      email: " o'hara+x@example.com ",
      lastname: "東京 🎈",
      time_zone: "Asia/Kathmandu",
      metadata: { plan: "{{ firstname }}", "Renewal Date": "2026-03-04" },
    };
    const contact = await buildContact(db.owner, workspaceId, hostile);
    const text =
      'Dear {{ firstname }}, {{ lastname }} {{ plan }} {{ custom["Renewal Date"] | date }} {{ nick | default: "friend" }} – {{ workspace.name }}';
    const config = { text, html: `<p title="{{ firstname }}">${text} <a href="https://x.example/?email={{ email }}">go</a></p>` };
    const flowId = await flow(chain(node("start"), sms(text), email("For {{ firstname }}", config), node("end")));
    const shown = { sms: await preview(flowId, "sms"), email: await preview(flowId, "email") };

    await sluice.engine.createSend(sendTo(workspaceId, flowId, [contact]));
    await sluice.run();
    for (const channel of ["sms", "email"] as const) {
      const [sent] = sluice.providers[channel].calls;
      const { message, to } = shown[channel];
      expect([to, message?.subject ?? undefined, message?.text, message?.html ?? undefined]).toEqual([
        sent?.to,
        sent?.subject,
        sent?.text,
        sent?.html,
      ]);
    }
    const { rows } = await sql<{ channel: string; segments: number | null }>`select channel, segments from messages
      where workspace_id = ${workspaceId} order by channel`.execute(db.owner);
    expect(rows).toEqual([
      { channel: "email", segments: shown.email.message?.segments },
      { channel: "sms", segments: shown.sms.message?.segments },
    ]);
  });

  test("is neither sent nor kept, and calls nobody", async () => {
    await buildContact(db.owner, workspaceId);
    await preview(await saying("Hello"), "sms");
    await sluice.run();
    expect(sluice.providers.sms.calls).toEqual([]);
    const { rows } = await sql`select id from messages where workspace_id = ${workspaceId} union all
      select id from flow_versions where workspace_id = ${workspaceId}`.execute(db.owner);
    expect(rows).toEqual([]);
  });
});
