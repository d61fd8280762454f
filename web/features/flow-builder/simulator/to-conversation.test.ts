import { expect, test } from "vitest";
import type { SimulatedStep } from "#contract/simulations.ts";
import { toConversation } from "./to-conversation.ts";

const startedAt = "2027-03-01T09:00:00.000Z";
const step = (
  nodeId: string,
  visit: number,
  times: { at: string; until?: string | null },
  more: Partial<SimulatedStep> = {},
): SimulatedStep => ({
  flowId: "00000000-0000-7000-8000-000000000001",
  flowName: "Welcome",
  nodeId,
  nodeType: "send_sms",
  nodeLabel: null,
  visit,
  attempt: 1,
  status: "completed",
  exit: "next",
  reason: null,
  result: null,
  errorMessage: null,
  wakeAt: null,
  startedAt: times.at,
  completedAt: times.until === undefined ? times.at : times.until,
  message: null,
  ...more,
});
const shown = (steps: SimulatedStep[], events: Parameters<typeof toConversation>[0]["events"] = []) =>
  toConversation({ startedAt, steps, events }).map((item) =>
    item.kind === "gap" ? item.milliseconds / 3_600_000 : item.kind === "step" ? `${item.step.nodeId} ${item.tries}` : item.event.type,
  );

test("nothing that happened is no conversation", () => {
  expect(shown([])).toEqual([]);
});

test("time that passes stands between the steps, and what takes no time does not", () => {
  const steps = [
    step("start", 1, { at: startedAt }),
    step("delay", 2, { at: "2027-03-01T09:00:00.020Z", until: "2027-03-03T09:00:00.000Z" }),
    step("sms", 3, { at: "2027-03-03T09:00:00.010Z" }),
  ];
  expect(shown(steps)[2]).toBeCloseTo(48, 2);
  expect(shown(steps).filter((item) => typeof item === "string")).toEqual(["start 1", "delay 1", "sms 1"]);
});

test("what happens to the contact stands where it happens, and shortens the gap behind it", () => {
  const steps = [
    step("delay", 1, { at: startedAt, until: "2027-03-03T09:00:00.000Z" }),
    step("sms", 2, { at: "2027-03-03T09:00:00.000Z" }),
  ];
  const stop = { at: "2027-03-02T09:00:00.000Z", event: { type: "stop", channel: "sms", afterSeconds: 86_400 } as const };
  expect(shown(steps, [stop])).toEqual(["delay 1", 24, "stop", 24, "sms 1"]);
});

test("the tries of a visit are one step, told by the last of them, and the time that they take stands behind it", () => {
  const first = step("hook", 1, { at: startedAt }, { status: "failed" });
  const second = step("hook", 1, { at: "2027-03-01T10:00:00.000Z" }, { attempt: 2 });
  expect(shown([first, second])).toEqual(["hook 2", 1]);
});

test("a wait that nothing follows still shows its time", () => {
  expect(shown([step("delay", 1, { at: startedAt, until: "2027-03-02T09:00:00.000Z" })])).toEqual(["delay 1", 24]);
});
