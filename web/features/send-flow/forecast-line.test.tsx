import { act, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Forecast, KeptForecast } from "#contract/forecasts.ts";
import { answer, flowApi, keptForecast, send, uuid } from "#test/build-flow.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import type { Audience } from "./audience.ts";
import { assumedWords, forecastLine, movedWords } from "./forecast-words.ts";
import { SendFlowDialog } from "./send-flow-dialog.tsx";
import { furthest } from "./use-forecast.ts";

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
  nothingBy: [],
  channels: [
    { channel: "sms", messages: 1, segments: 2, contacts: 1, kept: false },
    { channel: "email", messages: 2, segments: null, contacts: 2, kept: false },
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

const many: Audience = { ...two, selection: { type: "filter", filter: { tests: [] }, excluded: [] }, total: 100_000, names: [] };

/** The events of a forecast, told when the test says so. */
class Events {
  static open: Events[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly url: string;
  constructor(url: string) {
    this.url = url;
    Events.open.push(this);
  }
  addEventListener() {}
  close() {}
  tell(news: KeptForecast) {
    act(() => this.onmessage?.({ data: JSON.stringify(news) }));
  }
}
beforeEach(() => {
  Events.open = [];
  vi.stubGlobal("EventSource", Events);
});

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
    const server = fakeApi({ ...flowApi(), forecastSend: () => keptForecast(found) });
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
    server.forecastSend = () => keptForecast(found);
    await user.click(screen.getByRole("button", { name: "Look again" }));
    expect(await screen.findByText(/1 SMS \(2 parts\) and 2 e-mails would leave/)).toBeTruthy();
  });

  it("is one line that opens into steps, reasons with names, a table by hour and what was assumed", async () => {
    fakeApi({
      ...flowApi(),
      forecastSend: () => keptForecast(found),
      listForecastContacts: ({ params, query }) => ({
        items: [{ contactId: uuid(6), name: params.id === uuid(950) && query.nodeId === "sms" ? "Jane Smith" : "Nobody" }],
        nextCursor: null,
      }),
    });
    const { user } = await chosen(two);
    await user.click(await screen.findByRole("button", { name: "Forecast" }));
    expect(await screen.findByText("Welcome SMS")).toBeTruthy();
    expect(screen.getByRole("table", { name: "Messages by hour" })).toBeTruthy();
    expect(screen.getByText(/Webhooks are taken to succeed/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: /has the reason/ }));
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

describe("the forecast of more contacts than are looked at at once", () => {
  const begun = keptForecast(found, { state: "waiting", total: 100_000, looked: 0, forecast: null, finishedAt: null });

  it("grows while one looks, and the send keeps it when it is done", async () => {
    const server = fakeApi({
      ...flowApi(),
      forecastSend: () => begun,
      createSend: ({ body }) => answer(send(body.sendId ?? "", { total: 2, enrolled: 2 })),
    });
    const { user } = await chosen(many);
    expect(await screen.findByText("Looking at 100,000 contacts…")).toBeTruthy();
    expect(sendButton().disabled).toBe(false);
    await waitFor(() => expect(Events.open.at(-1)?.url).toContain(`/api/forecasts/${begun.id}/events`));
    const events = Events.open.at(-1) as Events;
    events.tell({ ...begun, state: "running", looked: 4_000, forecast: found });
    expect(screen.getByText(/^Looked at 4,000 of 100,000 contacts. So far: 1 SMS .* would leave/)).toBeTruthy();
    expect(screen.getByRole("progressbar", { name: "Looking at contacts" }).getAttribute("aria-valuenow")).toBe("4000");
    events.tell({ ...begun, state: "done", looked: 100_000, forecast: { ...found, total: 100_000 } });
    expect((await screen.findByText(/^1 SMS .* would leave/)).getAttribute("role")).toBe("status");
    await user.click(sendButton());
    await waitFor(() => expect(server.calls.some(({ id }) => id === "createSend")).toBe(true));
    expect(server.calls.find(({ id }) => id === "createSend")?.body).toMatchObject({ forecastId: begun.id });
    expect(server.calls.some(({ id }) => id === "cancelForecast")).toBe(false);
  });

  it("is cancelled when the send is made before it is done, and the send names none", async () => {
    const server = fakeApi({
      ...flowApi(),
      forecastSend: () => begun,
      cancelForecast: () => ({ ...begun, state: "cancelled" }),
      createSend: ({ body }) => answer(send(body.sendId ?? "", { total: 2, enrolled: 2 })),
    });
    const { user } = await chosen(many);
    await screen.findByText("Looking at 100,000 contacts…");
    await user.click(sendButton());
    await waitFor(() => expect(server.calls.some(({ id }) => id === "cancelForecast")).toBe(true));
    expect(server.calls.find(({ id }) => id === "createSend")?.body).not.toHaveProperty("forecastId");
  });

  it("can be stopped, and says so", async () => {
    const server = fakeApi({ ...flowApi(), forecastSend: () => begun, cancelForecast: () => ({ ...begun, state: "cancelled" }) });
    const { user } = await chosen(many);
    await screen.findByText("Looking at 100,000 contacts…");
    await user.click(screen.getByRole("button", { name: "Stop" }));
    await waitFor(() => expect(server.calls.some(({ id }) => id === "cancelForecast")).toBe(true));
    (Events.open.at(-1) as Events).tell({ ...begun, state: "cancelled" });
    expect(await screen.findByText(/Looking was stopped/)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Look again" })).toBeTruthy();
  });

  it("says that the flow was changed since", async () => {
    fakeApi({ ...flowApi(), forecastSend: () => keptForecast(found, { flowChanged: true }) });
    await chosen(two);
    expect(await screen.findByText(/This flow was changed since/)).toBeTruthy();
    expect(sendButton().disabled).toBe(false);
  });

  it("is what is furthest, whatever comes in late", () => {
    const running = { ...begun, state: "running" as const, looked: 50 };
    const done = { ...begun, state: "done" as const, looked: 100 };
    expect(furthest(begun, running, { ...running, looked: 20 })).toEqual(running);
    expect(furthest(begun, done, running)).toEqual(done);
    expect(furthest(begun, { ...done, id: uuid(7) })).toEqual(begun);
    expect(furthest(begun, { ...done, flowChanged: true }, done)?.flowChanged).toBe(true);
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
  it("say of a channel in test mode that its messages would be kept", () => {
    const channels = found.channels.map((channel) => ({ ...channel, kept: true }));
    expect(forecastLine({ ...found, channels, lastAt: at }, now, "UTC")).toBe("1 SMS (2 parts) and 2 e-mails would be kept, at once");
    const mixed = found.channels.map((channel) => ({ ...channel, kept: channel.channel === "sms" }));
    expect(forecastLine({ ...found, channels: mixed, lastAt: at }, now, "UTC")).toBe(
      "2 e-mails would leave and 1 SMS (2 parts) would be kept, at once",
    );
  });
  it("tell how many contacts were added or removed while they were looked at", () => {
    expect(movedWords(found, { total: 2 })).toEqual([]);
    expect(movedWords(found, { total: 3 })[0]).toContain("there were 3, and 2 were looked at");
  });
  it("name what was assumed once, however many steps", () => {
    expect(assumedWords(found)).toHaveLength(2);
    expect(assumedWords({ ...found, unfinished: 3 }).join(" ")).toContain("3 contacts could not be followed");
  });
});
