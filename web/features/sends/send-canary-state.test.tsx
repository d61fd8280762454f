import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { nothingSeen, type SendCanary } from "#contract/send-canary.ts";
import type { Send } from "#contract/sends.ts";
import { buildSend } from "#test/build-history.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { SendCanaryState } from "./send-canary-state.tsx";
import { useSendControls } from "./use-send-controls.tsx";

const zone = "Europe/London";
const canary = (more: Partial<SendCanary> = {}): SendCanary => ({
  ...{ contacts: 25, percent: null, minutes: 15, failurePercent: 2, optOutPercent: 0.5, few: 25, fewBeginBy: null },
  ...{ watchedSince: null, decidesAt: null, heldAt: null, heldFor: [], openedAt: null, openedBy: null, openedByName: null },
  ...{ version: 3, newerVersion: null },
  seen: { ...nothingSeen, begun: 25, sent: 25 },
  ...more,
});
const sendWith = (more: Partial<SendCanary>, changes: Partial<Send> = {}) =>
  buildSend({ state: "canary", total: 3_400, enrolled: 3_400, active: 3_400, canary: canary(more), ...changes });
const soon = () => new Date(Date.now() + 14.5 * 60_000).toISOString();

function Shown({ send, mayAct }: { send: Send; mayAct: boolean }) {
  const controls = useSendControls({ zone });
  return (
    <>
      <SendCanaryState send={send} canary={send.canary as SendCanary} controls={mayAct ? controls : null} now={Date.now()} zone={zone} />
      {controls.dialogs}
    </>
  );
}
const show = (send: Send, mayAct = true) => renderUi(<Shown send={send} mayAct={mayAct} />);
const failed = { heldAt: "2026-05-03T13:05:00.000Z", heldFor: [{ what: "failures" as const, contacts: 1 }] };

describe("the first contacts of a send", () => {
  it("shows a refusal, and stays where it is", async () => {
    fakeApi({
      openCanary: () => {
        throw new Refusal("send_over", "This send is over; there is nothing left to let go.");
      },
    });
    const { user } = await show(sendWith({ watchedSince: "2026-05-03T13:00:00.000Z", decidesAt: soon() }));
    await user.click(screen.getByRole("button", { name: "Go on now" }));
    await user.click(await screen.findByRole("button", { name: "Go on with 3,375 other contacts" }));
    expect(await screen.findByText(/there is nothing left to let go/)).toBeTruthy();
  });

  it("has no buttons for who may only read", async () => {
    await show(sendWith({}), false);
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("says what was seen and how much time is left", async () => {
    await show(sendWith({ watchedSince: "2026-05-03T13:00:00.000Z", decidesAt: soon() }));
    expect(screen.getByRole("status").textContent).toBe("The rest follows by itself if the first 25 went well.");
    expect(screen.getByText(/25 of 25 begun/).closest("p")?.textContent).toBe(
      "25 of 25 begun · 25 sent · 0 failed · 0 opted out · 15 min left",
    );
  });

  it.each([
    ["before they are drawn", { few: null }, "It begins with 25 contacts, as soon as all are enrolled."],
    ["a share of them", { few: null, contacts: null, percent: 1 }, "It begins with 1 % of the contacts, as soon as all are enrolled."],
    ["while they begin", { seen: { ...nothingSeen, begun: 3 } }, "It begins with the first 25. The rest waits."],
    [
      "while the flow waits before its first message",
      { seen: { ...nothingSeen, begun: 25 } },
      "None of the first 25 has come to a message yet. The rest follows 15 minutes after the first messages, if they go well.",
    ],
    [
      "while their messages wait for hours",
      { seen: { ...nothingSeen, begun: 25, sent: 20, waiting: 5 } },
      "Of the first 25, 5 wait for their message to leave. The rest follows 15 minutes after the first messages, if they go well.",
    ],
  ])("says what it waits for: %s", async (_, more, words) => {
    await show(sendWith(more));
    expect(screen.getByRole("status").textContent).toBe(words);
  });

  it("held, says why with figures, and asks before the rest follows", async () => {
    const server = fakeApi({ openCanary: () => sendWith({ ...failed, openedAt: "2026-05-03T13:10:00.000Z", openedBy: "person" }) });
    const { user } = await show(sendWith({ ...failed, seen: { ...nothingSeen, begun: 25, sent: 24, failed: 1 } }));
    expect(screen.getByRole("status").textContent).toBe("Held: 3,375 others wait until somebody decides.");
    expect(screen.getByText("1 of the first 25 failed: 4 %, where at most 2 % may.")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Go on now" }));
    expect(server.calls).toEqual([]);
    await user.click(await screen.findByRole("button", { name: "Go on with 3,375 other contacts" }));
    await waitFor(() => expect(server.calls.map(({ id }) => id)).toContain("openCanary"));
  });

  it("names the version that the rest gets where another one was published meanwhile", async () => {
    await show(sendWith({ ...failed, newerVersion: 5 }));
    expect(screen.getByText(/Version 5 was published since. The rest still gets version 3/)).toBeTruthy();
  });

  it.each([
    [{ openedBy: "itself" as const }, /^The rest followed by itself .*· 25 of 25 begun · 25 sent/],
    [
      { ...failed, openedBy: "person" as const, openedByName: "Ada" },
      /^Ada let the rest follow, although it was held .*1 of the first 25 failed/,
    ],
    [{ openedBy: "too_few" as const, few: null }, /^There were no more contacts than those to begin with/],
  ])("afterwards says how it came: %j", async (more, words) => {
    const { container } = await show(sendWith({ openedAt: "2026-05-03T13:10:00.000Z", ...more }, { state: "running" }));
    expect(container.textContent).toMatch(words);
    expect(screen.queryByRole("button")).toBeNull();
  });
});
