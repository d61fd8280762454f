import { fireEvent, screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { PlannedExecution } from "#contract/contact-plan.ts";
import type { TimelineEntry } from "#contract/contact-timeline.ts";
import { historyIds } from "#test/build-history.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { Plan } from "./plan.tsx";
import { Timeline } from "./timeline.tsx";

const contact = { id: historyIds.contact, name: "Ada Lovelace" };
const wait = { visit: 3, attempt: 1, until: "2030-05-04T08:00:00.000Z", mayMove: true };
const planned = (more: Partial<PlannedExecution> = {}): PlannedExecution => ({
  executionId: historyIds.execution,
  flowId: historyIds.flow,
  flowName: "Welcome Flow",
  isTest: false,
  isPaused: false,
  nodeId: "wait",
  label: "Wait a day",
  waitingFor: "time",
  since: "2030-05-03T08:00:00.000Z",
  until: wait.until,
  wait,
  steps: [
    {
      nodeId: "sms",
      type: "send_sms",
      label: "Say hello",
      at: wait.until,
      until: null,
      status: "completed",
      reason: null,
      assumed: null,
      channel: "sms",
    },
    {
      nodeId: "mail",
      type: "send_email",
      label: "Write",
      at: wait.until,
      until: null,
      status: "skipped",
      reason: "no_email",
      assumed: null,
      channel: "email",
    },
  ],
  hasMore: false,
  end: { at: wait.until, status: "completed", reason: null },
  ...more,
});
const id = (last: string) => `0198f5a0-0000-7000-8000-00000000${last}`;
const inFlow = { executionId: historyIds.execution, flowName: "Welcome Flow", isTest: false };
const entries: TimelineEntry[] = [
  {
    kind: "message",
    id: id("0001"),
    at: "2026-05-04T08:00:00.000Z",
    ...inFlow,
    channel: "sms",
    subject: null,
    text: "Hi Ada",
    status: "sent",
    provider: "capture",
    reason: null,
  },
  {
    kind: "consent",
    id: id("0002"),
    at: "2026-05-03T08:00:00.000Z",
    channel: "email",
    state: "opted_out",
    source: "manual",
    evidence: null,
    actorName: "Grace Hopper",
  },
];

describe("what is planned for a contact", () => {
  it("says where the contact waits, what follows, and what would not happen and why", async () => {
    fakeApi({ planContact: () => ({ items: [planned()], hasMore: false }) });
    await renderUi(<Plan contact={contact} />);
    const region = within(await screen.findByRole("region", { name: "Now and next" }));
    expect((await region.findByRole("link", { name: "Welcome Flow" })).getAttribute("href")).toContain(historyIds.execution);
    expect(region.getByText(/Waiting until 4 May 2030/)).toBeDefined();
    expect(region.getByText("Say hello")).toBeDefined();
    expect(region.getByText(/would be skipped: No e-mail address/)).toBeDefined();
    expect(region.getByText(/^The flow ends/)).toBeDefined();
  });

  it("is nothing for a contact who is in no flow, and says so", async () => {
    fakeApi({ planContact: () => ({ items: [], hasMore: false }) });
    await renderUi(<Plan contact={contact} />);
    expect(await screen.findByText("Ada Lovelace is in no flow now, so nothing is planned.")).toBeDefined();
  });

  it("offers a viewer nothing to press", async () => {
    fakeApi({ planContact: () => ({ items: [planned()], hasMore: false }) });
    await renderUi(<Plan contact={contact} />, { role: "viewer" });
    await screen.findByText("Say hello");
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("offers only to take out of a wait that ends when somebody else has answered", async () => {
    fakeApi({
      planContact: () => ({ items: [planned({ waitingFor: "child", wait: { ...wait, mayMove: false }, steps: [] })], hasMore: false }),
    });
    await renderUi(<Plan contact={contact} />);
    expect(await screen.findByRole("button", { name: "Take out…" })).toBeDefined();
    expect(screen.queryByRole("button", { name: "Skip this step…" })).toBeNull();
  });

  it("says that who stands behind the few of a send waits until these are checked", async () => {
    const behind = planned({ waitingFor: "hold", until: null, wait: null, nodeId: null, label: null, steps: [], hasMore: true });
    fakeApi({ planContact: () => ({ items: [behind], hasMore: false }) });
    await renderUi(<Plan contact={contact} />);
    expect(await screen.findByText("Held until the first messages are checked")).toBeDefined();
    expect(screen.getByText("What follows is known when the first messages have been checked.")).toBeDefined();
    expect(screen.queryByText(/Scheduled/)).toBeNull();
    expect(screen.queryByRole("button")).toBeNull();
  });
});

describe("stepping in", () => {
  it("sends the wait that was seen, and moves it to the time that was chosen", async () => {
    const server = fakeApi({ planContact: () => ({ items: [planned()], hasMore: false }), rescheduleWait: () => ({ success: true }) });
    const { user } = await renderUi(<Plan contact={contact} />);
    await user.click(await screen.findByRole("button", { name: "Reschedule…" }));
    const dialog = within(await screen.findByRole("alertdialog", { name: "Reschedule “Wait a day”" }));
    const field = dialog.getByLabelText("Goes on at (London)");
    fireEvent.change(field, { target: { value: "" } });
    expect(dialog.getByRole("button", { name: "Reschedule" }).hasAttribute("disabled")).toBe(true);
    fireEvent.change(field, { target: { value: "2030-07-01T09:00" } });
    await user.click(dialog.getByRole("button", { name: "Reschedule" }));
    expect(await screen.findByText(/^Ada Lovelace goes on 1 Jul 2030/)).toBeDefined();
    expect(server.calls.find(({ id: route }) => route === "rescheduleWait")).toMatchObject({
      body: { visit: 3, attempt: 1, until: wait.until, at: "2030-07-01T08:00:00.000Z" },
    });
  });

  it("tells in the dialog that somebody else was first", async () => {
    fakeApi({
      planContact: () => ({ items: [planned()], hasMore: false }),
      skipWait: () => {
        throw new Refusal("wait_changed", "Somebody else changed this wait, or the contact has gone on. Look at it again.");
      },
    });
    const { user } = await renderUi(<Plan contact={contact} />);
    await user.click(await screen.findByRole("button", { name: "Skip this step…" }));
    const dialog = within(await screen.findByRole("alertdialog", { name: "Skip “Wait a day”?" }));
    await user.click(dialog.getByRole("button", { name: "Skip this step" }));
    expect((await dialog.findByRole("alert")).textContent).toContain("Somebody else changed this wait");
  });
});

describe("what happened with a contact", () => {
  it("says each thing in words, and does not call a captured message sent", async () => {
    fakeApi({ listTimeline: () => ({ items: entries, nextCursor: null }) });
    await renderUi(<Timeline contactId={contact.id} />);
    expect(await screen.findByText("SMS kept here as a test, not sent")).toBeDefined();
    expect(screen.getByText("Hi Ada")).toBeDefined();
    expect(screen.getByText("Opted out of e-mail, set by hand")).toBeDefined();
    expect(screen.getByText("Written down by Grace Hopper")).toBeDefined();
  });

  it("can be narrowed to kinds, and goes on further back", async () => {
    const server = fakeApi({
      listTimeline: ({ query }) => ({
        items: query.cursor ? entries.slice(1) : entries.slice(0, 1),
        nextCursor: query.cursor ? null : "more",
      }),
    });
    const { user } = await renderUi(<Timeline contactId={contact.id} />);
    await user.click(await screen.findByRole("button", { name: "Show earlier" }));
    expect(await screen.findByText("Opted out of e-mail, set by hand")).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Consent" }));
    await screen.findByText("Hi Ada");
    expect(server.calls.at(-1)).toMatchObject({ query: { kinds: "consents" } });
  });

  it("says why it could not be loaded, and tries again", async () => {
    let isDown = true;
    fakeApi({
      listTimeline: () => {
        if (isDown) throw new Refusal("unavailable", "The database is away.");
        return { items: entries, nextCursor: null };
      },
    });
    const { user } = await renderUi(<Timeline contactId={contact.id} />);
    expect((await screen.findByRole("alert")).textContent).toContain("What happened could not be loaded");
    isDown = false;
    await user.click(screen.getByRole("button", { name: "Retry" }));
    expect(await screen.findByText("Hi Ada")).toBeDefined();
  });
});
