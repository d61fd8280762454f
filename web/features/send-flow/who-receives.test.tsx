import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { SendPreview } from "#contract/sends.ts";
import { allReceive, answer, flowApi, providersOf, send, summary, uuid, welcome } from "#test/build-flow.ts";
import { fakeApi, Outage, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import type { Audience } from "./audience.ts";
import { previewLine } from "./preview-words.ts";
import { SendFlowDialog } from "./send-flow-dialog.tsx";

const many: Audience = {
  selection: { type: "filter", filter: { tests: [] }, excluded: [uuid(5)] },
  total: 10_000,
  names: ["John Doe"],
  words: "All contacts",
};
const some: SendPreview = {
  total: 10_000,
  nothing: 434,
  sampled: null,
  approval: { lately: 0, approvers: 1 },
  notEnrolled: [{ reason: "already_active_here", contacts: 12 }],
  channels: [
    {
      channel: "sms",
      refused: [
        { reason: "no_phone", contacts: 1200, nothing: 300 },
        { reason: "opted_out_sms", contacts: 472, nothing: 122 },
      ],
    },
    { channel: "email", refused: [{ reason: "no_email", contacts: 1919, nothing: 422 }] },
  ],
};

async function chosen(audience: Audience = many) {
  const ui = await renderUi(<SendFlowDialog audience={audience} onClose={vi.fn()} launchedFrom="Contacts page" />);
  await ui.user.click(await screen.findByPlaceholderText("Choose a flow to send"));
  await ui.user.click(await screen.findByRole("option", { name: /Welcome Flow/ }));
  await screen.findByText("Flow Preview:");
  return ui;
}
const sendButton = () => screen.getByRole<HTMLButtonElement>("button", { name: "Send Flow" });

describe("the line before the press", () => {
  it("tells an error as an error, and leaves the button alone", async () => {
    const server = fakeApi({
      ...flowApi(),
      previewSend: () => {
        throw new Refusal(
          "count_took_too_long",
          "These contacts could not be counted within 5 seconds. You can send the flow all the same.",
        );
      },
    });
    const { user } = await chosen();
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("How many can receive nothing is not known.");
    expect(alert.textContent).toContain("could not be counted within 5 seconds");
    expect(sendButton().disabled).toBe(false);
    server.previewSend = () => some;
    await user.click(within(alert).getByRole("button", { name: "Count again" }));
    expect(await screen.findByText("434 of 10,000 can receive nothing")).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("says that it is counting when that takes long, and sending does not wait for it", async () => {
    const server = fakeApi({
      ...flowApi(),
      previewSend: () => new Promise<never>(() => {}),
      createSend: ({ body }) => answer(send(body.sendId ?? "", { total: 10_000, enrolled: 10_000 })),
    });
    const { user } = await chosen();
    expect(await screen.findByText("Counting who can receive something…")).toBeTruthy();
    expect(sendButton().disabled).toBe(false);
    await user.click(sendButton());
    await waitFor(() => expect(server.calls.some(({ id }) => id === "createSend")).toBe(true));
  });

  it("asks for the flow, the selection and the addresses of this very send", async () => {
    const server = fakeApi({ ...flowApi(), previewSend: () => some });
    const { user } = await chosen();
    await screen.findByText("434 of 10,000 can receive nothing");
    await user.click(screen.getByRole("checkbox", { name: /send only once/i }));
    await waitFor(() => expect(server.calls.filter(({ id }) => id === "previewSend")).toHaveLength(2));
    expect(server.calls.filter(({ id }) => id === "previewSend").map(({ body }) => body)).toEqual([
      { flowId: welcome.id, selection: many.selection, oncePerAddress: true },
      { flowId: welcome.id, selection: many.selection, oncePerAddress: false },
    ]);
  });

  it("names the reasons when it is opened, and says what it counts", async () => {
    fakeApi({ ...flowApi(), previewSend: () => some });
    const { user } = await chosen();
    const reasons = await screen.findByRole("button", { name: "Reasons" });
    expect(reasons.getAttribute("aria-expanded")).toBe("false");
    expect(screen.queryByText(/No phone number/)).toBeNull();
    await user.click(reasons);
    expect(screen.getByText("Already in this flow: 12")).toBeTruthy();
    expect(screen.getByText("1,672 contacts cannot receive the SMS")).toBeTruthy();
    expect(screen.getByText("No phone number: 1,200, of whom 300 can receive nothing")).toBeTruthy();
    expect(screen.getByText("No e-mail address: 1,919, of whom 422 can receive nothing")).toBeTruthy();
    expect(screen.getByText(/does not look at which way/)).toBeTruthy();
  });

  it("sums up in words for one contact, for everybody, and where only one channel is closed", () => {
    const line = (preview: SendPreview) => previewLine(preview)?.line;
    expect(line(allReceive(3))).toBe("All 3 can receive the messages");
    expect(line(allReceive(1, { nothing: 1 }))).toBe("This contact can receive nothing");
    const refused = [{ reason: "opted_out_sms" as const, contacts: 1, nothing: 0 }];
    const both = [
      { channel: "sms" as const, refused },
      { channel: "email" as const, refused: [] },
    ];
    expect(line(allReceive(1, { channels: both }))).toBe("This contact cannot receive the SMS, but can receive the e-mail");
    expect(line(allReceive(1, { channels: both.slice(0, 1) }))).toBe("This contact cannot receive the SMS, but can receive something");
    expect(line(allReceive(2, { channels: [{ channel: "sms", refused: [{ reason: "dnc", contacts: 1, nothing: 0 }] }] }))).toBe(
      "All 2 can receive something, but 1 cannot receive the SMS",
    );
    expect(line(allReceive(5, { nothing: 2, notEnrolled: [{ reason: "already_active_here", contacts: 2 }], channels: [] }))).toBe(
      "2 of 5 will not start",
    );
    expect(line({ ...allReceive(5), channels: [] })).toBeUndefined();
  });

  it("says that its figures are estimates where contacts were picked at random, and claims nothing of all of them", async () => {
    const million = { ...some, total: 1_000_000, nothing: 43_412, sampled: 19_876 };
    expect(previewLine(million)?.line).toBe("About 43,000 of 1,000,000 can receive nothing");
    expect(previewLine(allReceive(1_000_000, { sampled: 19_876 }))?.line).toBe("Nearly all of 1,000,000 can receive the messages");
    fakeApi({ ...flowApi(), previewSend: () => million });
    const { user } = await chosen();
    await user.click(await screen.findByRole("button", { name: "Reasons" }));
    expect(screen.getByText("About 1,700 contacts cannot receive the SMS")).toBeTruthy();
    expect(screen.getByText(/Estimated from 19,876 of the 1,000,000 contacts, picked at random/)).toBeTruthy();
  });

  it("is not forgotten by the toast, which comes while the messages are still on their way", async () => {
    fakeApi({
      ...flowApi(),
      previewSend: () => some,
      createSend: ({ body }) => answer(send(body.sendId ?? "", { total: 10_000, enrolled: 9_988, notEnrolled: 0 })),
    });
    const { user } = await chosen();
    await screen.findByText("434 of 10,000 can receive nothing");
    await user.click(sendButton());
    expect(await screen.findByText("Flow sent to 9,988 contacts. 422 of them can receive nothing.")).toBeTruthy();
  });

  it("keeps the toast from calling it a success when nobody can receive anything", async () => {
    fakeApi({
      ...flowApi(),
      previewSend: () =>
        allReceive(3, { nothing: 3, channels: [{ channel: "sms", refused: [{ reason: "no_phone", contacts: 3, nothing: 3 }] }] }),
      createSend: ({ body }) => answer(send(body.sendId ?? "")),
    });
    const { user } = await chosen();
    await screen.findByText("3 of 3 can receive nothing");
    await user.click(sendButton());
    expect(await screen.findByText("Flow started, but nobody can receive anything")).toBeTruthy();
    expect(screen.queryByText("Flow sent successfully")).toBeNull();
  });
});

describe("where nothing really leaves", () => {
  it.each([
    ["capture", "smtp", ["sms"], "SMS is in test mode: nothing leaves."],
    ["capture", "capture", ["sms", "email"], "SMS and e-mail are in test mode: nothing leaves."],
    ["gateway", "capture", ["email"], "E-mail is in test mode: nothing leaves."],
  ] as const)("with %s for SMS and %s for e-mail, a flow of %s says so", async (sms, email, channels, words) => {
    fakeApi({ ...flowApi([summary(1, "Welcome Flow", { channels: [...channels] })]), listProviders: () => providersOf(sms, email) });
    await chosen();
    expect(await screen.findByText(new RegExp(words))).toBeTruthy();
  });

  it("says nothing of a channel that the flow does not use, or that really sends", async () => {
    fakeApi({ ...flowApi(), listProviders: () => providersOf("gateway", "capture") });
    await chosen();
    await screen.findByText("All 2,160 can receive the messages");
    expect(screen.queryByText(/test mode/)).toBeNull();
  });

  it("says that a restored copy holds everything, and that it does not know when it cannot read it", async () => {
    const server = fakeApi({ ...flowApi(), getInstance: () => ({ sendingHeldSince: "2026-05-03T09:00:00Z" }) });
    const { unmount } = await chosen();
    expect(await screen.findByText(/restored copy: nothing leaves/)).toBeTruthy();
    unmount();
    server.getInstance = flowApi().getInstance;
    server.listProviders = () => {
      throw new Outage();
    };
    await chosen();
    expect(await screen.findByText(/Whether these messages really leave could not be read/)).toBeTruthy();
  });
});
