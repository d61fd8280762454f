import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Message } from "#contract/messages.ts";
import type { InboundAddress, ProviderState } from "#contract/providers.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { ChannelProvider } from "./channel-provider.tsx";

const accountSid = `AC${"0".repeat(32)}`;
const url = "https://sluice.example/api/inbound/sms/w1";
const reachable: InboundAddress = { url, isReachable: true, arrivals: [] };
const inUse: ProviderState = {
  channel: "sms",
  provider: "twilio",
  settings: { accountSid, region: "us1", senders: ["+15550001111"], validMinutes: 240 },
  hasSecret: true,
  secretEnds: { authToken: "beef" },
  updatedAt: "2026-05-01T00:00:00Z",
};
const testMode: ProviderState = { ...inUse, provider: "capture", settings: {}, hasSecret: false, secretEnds: {}, updatedAt: null };
const form = async (state: ProviderState) => {
  const rendered = await renderUi(<ChannelProvider channel="sms" state={state} />);
  if (state.provider !== "twilio") await rendered.user.click(screen.getByRole("radio", { name: /Twilio/ }));
  await screen.findByLabelText("Account SID");
  return rendered;
};

type User = Awaited<ReturnType<typeof form>>["user"];
async function fill(user: User, label: string | RegExp, text: string) {
  await user.click(screen.getByLabelText(label));
  await user.paste(text);
}

describe("a Twilio account", () => {
  it("names everything that is missing or wrong at its field, and stores nothing", async () => {
    const server = fakeApi({ getInboundAddress: () => reachable });
    const { user } = await form(testMode);
    await fill(user, "Account SID", "AC12");
    await user.click(screen.getByRole("button", { name: "Send SMS through Twilio" }));
    expect(screen.getByText("An account SID begins with AC and has 34 characters")).toBeDefined();
    expect(screen.getByLabelText("Account SID").getAttribute("aria-invalid")).toBe("true");
    expect(server.calls.map(({ id }) => id)).toEqual(["getInboundAddress"]);
  });

  it("is stored with its numbers and token, and the refusal of Twilio is told in its words", async () => {
    const server = fakeApi({
      getInboundAddress: () => reachable,
      setProvider: () => {
        throw new Refusal("provider_unavailable", "Twilio refuses the sign-in. Nothing was changed.");
      },
    });
    const { user } = await form(testMode);
    await fill(user, "Account SID", accountSid);
    await fill(user, "Auth token", "f".repeat(32));
    await fill(user, /Numbers|Senders/, "+1 (555) 000-1111");
    await user.click(screen.getByRole("button", { name: "Send SMS through Twilio" }));
    expect(await screen.findByText(/Twilio refuses the sign-in/)).toBeDefined();
    expect(server.calls.find(({ id }) => id === "setProvider")?.body).toMatchObject({
      provider: "twilio",
      settings: { accountSid, senders: ["+15550001111"] },
      authToken: "f".repeat(32),
    });
  });
});

describe("the pace of the senders", () => {
  it("is as usual where nothing is entered, is stored for the sender as it is kept, and is forgotten with it", async () => {
    const server = fakeApi({ getInboundAddress: () => reachable, setProvider: () => inUse });
    const { user } = await form({ ...inUse, settings: { ...inUse.settings, paces: { "+15550001111": { partsPerDay: 2000 } } } });
    await fill(user, /^Senders/, "\n+1 (888) 555-0123");
    const [first, second] = screen.getAllByLabelText(/^Parts a second/) as HTMLInputElement[];
    expect([first?.placeholder, second?.placeholder]).toEqual(["1", "3"]);
    expect((screen.getAllByLabelText(/^Parts a day/)[0] as HTMLInputElement).value).toBe("2000");
    await user.type(second as HTMLInputElement, "12");
    await user.click(screen.getByRole("button", { name: "Save Twilio account" }));
    const stored = () => server.calls.filter(({ id }) => id === "setProvider").at(-1)?.body;
    await waitFor(() =>
      expect(stored()).toMatchObject({
        settings: { paces: { "+15550001111": { partsPerDay: 2000 }, "+18885550123": { partsPerSecond: 12 } } },
      }),
    );
    await user.clear(screen.getByLabelText(/^Senders/));
    await fill(user, /^Senders/, "+18885550123");
    await user.click(screen.getByRole("button", { name: "Save Twilio account" }));
    await waitFor(() => expect(stored()).toMatchObject({ settings: { senders: ["+18885550123"] } }));
    expect((stored() as { settings: { paces: object } }).settings.paces).toEqual({ "+18885550123": { partsPerSecond: 12 } });
  });

  it("that is not allowed is told at its field, and nothing is stored", async () => {
    const server = fakeApi({ getInboundAddress: () => reachable });
    const { user } = await form(inUse);
    await user.type(screen.getByLabelText(/^Parts a second/), "0");
    await user.click(screen.getByRole("button", { name: "Save Twilio account" }));
    expect(await screen.findByText("At least 1")).toBeDefined();
    expect(server.calls.some(({ id }) => id === "setProvider")).toBe(false);
  });
});

describe("the round trip of a test message", () => {
  const messageId = "0192f000-0000-7000-8000-000000000001";
  const sent: Message = {
    id: messageId,
    executionId: null,
    flowId: null,
    flowName: null,
    contactId: null,
    contactName: null,
    contactInBin: false,
    channel: "sms",
    provider: "twilio",
    isTest: true,
    to: "+14155550142",
    from: "+15550001111",
    subject: null,
    body: "This is a test message",
    html: null,
    segments: 1,
    status: "sent",
    reason: null,
    errorMessage: null,
    providerMessageId: "SM1",
    createdAt: "2026-05-01T00:00:00Z",
    sentAt: "2026-05-01T00:00:00Z",
    tracked: null,
  };
  const tried = async (state: ProviderState) => {
    const { user } = await form(state);
    await user.click(screen.getByRole("button", { name: "Send test message" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Send a test SMS" }));
    await user.type(dialog.getByLabelText("To"), "+14155550142");
    await user.click(dialog.getByRole("button", { name: "Send test message" }));
    await dialog.findByText("Sent to +14155550142.");
    return dialog;
  };
  const answers = { success: true as const, messageId, message: "Sent to +14155550142." };

  it("is not waited for where no call can come", async () => {
    fakeApi({ getInboundAddress: () => ({ ...reachable, isReachable: false }), testProvider: () => answers, getMessage: () => sent });
    expect(await (await tried(inUse)).findByText(/no report comes back/)).toBeDefined();
  });

  it("is shown as it happens: handed over, waited for, received", async () => {
    let message = sent;
    fakeApi({ getInboundAddress: () => reachable, testProvider: () => answers, getMessage: () => message });
    const dialog = await tried(inUse);
    expect(await dialog.findByText(/Waiting for its delivery report/)).toBeDefined();
    message = { ...sent, status: "delivered" };
    expect(await dialog.findByText(/Calls of the provider arrive here/)).toBeDefined();
    expect(dialog.queryByText(/Waiting for/)).toBeNull();
  });

  it("tells a report of a failure in words", async () => {
    fakeApi({
      getInboundAddress: () => reachable,
      testProvider: () => answers,
      getMessage: () => ({ ...sent, status: "undelivered", reason: "unknown_number" }),
    });
    expect(await (await tried(inUse)).findByText(/^Not delivered: /)).toBeDefined();
  });
});

describe("the webhook address", () => {
  it("can be copied before the account is in use, and says where to enter it; nothing about calls yet", async () => {
    fakeApi({ getInboundAddress: () => reachable });
    await form(testMode);
    expect(((await screen.findByLabelText("Webhook address")) as HTMLInputElement).value).toBe(url);
    expect(screen.getByRole("button", { name: "Copy webhook address" })).toBeDefined();
    expect(screen.getByText(/A message comes in/)).toBeDefined();
    expect(screen.queryByText("Not called yet")).toBeNull();
  });

  it("says that nobody has called yet, and that it works once somebody has, without a reload", async () => {
    const arrivals: InboundAddress["arrivals"] = [];
    fakeApi({ getInboundAddress: () => ({ ...reachable, arrivals: [...arrivals] }) });
    await form(inUse);
    expect(await screen.findByText("Not called yet")).toBeDefined();
    arrivals.push({ provider: "another", lastAt: "2026-05-01T00:00:00Z" }, { provider: "twilio", lastAt: new Date().toISOString() });
    await waitFor(() => expect(screen.getByText("Works")).toBeDefined());
    expect(screen.queryByText("Not called yet")).toBeNull();
  });

  it("is not offered where nobody on the internet could call it, and says who must do what", async () => {
    fakeApi({ getInboundAddress: () => ({ url: "http://localhost:3000/api/inbound/sms/w1", isReachable: false, arrivals: [] }) });
    await form(inUse);
    expect(await screen.findByText("Nobody on the internet can call this instance")).toBeDefined();
    expect(screen.getByText(/The operator must set PUBLIC_URL/)).toBeDefined();
    expect(screen.queryByLabelText("Webhook address")).toBeNull();
  });
});
