import { screen, waitFor } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import type { ConversationThread } from "#contract/conversations.ts";
import type { Suppression } from "#contract/suppressions.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { StopQuestion } from "./stop-question.tsx";

const id = (n: number) => `0192f000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const at = "2026-05-01T10:00:00Z";
const thread = (word: "maybe_stop" | null, closedBy: "opted_out_sms" | null = null): ConversationThread => ({
  contactId: id(1),
  contactName: "Ada Lovelace",
  conversation: null,
  channels: [{ channel: "sms", address: "+14155550100", closedBy, isTest: false }],
  messages: [
    {
      id: id(2),
      direction: "in",
      channel: "sms",
      address: "+14155550100",
      subject: null,
      text: "can you stop by at five",
      at,
      status: null,
      reason: null,
      errorMessage: null,
      provider: "twilio",
      flowName: null,
      executionId: null,
      word,
      automatic: false,
      files: 0,
    },
  ],
  hasOlder: false,
  hasNewer: false,
});
const entry: Suppression = {
  id: id(3),
  channel: "sms",
  address: "+14155550100",
  reason: "maybe_stop",
  source: "contact",
  detail: "can you stop by at five",
  mayLift: true,
  decideBy: "2026-05-05T10:00:00Z",
  createdAt: at,
  contacts: [],
};
const listed = (items: Suppression[]) => () => ({ items, nextCursor: null, total: items.length });
const question = () => screen.queryByText("Did they ask for no more messages?");

describe("whether somebody meant STOP", () => {
  test("is not asked of what cannot mean it, of who has opted out since, and of a number that is open again", async () => {
    const server = fakeApi({ listSuppressions: listed([]) });
    const { unmount } = await renderUi(<StopQuestion thread={thread(null)} />);
    expect([question(), server.calls]).toEqual([null, []]);
    unmount();
    for (const [looks, one] of [thread("maybe_stop", "opted_out_sms"), thread("maybe_stop")].entries()) {
      const page = await renderUi(<StopQuestion thread={one} />);
      await waitFor(() => expect(server.calls.length).toBe(looks + 1));
      expect(question()).toBeNull();
      page.unmount();
    }
  });

  test("says until when it is to be decided, and what follows if nobody does", async () => {
    fakeApi({ listSuppressions: listed([entry]) });
    await renderUi(<StopQuestion thread={thread("maybe_stop")} />);
    expect((await screen.findByText(/Please decide by/)).textContent).toMatch(
      /decide by 5 May (2026 )?10:00 \(UTC\): after that it counts as STOP/,
    );
  });

  test("that nobody answered in time counts as STOP, which an admin may take back and an editor may not", async () => {
    fakeApi({ listSuppressions: listed([{ ...entry, reason: "stop", source: "undecided", decideBy: null }]) });
    const { unmount } = await renderUi(<StopQuestion thread={thread("maybe_stop", "opted_out_sms")} />);
    expect(await screen.findByText("Nobody decided in time, so it counts as STOP")).toBeDefined();
    expect(screen.getAllByRole("button").map(({ textContent }) => textContent)).toEqual(["No, they meant something else"]);
    unmount();
    await renderUi(<StopQuestion thread={thread("maybe_stop", "opted_out_sms")} />, { role: "editor" });
    expect(await screen.findByText("Nobody decided in time, so it counts as STOP")).toBeDefined();
    expect(screen.queryAllByRole("button")).toEqual([]);
  });

  test("that could not be read is an error, and not a number that is open", async () => {
    const server = fakeApi({
      listSuppressions: () => {
        throw new Refusal("unavailable", "The database does not answer.");
      },
    });
    const { user } = await renderUi(<StopQuestion thread={thread("maybe_stop")} />);
    expect(await screen.findByText(/could not be read/)).toBeDefined();
    server.listSuppressions = listed([entry]);
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(question()).not.toBeNull());
  });

  test("is told to a viewer, who cannot decide, and leaves an editor only the stricter answer", async () => {
    fakeApi({ listSuppressions: listed([entry]) });
    const page = await renderUi(<StopQuestion thread={thread("maybe_stop")} />, { role: "viewer" });
    await waitFor(() => expect(question()).not.toBeNull());
    expect(screen.queryAllByRole("button")).toEqual([]);
    page.unmount();
    await renderUi(<StopQuestion thread={thread("maybe_stop")} />, { role: "editor" });
    expect(await screen.findByRole("button", { name: "Yes, send no more texts" })).toBeDefined();
    expect(screen.queryByRole("button", { name: /something else/ })).toBeNull();
  });

  test("answered with yes opts the contact out", async () => {
    const server = fakeApi({ listSuppressions: listed([entry]), updateContact: () => ({}) as never });
    const { user } = await renderUi(<StopQuestion thread={thread("maybe_stop")} />);
    await user.click(await screen.findByRole("button", { name: "Yes, send no more texts" }));
    await waitFor(() => expect(server.calls.find(({ id: route }) => route === "updateContact")?.body).toEqual({ smsOptedOut: true }));
  });

  test("answered with no opens the number again, for a reason", async () => {
    const server = fakeApi({ listSuppressions: listed([entry]), liftSuppression: () => ({ success: true }) });
    const { user } = await renderUi(<StopQuestion thread={thread("maybe_stop")} />);
    await user.click(await screen.findByRole("button", { name: "No, they meant something else" }));
    await user.type(await screen.findByLabelText("Why is it allowed again?"), "They only asked for a visit");
    server.listSuppressions = listed([]);
    await user.click(screen.getByRole("button", { name: "Allow again" }));
    await waitFor(() => expect(question()).toBeNull());
  });
});
