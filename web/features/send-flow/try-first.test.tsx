import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { usualSendingRules } from "#contract/sending-rules.ts";
import { allReceive, answer, flowApi, send, uuid } from "#test/build-flow.ts";
import { fakeApi } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import type { Audience } from "./audience.ts";
import { SendFlowDialog } from "./send-flow-dialog.tsx";

const of = (total: number): Audience => ({
  selection:
    total <= 2 ? { type: "ids", ids: [uuid(5), uuid(6)].slice(0, total) } : { type: "filter", filter: { tests: [] }, excluded: [] },
  total,
  names: ["John Doe"],
  words: null,
});
const api = (total: number) => ({
  ...flowApi(),
  previewSend: () => allReceive(total),
  getSendingRules: () => usualSendingRules,
  createSend: ({ body }: { body: { sendId?: string | undefined } }) => answer(send(body.sendId ?? "", { total, enrolled: total })),
});
async function opened(total: number) {
  const server = fakeApi(api(total));
  const ui = await renderUi(<SendFlowDialog audience={of(total)} onClose={vi.fn()} launchedFrom="Contacts page" />);
  await ui.user.click(await screen.findByPlaceholderText("Choose a flow to send"));
  await ui.user.click(await screen.findByRole("option", { name: /Welcome Flow/ }));
  await screen.findByText("Flow Preview:");
  return { ...ui, server };
}
const when = () => screen.getByRole("button", { name: /^When/ });
const sent = (server: { calls: { id: string; body?: unknown }[] }) =>
  waitFor(() => {
    const body = server.calls.find(({ id }) => id === "createSend")?.body as { canary?: unknown } | undefined;
    expect(body).toBeDefined();
    return body?.canary;
  });

describe("trying with a few first", () => {
  it("is no control for one contact, nor for as many as the few would be", async () => {
    for (const total of [1, 2, 25]) {
      const { user, server, unmount } = await opened(total);
      await user.click(when());
      await screen.findByText("Send nothing after a certain time");
      if (total > 1) await waitFor(() => expect(server.calls.some(({ id }) => id === "getSendingRules")).toBe(true));
      expect(screen.queryByText("Try with a few first")).toBeNull();
      expect(screen.queryByRole("button", { name: /^Try with/ })).toBeNull();
      if (total === 1) expect(server.calls.some(({ id }) => id === "getSendingRules")).toBe(false);
      unmount();
    }
  });

  it("stands under When, with the number or the share, and nothing of it is sent unless it is chosen", async () => {
    const { user, server } = await opened(400);
    expect(screen.queryByRole("button", { name: /Try with/ })).toBeNull();
    await user.click(when());
    await user.click(await screen.findByRole("checkbox", { name: /^Try with a few first/ }));
    expect(screen.getByText(/The rest follows 15 minutes after their first messages, if at most 2 % fail/)).toBeTruthy();
    await user.click(screen.getByRole("radio", { name: "1 % (4 contacts)" }));
    expect(await screen.findByText(/4 of 400 get it first; the rest 15 minutes later/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Send Flow" }));
    expect(await sent(server)).toEqual({ percent: 1 });
  });

  it("is offered above a thousand contacts in one line, taken with one press, and given up with another", async () => {
    const { user, server } = await opened(3_400);
    await user.click(await screen.findByRole("button", { name: "Try with 25 first" }));
    expect(await screen.findByText(/25 of 3,400 get it first; the rest 15 minutes later/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "All at once" }));
    await user.click(await screen.findByRole("button", { name: "Try with 25 first" }));
    await user.click(screen.getByRole("button", { name: "Send Flow" }));
    expect(await sent(server)).toEqual({ contacts: 25 });
  });

  it("is watched for as long as is typed, and is not sent while that is no number of minutes that it takes", async () => {
    const { user, server } = await opened(400);
    await user.click(when());
    await user.click(await screen.findByRole("checkbox", { name: /^Try with a few first/ }));
    const minutes = screen.getByRole<HTMLInputElement>("spinbutton", { name: "Minutes to watch them" });
    expect(minutes.value).toBe("15");
    for (const typed of ["{Backspace}{Backspace}", "1441", "{Backspace}{Backspace}.5"]) {
      await user.type(minutes, typed);
      expect(screen.getByText("A whole number from 1 to 1,440")).toBeTruthy();
      expect(screen.getByRole<HTMLButtonElement>("button", { name: "Send Flow" }).disabled).toBe(true);
    }
    await user.clear(minutes);
    await user.type(minutes, "90");
    expect(screen.getByText(/The rest follows 90 minutes after their first messages/)).toBeTruthy();
    expect(await screen.findByText(/25 of 400 get it first; the rest 90 minutes later/)).toBeTruthy();
    await user.click(screen.getByRole("radio", { name: "1 % (4 contacts)" }));
    await user.click(screen.getByRole("button", { name: "Send Flow" }));
    expect(await sent(server)).toEqual({ percent: 1, minutes: 90 });
  });

  it("sends nothing of it where it was not taken", async () => {
    const { user, server } = await opened(3_400);
    await screen.findByRole("button", { name: "Try with 25 first" });
    await user.click(screen.getByRole("button", { name: "Send Flow" }));
    expect(await sent(server)).toBeUndefined();
  });
});
