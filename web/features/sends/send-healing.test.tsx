import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { SendHealing as Healing } from "#contract/healing.ts";
import { buildSend } from "#test/build-history.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { SendHealing } from "./send-healing.tsx";

const send = buildSend({ state: "done", enrolledAt: "2026-05-03T10:00:00Z", isTest: false, notEnrolled: 40 });
const nobody: Healing = { bar: null, contacts: 0, isWhole: true, byReason: [], wouldRepeat: 0, approval: null, last: null };
const some: Healing = {
  ...nobody,
  contacts: 1_238,
  byReason: [
    { reason: "no_phone", contacts: 1_230 },
    { reason: "send_condition", contacts: 8 },
  ],
};
const strip = () => screen.findByRole("region", { name: "Who can be reached now" });

describe("who can be reached now", () => {
  it("says that they could not be counted, and is no zero then", async () => {
    fakeApi({
      previewSendHealing: () => {
        throw new Refusal("count_took_too_long", "Who can be reached now could not be counted within 5 seconds.");
      },
    });
    await renderUi(<SendHealing send={send} mayAct />);
    expect(await screen.findByText("Who can be reached now could not be counted")).toBeDefined();
  });

  it("is not asked of a send in which nobody was missed, and is not there where nobody can be reached", async () => {
    const { calls } = fakeApi({ previewSendHealing: () => nobody });
    await renderUi(<SendHealing send={{ ...send, notEnrolled: 0, messageCounts: [] }} mayAct />);
    expect(calls).toHaveLength(0);
    await renderUi(<SendHealing send={send} mayAct />);
    await waitFor(() => expect(calls).toHaveLength(1));
    expect(screen.queryByRole("region", { name: "Who can be reached now" })).toBeNull();
  });

  it("is told to viewers without the button", async () => {
    fakeApi({ previewSendHealing: () => some });
    await renderUi(<SendHealing send={send} mayAct={false} />);
    expect((await strip()).textContent).toContain("1,238 contacts of this send were not reached, and can be now.");
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("says before the press that it needs an approval and how to get one, and offers no press that would be refused", async () => {
    fakeApi({ previewSendHealing: () => ({ ...some, approval: "new_send" as const }) });
    const { unmount } = await renderUi(<SendHealing send={send} mayAct />);
    expect((await strip()).textContent).toContain("this needs an approval. Make a new send to these contacts");
    expect(screen.queryByRole("button")).toBeNull();
    unmount();
    await renderUi(<SendHealing send={send} mayAct={false} />);
    expect((await strip()).textContent).not.toContain("approval");
  });

  it("sends to no more than it told, and tells who would get something twice", async () => {
    const { calls } = fakeApi({
      previewSendHealing: () => ({ ...some, wouldRepeat: 12 }),
      healSend: () => {
        throw new Refusal("total_changed", "By now 1300 contacts can be reached instead of 1238, so nothing was sent. Look again.");
      },
    });
    const { user } = await renderUi(<SendHealing send={send} mayAct />);
    await user.click(within(await strip()).getByRole("button", { name: "Send to 1,238 who can now be reached" }));
    const dialog = within(await screen.findByRole("alertdialog"));
    expect(dialog.getByText("No phone number: 1,230 contacts")).toBeDefined();
    expect(dialog.getByText("12 more contacts can be reached and are not sent to")).toBeDefined();
    await user.click(dialog.getByRole("button", { name: "Send to 1,238 contacts" }));
    expect(await dialog.findByText(/nothing was sent. Look again/)).toBeDefined();
    expect(calls.find(({ id }) => id === "healSend")?.body).toEqual({ seen: 1_238 });
  });

  it("says how far a press has come", async () => {
    const last = {
      isRunning: true,
      startedAt: "2026-05-03T10:00:00Z",
      startedById: null,
      startedByName: "Anna",
      enrolled: 4_000,
      continued: 21,
    };
    fakeApi({ previewSendHealing: () => ({ ...nobody, last }) });
    await renderUi(<SendHealing send={send} mayAct />);
    expect((await strip()).textContent).toBe("Sending to those who can now be reached: 4,021 so far.");
  });
});
