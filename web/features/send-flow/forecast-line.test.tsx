import { configure, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Forecast } from "#contract/forecasts.ts";
import { answer, flowApi, send, uuid } from "#test/build-flow.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import type { Audience } from "./audience.ts";
import { assumedWords, forecastLine } from "./forecast-words.ts";
import { SendFlowDialog } from "./send-flow-dialog.tsx";

configure({ asyncUtilTimeout: 8000 });
vi.setConfig({ testTimeout: 40_000 });

const two: Audience = { selection: { type: "ids", ids: [uuid(5), uuid(6)] }, total: 2, names: ["John Doe", "Jane Smith"], words: null };
const one: Audience = { selection: { type: "ids", ids: [uuid(5)] }, total: 1, names: ["John Doe"], words: null };
const at = "2040-01-02T12:00:00.000Z";
const later = "2040-01-04T09:00:00.000Z";
const found: Forecast = {
  at,
  total: 2,
  willStart: 2,
  willNotStart: [],
  nothing: 0,
  channels: [
    { channel: "sms", messages: 1, segments: 2, contacts: 1 },
    { channel: "email", messages: 2, segments: null, contacts: 2 },
  ],
  nodes: [
    {
      nodeId: "sms",
      type: "send_sms",
      label: "Welcome SMS",
      channel: "sms",
      contacts: 2,
      messages: 1,
      segments: 2,
      refused: [{ reason: "no_phone", contacts: 1 }],
    },
    { nodeId: "email", type: "send_email", label: "Send e-mail", channel: "email", contacts: 2, messages: 2, segments: null, refused: [] },
  ],
  firstAt: at,
  lastAt: later,
  moments: {
    every: "hour",
    zone: "UTC",
    counts: [
      { at, sms: 1, email: 0 },
      { at: later, sms: 0, email: 2 },
    ],
  },
  ends: [{ nodeId: "email", status: "completed", reason: null, contacts: 2 }],
  assumed: [{ assumption: "webhook_succeeds", nodeId: "hook", contacts: 2 }],
  unfinished: 0,
};

async function chosen(audience: Audience) {
  const ui = await renderUi(<SendFlowDialog audience={audience} onClose={vi.fn()} launchedFrom="Contacts page" />);
  await ui.user.click(await screen.findByPlaceholderText("Choose a flow to send"));
  await ui.user.click(await screen.findByRole("option", { name: /Welcome Flow/ }));
  await screen.findByText("Flow Preview:");
  return ui;
}
const sendButton = () => screen.getByRole<HTMLButtonElement>("button", { name: "Send Flow" });

describe("the forecast in the dialog", () => {
  it("is not there for one contact, and nothing is asked", async () => {
    const server = fakeApi({ ...flowApi(), forecastSend: () => found });
    await chosen(one);
    expect(sendButton().disabled).toBe(false);
    expect(screen.queryByRole("button", { name: "Forecast" })).toBeNull();
    expect(server.calls.some(({ id }) => id === "forecastSend")).toBe(false);
  });

  it("tells an error as an error, and leaves the button alone", async () => {
    const server = fakeApi({
      ...flowApi(),
      forecastSend: () => {
        throw new Refusal("internal", "Something broke.");
      },
    });
    const { user } = await chosen(two);
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("What would leave when is not known.");
    expect(sendButton().disabled).toBe(false);
    server.forecastSend = () => found;
    await user.click(screen.getByRole("button", { name: "Look again" }));
    expect(await screen.findByText(/1 SMS \(2 parts\) and 2 e-mails would leave/)).toBeTruthy();
  });

  it("is one line that opens into steps, reasons with names, a table by hour and what was assumed", async () => {
    fakeApi({
      ...flowApi(),
      forecastSend: () => found,
      listForecastContacts: ({ body }) => ({
        total: 1,
        items: [{ contactId: uuid(6), name: body.nodeId === "sms" ? "Jane Smith" : "Nobody" }],
      }),
    });
    const { user } = await chosen(two);
    await user.click(await screen.findByRole("button", { name: "Forecast" }));
    expect(await screen.findByText("Welcome SMS")).toBeTruthy();
    expect(screen.getByRole("table", { name: "Messages by hour" })).toBeTruthy();
    expect(screen.getByText(/Webhooks are taken to succeed/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: /^Who/ }));
    expect((await screen.findAllByText("Jane Smith")).length).toBeGreaterThan(0);
  });

  it("is made for the send that the press makes, and the press does not wait for it", async () => {
    const server = fakeApi({
      ...flowApi(),
      forecastSend: () => new Promise<never>(() => {}),
      createSend: ({ body }) => answer(send(body.sendId ?? "", { total: 2, enrolled: 2 })),
    });
    const { user } = await chosen(two);
    await waitFor(() => expect(server.calls.some(({ id }) => id === "forecastSend")).toBe(true));
    await user.click(sendButton());
    await waitFor(() => expect(server.calls.some(({ id }) => id === "createSend")).toBe(true));
    const bodyOf = (id: string) => server.calls.find((call) => call.id === id)?.body as { sendId: string };
    expect(bodyOf("createSend").sendId).toBe(bodyOf("forecastSend").sendId);
  });
});

describe("the words of a forecast", () => {
  const now = Date.parse(at);
  it("say how many, and when the first and the last leave", () => {
    expect(forecastLine(found, now, "UTC")).toMatch(/^1 SMS \(2 parts\) and 2 e-mails would leave, the first at once, the last /);
    expect(forecastLine({ ...found, lastAt: at }, now, "UTC")).toBe("1 SMS (2 parts) and 2 e-mails would leave, at once");
  });
  it("say that nothing would leave, and nothing of a flow that sends nothing", () => {
    const none = {
      ...found,
      firstAt: null,
      lastAt: null,
      channels: found.channels.map((channel) => ({ ...channel, messages: 0, segments: null })),
    };
    expect(forecastLine(none, now, "UTC")).toBe("No message would leave");
    expect(forecastLine({ ...none, channels: [] }, now, "UTC")).toBeNull();
  });
  it("name what was assumed once, however many steps", () => {
    expect(assumedWords(found)).toHaveLength(2);
    expect(assumedWords({ ...found, unfinished: 3 }).join(" ")).toContain("3 contacts could not be followed");
  });
});
