import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { ContactForecast } from "#contract/forecasts.ts";
import { answer, flowApi, send, summary, uuid } from "#test/build-flow.ts";
import { buildExecution } from "#test/build-history.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { one, opened, two } from "#test/send-flow-dialog.tsx";

const mailing = summary(1, "Welcome Flow", { channels: ["email"] });

const step = (nodeId: string, visit: number, more: Partial<ContactForecast["steps"][number]> = {}): ContactForecast["steps"][number] => ({
  ...{
    nodeId,
    visit,
    attempt: 1,
    type: "send_email",
    label: nodeId,
    status: "completed",
    exit: "next",
    reason: null,
    at: "2030-05-03T09:00:00Z",
  },
  ...{ until: null, assumed: null, message: null },
  ...more,
});
const message = (subject: string) => ({
  channel: "email" as const,
  to: "john@example.com",
  subject,
  text: `Text of ${subject}`,
  html: null,
  segments: null,
});
const way = (steps: ContactForecast["steps"]): ContactForecast => ({
  contactId: uuid(5),
  name: "John Doe",
  notStarted: null,
  steps,
  end: { status: "completed", reason: null },
});
const walked = () =>
  way([
    step("Begin", 1, { type: "start" }),
    step("First", 2, { message: message("One") }),
    step("Refused", 3, { status: "skipped", reason: "no_phone" }),
    step("Second", 4, { message: message("Two") }),
  ]);
const api = () => ({
  ...flowApi([mailing]),
  nameContacts: () => ({
    items: [
      { id: uuid(5), name: "John Doe", address: null },
      { id: uuid(6), name: "Jane Smith", address: null },
    ],
  }),
});

async function unfolded(audience = two) {
  const ui = await opened(audience);
  await ui.user.click(screen.getByRole("button", { name: /^Test/ }));
  await waitFor(() => expect(screen.getByRole<HTMLButtonElement>("button", { name: "Send to me" }).disabled).toBe(false));
  return ui;
}
const bodies = (server: { calls: { id: string; body: unknown }[] }, id: string) =>
  server.calls.filter((call) => call.id === id).map(({ body }) => body as Record<string, unknown>);

describe("a test", () => {
  it("is one folded line that asks the server nothing", async () => {
    const server = fakeApi(api());
    await opened(one);
    expect(screen.getByRole("button", { name: /^Test/ }).getAttribute("aria-expanded")).toBe("false");
    expect(server.calls.some(({ id }) => id === "nameContacts" || id === "getMyPhone" || id === "forecastContact")).toBe(false);
  });

  it("tells why the flow cannot be walked, and sends nothing then", async () => {
    const server = fakeApi({
      ...api(),
      forecastContact: () => {
        throw new Refusal("flow_invalid", "The flow has a problem.");
      },
    });
    const { user } = await unfolded();
    await user.click(screen.getByRole("button", { name: "Send to me" }));
    expect(await screen.findByText("The flow has a problem.")).toBeTruthy();
    expect(bodies(server, "sendFlowToMe")).toEqual([]);
  });

  it("sends each message of the chosen contact to me, one after the other, and tells at each what became of it", async () => {
    const server = fakeApi({
      ...api(),
      forecastContact: walked,
      sendFlowToMe: ({ body }) => {
        if (body.visit === 4) throw new Refusal("provider_refused", "ada@example.com gets no messages of this workspace.");
        return { messageId: uuid(70), message: "Sent to ada@example.com." };
      },
    });
    const { user } = await unfolded();
    await user.selectOptions(screen.getByLabelText("As it is for"), "Jane Smith");
    await user.click(screen.getByRole("button", { name: "Send to me" }));
    const list = within(await screen.findByRole("list", { name: "What the test does" }));
    expect(await list.findByText("Sent to ada@example.com.")).toBeTruthy();
    expect(await list.findByText("ada@example.com gets no messages of this workspace.")).toBeTruthy();
    expect(list.getByText("No phone number.")).toBeTruthy();
    expect(list.getByText("Text of One")).toBeTruthy();
    expect(await screen.findByText(/^1 message sent to you/)).toBeTruthy();
    const [asked] = bodies(server, "forecastContact");
    expect(asked).toMatchObject({ contactId: uuid(6), asTest: true });
    expect(bodies(server, "sendFlowToMe").map(({ visit, contactId, sendId }) => [visit, contactId, sendId])).toEqual([
      [2, uuid(6), asked?.sendId],
      [4, uuid(6), asked?.sendId],
    ]);
    expect(bodies(server, "createSend")).toEqual([]);
  });

  it("stops where somebody says so, and when the dialog goes", async () => {
    const waiting = way([
      step("First", 2, { message: message("One") }),
      step("Second", 4, { at: "2030-05-09T09:00:00Z", message: message("Two") }),
    ]);
    const server = fakeApi({
      ...api(),
      forecastContact: () => waiting,
      sendFlowToMe: () => ({ messageId: uuid(70), message: "Sent to you." }),
    });
    const { user } = await unfolded();
    await user.click(screen.getByRole("button", { name: "Send to me" }));
    await screen.findByText("Sent to you.");
    // It stays open while it sends, because folding it away would stop it.
    await user.click(screen.getByRole("button", { name: /^Test/ }));
    await user.click(screen.getByRole("button", { name: "Stop" }));
    expect(await screen.findByText("Not sent to you")).toBeTruthy();
    expect(bodies(server, "sendFlowToMe")).toHaveLength(1);
  });

  it("keeps the waits where somebody says so: it tells when the next message follows, and sends it no sooner", async () => {
    const waiting = way([
      step("Begin", 1, { type: "start" }),
      step("First", 2, { message: message("One") }),
      step("Second", 4, { at: "2030-05-09T09:00:00Z", message: message("Two") }),
    ]);
    const server = fakeApi({
      ...api(),
      forecastContact: () => waiting,
      sendFlowToMe: () => ({ messageId: uuid(70), message: "Sent to you." }),
    });
    const { user } = await unfolded();
    await user.click(screen.getByRole("checkbox", { name: /^Shorten the waits/ }));
    await user.click(screen.getByRole("button", { name: "Send to me" }));
    await screen.findByText("Sent to you.");
    expect(await screen.findByText(/^The next message follows .*Leave this open until then/)).toBeTruthy();
    expect(bodies(server, "sendFlowToMe")).toHaveLength(1);
    await user.click(screen.getByRole("button", { name: "Stop" }));
    expect(screen.queryByText(/^The next message follows/)).toBeNull();
    expect(bodies(server, "sendFlowToMe")).toHaveLength(1);
  });

  it("asks for my number where the flow sends text messages", async () => {
    fakeApi({
      ...api(),
      ...flowApi([summary(1, "Welcome Flow", { channels: ["sms"] })]),
      getMyPhone: () => ({ phone: null, isProven: false }),
    });
    const { user } = await unfolded(one);
    await user.click(await screen.findByRole("button", { name: "Give your number…" }));
    expect(screen.getByLabelText("Number of your telephone")).toBeTruthy();
    expect(screen.queryByLabelText("As it is for")).toBeNull();
  });

  it("without anything that leaves is a send that is marked as a test, followed to its end", async () => {
    const execution = buildExecution({ id: uuid(60), status: "completed", isTest: true });
    const server = fakeApi({
      ...api(),
      createSend: ({ body }) => ({ ...answer(send(body.sendId ?? "", { isTest: true })), executionId: uuid(60) }),
      getExecution: () => execution,
      listSteps: () => ({ items: [], moves: [] }),
      listMessages: () => ({ items: [], nextCursor: null }),
    });
    const { user } = await unfolded();
    await user.click(screen.getByRole("button", { name: "Dry run" }));
    expect(await screen.findByRole("link", { name: "Open it in the history" })).toBeTruthy();
    expect(screen.getByText(/^Nothing has left and nothing of the contact was changed/)).toBeTruthy();
    expect(bodies(server, "createSend")).toEqual([
      expect.objectContaining({ isTest: true, skipWaits: true, undoSeconds: 0, selection: { type: "ids", ids: [uuid(5)] } }),
    ]);
    // The press that sends for real is as it was.
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Send Flow" }).disabled).toBe(false);
  });
});
