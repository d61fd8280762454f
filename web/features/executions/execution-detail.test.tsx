import { screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Execution, ExecutionMove, Step } from "#contract/executions.ts";
import type { Message } from "#contract/messages.ts";
import { buildExecution, buildMessage, buildStep, historyIds } from "#test/build-history.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { ExecutionDetail } from "./execution-detail.tsx";

const version = {
  id: historyIds.version,
  flowId: historyIds.flow,
  number: 1,
  name: "Welcome Flow",
  nodes: [
    { id: "start", type: "start", position: { x: 0, y: 0 }, data: {} },
    { id: "sms", type: "send_sms", position: { x: 0, y: 100 }, data: { label: "Say hello", config: { text: "Hi {{firstname}}" } } },
    {
      id: "check",
      type: "condition",
      position: { x: 0, y: 200 },
      data: {
        config: { branches: [{ id: "vip", label: "Is a VIP", tests: [{ field: "lead_status", operator: "is", value: "VIP" }] }] },
      },
    },
  ],
  edges: [],
  settings: {},
};

const show = (execution: Execution, steps: Step[] | (() => never), messages: Message[] = []) => {
  fakeApi({
    listSteps: () => (typeof steps === "function" ? steps() : { items: steps }),
    listMessages: () => ({ items: messages, nextCursor: null }),
    getFlowVersion: () => version,
  });
  return renderUi(<ExecutionDetail execution={execution} zone="America/Chicago" />);
};
const step = async (name: RegExp) => within(await screen.findByRole("listitem", { name }));

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-05-03T13:30:00Z"), shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the record of an execution", () => {
  it("says that the steps could not be loaded instead of showing none", async () => {
    await show(buildExecution(), () => {
      throw new Refusal("internal", "Something broke.");
    });
    expect(await screen.findByText("The steps could not be loaded")).toBeDefined();
    expect(screen.queryByText("No step has been taken yet.")).toBeNull();
  });

  it("leads to the run of an engine outside, and says nothing of one where there is none", async () => {
    await show(buildExecution({ engineRun: { id: "run_1", url: "https://runs.test/runs/run_1" } }), []);
    expect((await screen.findByRole("link", { name: "run_1" })).getAttribute("href")).toBe("https://runs.test/runs/run_1");
    await show(buildExecution({ id: historyIds.send }), []);
    expect(screen.getAllByText("Run at Trigger.dev")).toHaveLength(1);
  });

  it("does not lead to the stored flow where the send brought a graph of its own, not even to mend something", async () => {
    const failed = { status: "failed", endedReason: "flow_invalid" } as const;
    const { unmount } = await show(buildExecution(failed), []);
    expect(await screen.findByRole("link", { name: "Open the flow" })).toBeDefined();
    unmount();
    await show(buildExecution({ ...failed, flowName: "Welcome", hasOwnGraph: true }), []);
    expect(await screen.findByText("A flow of its own, not “Welcome”")).toBeDefined();
    expect(screen.getAllByRole("link").filter((link) => link.getAttribute("href")?.startsWith("/flows"))).toEqual([]);
  });

  it("says why it failed, what the provider said, and who can mend it", async () => {
    await show(buildExecution({ status: "failed", endedReason: "provider_rejected", errorMessage: "550 No such user here" }), [
      buildStep({
        visit: 2,
        nodeId: "sms",
        nodeType: "send_sms",
        status: "failed",
        exit: null,
        reason: "provider_rejected",
        errorMessage: "550 No such user here",
      }),
    ]);
    const failed = await step(/Step 1: Say hello/);
    expect(failed.getByText("Failed")).toBeDefined();
    expect(failed.getByText(/The provider refused the message/)).toBeDefined();
    expect(failed.getByText("550 No such user here")).toBeDefined();
    expect(failed.getByText("You can fix this.")).toBeDefined();
    const notice = within(screen.getByRole("alert"));
    expect(notice.getByText("The provider refused the message")).toBeDefined();
  });

  it("tells between two steps that the contact was moved to another version, and names each step as its version does", async () => {
    const earlier = { ...version, id: historyIds.send, number: 7, nodes: [{ ...version.nodes[1], data: { label: "As it was" } }] };
    const move: ExecutionMove = {
      at: "2026-05-03T13:10:00.000Z",
      afterVisit: 1,
      action: "node",
      from: { versionId: earlier.id, version: 7, nodeId: "sms" },
      to: { versionId: version.id, version: 8, nodeId: "sms" },
    };
    fakeApi({
      listSteps: () => ({
        items: [1, 2].map((visit) => buildStep({ visit, nodeId: "sms", nodeType: "send_sms", exit: "sent" })),
        moves: [move],
      }),
      listMessages: () => ({ items: [], nextCursor: null }),
      getFlowVersion: ({ params }) => (params.id === earlier.id ? earlier : version) as never,
    });
    await renderUi(<ExecutionDetail execution={buildExecution()} zone="America/Chicago" />);
    await screen.findByRole("listitem", { name: "Step 1: As it was" });
    await screen.findByRole("listitem", { name: "Step 2: Say hello" });
    expect(screen.getAllByRole("listitem").map((item) => item.getAttribute("aria-label"))).toEqual([
      "Step 1: As it was",
      "Moved from version 7 to version 8, to another step",
      "Step 2: Say hello",
    ]);
  });

  it("says of a skipped step why, which is not a failure", async () => {
    await show(buildExecution({ status: "completed" }), [
      buildStep({ visit: 1, nodeId: "sms", nodeType: "send_sms", status: "skipped", exit: "sent", reason: "opted_out_sms" }),
    ]);
    const skipped = await step(/Say hello/);
    expect(skipped.getByText("Skipped")).toBeDefined();
    expect(skipped.getByText(/Opted out of SMS/)).toBeDefined();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("says until when a step waits", async () => {
    await show(buildExecution({ wakeAt: "2026-05-04T14:00:00Z", waitingFor: "time" }), [
      buildStep({ nodeId: "gone", nodeType: "delay", status: "waiting", exit: null, wakeAt: "2026-05-04T14:00:00Z", completedAt: null }),
    ]);
    const waiting = await step(/Step 1: Delay/);
    expect(waiting.getByText("Waiting until tomorrow 9:00 (Chicago)")).toBeDefined();
  });

  it("shows the message as it was sent, at the step that sent it", async () => {
    const message = buildMessage({ body: "Hi Ada, welcome!", to: "+13125550123" });
    await show(
      buildExecution({ status: "completed" }),
      [buildStep({ nodeId: "sms", nodeType: "send_sms", exit: "sent", result: { messageId: message.id, provider: "capture" } })],
      [message],
    );
    const sent = await step(/Say hello/);
    expect(await sent.findByText("Hi Ada, welcome!")).toBeDefined();
    expect(sent.getByText("SMS to +13125550123")).toBeDefined();
    // Neither the step nor its message is shown as a success.
    expect(sent.getAllByText("Test only, not sent")).toHaveLength(2);
    expect(screen.queryByText("Messages on their way")).toBeNull();
  });

  it("says of a deleted contact's message that it is gone, not that it went to nobody", async () => {
    const message = buildMessage({ contactId: null, contactName: null, to: null, body: null });
    await show(
      buildExecution({ contactId: null, contactName: null, status: "cancelled", endedReason: "contact_deleted" }),
      [buildStep({ nodeId: "sms", nodeType: "send_sms", exit: "sent", result: { messageId: message.id } })],
      [message],
    );
    const sent = await step(/Say hello/);
    expect(await sent.findByText("SMS to a deleted contact")).toBeDefined();
    expect(sent.getByText("The address and the text were removed with the contact.")).toBeDefined();
  });

  it("does not hide a message whose outcome no step has recorded", async () => {
    await show(buildExecution(), [buildStep()], [buildMessage({ status: "sending", provider: "smtp", sentAt: null })]);
    expect(await screen.findByText("Messages on their way")).toBeDefined();
    expect(screen.getByText("Sending")).toBeDefined();
  });

  it("shows what a condition compared and which way it went", async () => {
    const compared = [{ branch: "vip", field: "lead_status", operator: "is", wanted: "VIP", found: null, held: false }];
    await show(buildExecution(), [
      buildStep({ nodeId: "check", nodeType: "condition", exit: "otherwise", result: { branch: "otherwise", compared } }),
    ]);
    const checked = await step(/Condition/);
    expect(await checked.findByText(/Left by “Otherwise”/)).toBeDefined();
    const test = within(checked.getByRole("list", { name: "Values compared" })).getByRole("listitem");
    expect(test.textContent).toBe("lead status is VIP – found nothing");
    expect(within(test).getByRole("img", { name: "Not true:" })).toBeDefined();
  });

  it("counts tries of one visit as one step and keeps the earlier ones", async () => {
    await show(buildExecution(), [
      buildStep({
        visit: 2,
        attempt: 1,
        nodeId: "sms",
        nodeType: "send_sms",
        status: "failed",
        exit: null,
        reason: "provider_unavailable",
      }),
      buildStep({ visit: 2, attempt: 2, nodeId: "sms", nodeType: "send_sms", status: "completed", exit: "sent" }),
    ]);
    const again = await step(/Say hello/);
    expect(within(screen.getByRole("list", { name: "Steps" })).getAllByRole("listitem", { name: /^Step/ })).toHaveLength(1);
    expect(again.getByText(/Attempt 2/)).toBeDefined();
    expect(again.getByText("1 earlier attempt")).toBeDefined();
    expect(again.getByText("The provider could not be reached")).toBeDefined();
  });

  it("says who began it, why, and that a test reached nobody", async () => {
    await show(buildExecution({ isTest: true }), []);
    expect(await screen.findByText("No step has been taken yet.")).toBeDefined();
    expect(screen.getByText(/Manual send \(Contacts page\), Grace Hopper/)).toBeDefined();
    expect(screen.getByTitle("A test: its messages were kept here and reached nobody")).toBeDefined();
  });
});
