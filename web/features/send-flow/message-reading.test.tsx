import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { MessagePreviewQuestion } from "#contract/message-preview-requests.ts";
import type { MessagePreview } from "#contract/message-previews.ts";
import { flowApi, graph, uuid, welcome } from "#test/build-flow.ts";
import { fakeApi, Outage } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { SendFlowDialog } from "./send-flow-dialog.tsx";

const ids = [uuid(7), uuid(8)];
const names: Record<string, string> = { [uuid(7)]: "Ann Lee", [uuid(8)]: "Bo Marsh" };
const flow = {
  ...graph(welcome),
  nodes: [
    { id: "a", type: "start", position: { x: 0, y: 0 }, data: {} },
    { id: "m", type: "send_sms", position: { x: 0, y: 0 }, data: { config: { text: "Hi {{ plan }}" } } },
  ],
  edges: [{ id: "am", source: "a", target: "m" }],
};
const filled = (contactId: string, changes: Partial<MessagePreview> = {}): MessagePreview => ({
  contactId,
  contactName: names[contactId] ?? null,
  channel: "sms",
  to: "+15550123456",
  blocked: null,
  message: { subject: null, text: `Hi ${names[contactId]}`, html: null, segments: 1 },
  problem: null,
  missing: [],
  ...changes,
});
const named = ({ body }: { body: MessagePreviewQuestion }) => (body.selection.type === "ids" ? (body.selection.ids[0] ?? "") : "");

async function read(api: Parameters<typeof fakeApi>[0]) {
  const server = fakeApi({ ...flowApi(), getFlow: () => flow, ...api });
  const audience = { selection: { type: "ids" as const, ids }, total: 2, names: ["Ann Lee", "Bo Marsh"], words: null };
  const { user } = await renderUi(<SendFlowDialog audience={audience} onClose={vi.fn()} launchedFrom="Contacts page" />);
  await user.click(await screen.findByPlaceholderText("Choose a flow to send"));
  await user.click(await screen.findByRole("option", { name: /Welcome Flow/ }));
  const button = await screen.findByRole("button", { name: "Read the message of Send SMS" });
  button.focus();
  await user.keyboard("{Enter}");
  return { server, user, button, dialog: await screen.findByRole("dialog", { name: "Send SMS" }) };
}

describe("the message of a step, before it is sent", () => {
  it("tells an error as an error, and is asked for again", async () => {
    const { server, user, dialog } = await read({
      previewMessage: () => {
        throw new Outage();
      },
    });
    await within(dialog).findByRole("alert");
    server.previewMessage = (call: { body: MessagePreviewQuestion }) => filled(named(call));
    await user.click(within(dialog).getByRole("button", { name: "Retry" }));
    expect(await within(dialog).findByText("Hi Ann Lee")).toBeTruthy();
  });

  it("names what is missing for this contact, and shows the text as it is written", async () => {
    const missing = [
      { field: "plan", from: "contact" as const },
      { field: "trigger.order", from: "start" as const },
      { field: "variables.code", from: "step" as const },
    ];
    const { dialog } = await read({
      previewMessage: (call: { body: MessagePreviewQuestion }) =>
        filled(named(call), { message: null, problem: "template_missing_value", missing }),
    });
    expect(await within(dialog).findByText("The message cannot be sent to Ann Lee: something is missing")).toBeTruthy();
    expect(within(dialog).getByText("plan")).toBeTruthy();
    expect(within(dialog).getByText("Part of this message is missing when the flow is sent by hand")).toBeTruthy();
    expect(within(dialog).getByText("Part of this message is known only while the flow runs")).toBeTruthy();
    expect(within(dialog).getByText("Hi {{ plan }}")).toBeTruthy();
  });

  it("is read for each chosen contact in turn, and says who would not get it", async () => {
    const { user, dialog, server } = await read({
      previewMessage: (call: { body: MessagePreviewQuestion }) =>
        named(call) === ids[1] ? filled(uuid(8), { to: null, blocked: "opted_out_sms" }) : filled(uuid(7)),
    });
    expect(await within(dialog).findByText("Hi Ann Lee")).toBeTruthy();
    expect(within(dialog).getByText("10 characters · 1 part")).toBeTruthy();
    await user.click(within(dialog).getByRole("button", { name: "Next contact" }));
    expect(await within(dialog).findByText("Hi Bo Marsh")).toBeTruthy();
    expect(within(dialog).getByText("Bo Marsh would not get this message")).toBeTruthy();
    expect(server.calls.filter(({ id }) => id === "previewMessage").map(({ body }) => body)).toEqual(
      ids.map((id) => ({ nodeId: "m", selection: { type: "ids", ids: [id] } })),
    );
  });

  it("sends nothing by any key, and gives the focus back when it is closed", async () => {
    const { user, dialog, button, server } = await read({
      previewMessage: (call: { body: MessagePreviewQuestion }) => filled(named(call)),
    });
    await within(dialog).findByText("Hi Ann Lee");
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(server.calls.map(({ id }) => id)).not.toContain("createSend");
    if (screen.queryByRole("dialog", { name: "Send SMS" })) await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog", { name: "Send SMS" })).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(button));
    expect(screen.getByRole("dialog", { name: "Send Flow to Contacts" })).toBeTruthy();
  });
});
