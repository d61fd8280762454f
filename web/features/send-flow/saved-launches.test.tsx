import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { SavedLaunch, SavedTerms } from "#contract/saved-launches.ts";
import { CreateSend, notKept } from "#contract/send-requests.ts";
import { usualSendingRules } from "#contract/sending-rules.ts";
import { answer, at, flowApi, graph, send, uuid, welcome } from "#test/build-flow.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import type { Audience } from "./audience.ts";
import { SendFlowDialog } from "./send-flow-dialog.tsx";

const filter = { tests: [{ field: "lead_status" as const, operator: "is" as const, value: "New" }] };
const two: Audience = { selection: { type: "ids", ids: [uuid(5), uuid(6)] }, total: 2, names: ["John Doe", "Jane Smith"], words: null };
const all: Audience = {
  selection: { type: "filter", filter, excluded: [] },
  total: 40,
  names: [],
  words: "All contacts where Lead status is New",
};
const one: Audience = { selection: { type: "ids", ids: [uuid(5)] }, total: 1, names: ["John Doe"], words: null };
const launch = (changes: Partial<SavedLaunch> = {}): SavedLaunch => ({
  id: uuid(70),
  name: "Monday offer",
  flowId: welcome.id,
  flowName: welcome.name,
  shared: false,
  madeByName: "Ada",
  mayChange: true,
  terms: { filter, exclude: { messagedDays: 7 }, oncePerAddress: true },
  createdAt: at,
  lastSend: { id: uuid(71), state: "done", createdAt: at, total: 30, enrolled: 28, reached: 27, failed: 1 },
  ...changes,
});
const api = (items: SavedLaunch[] = [launch()]) => ({
  ...flowApi(),
  listSavedLaunches: () => ({ items }),
  countContacts: () => ({ total: 31 }),
  listFields: () => ({ items: [], contacts: { looked: 0, isSample: false } }),
});
const opened = async (audience = two) => {
  const ui = await renderUi(<SendFlowDialog audience={audience} onClose={vi.fn()} launchedFrom="Contacts page" />);
  await screen.findByPlaceholderText("Choose a flow to send");
  return ui;
};
const fold = () => screen.findByRole("button", { name: /^Saved launches/ });

describe("saved launches", () => {
  it("say that they could not be loaded, and the flow can be chosen all the same", async () => {
    const server = fakeApi({
      ...api(),
      listSavedLaunches: () => {
        throw new Refusal("internal", "Something broke.");
      },
    });
    const { user } = await opened();
    expect(await screen.findByText("Saved launches could not be loaded")).toBeTruthy();
    expect(screen.getByPlaceholderText("Choose a flow to send")).toBeTruthy();
    Object.assign(server, { listSavedLaunches: () => ({ items: [launch()] }) });
    await user.click(screen.getByRole("button", { name: "Retry" }));
    expect(await fold()).toBeTruthy();
  });

  it("are no control for who has saved nothing, and are not even asked for by who sends to one contact", async () => {
    const server = fakeApi(api([]));
    const { unmount } = await opened();
    await waitFor(() => expect(server.calls.some(({ id }) => id === "listSavedLaunches")).toBe(true));
    expect(screen.queryByRole("button", { name: /^Saved launches/ })).toBeNull();
    unmount();
    const alone = fakeApi(api());
    await opened(one);
    expect(alone.calls.some(({ id }) => id === "listSavedLaunches")).toBe(false);
  });

  it("that mean nobody now say so and change nothing", async () => {
    fakeApi({ ...api(), countContacts: () => ({ total: 0 }) });
    const { user } = await opened();
    await user.click(await fold());
    await user.click(await screen.findByRole("button", { name: "Use Monday offer" }));
    expect(await screen.findByText("Nobody matches it now")).toBeTruthy();
    expect(screen.getByText("John Doe")).toBeTruthy();
  });

  it("tell their last results, and fill the dialog with who matches now", async () => {
    const server = fakeApi({ ...api(), createSend: ({ body }) => answer(send(body.sendId ?? "", { total: 31, enrolled: 31 })) });
    const { user } = await opened();
    await user.click(await fold());
    const list = await screen.findByRole("list", { name: "Saved launches" });
    expect(list.textContent).toContain("28 of 30 contacts, 27 reached, 1 failed");
    expect(list.textContent).toContain("All contacts where Lead status is New");
    await user.click(within(list).getByRole("button", { name: "Use Monday offer" }));
    expect(await screen.findByText("31 contacts match it now.")).toBeTruthy();
    expect(screen.getByText("Selected Contacts (31):")).toBeTruthy();
    expect(await screen.findByText("Flow Preview:")).toBeTruthy();
    expect((await screen.findByRole("button", { name: /^Who not/ })).textContent).toContain("Not who got a message in the last 7 days");
    const button = screen.getByRole<HTMLButtonElement>("button", { name: "Send Flow" });
    await waitFor(() => expect(button.disabled).toBe(false));
    await user.click(button);
    await waitFor(() => expect(server.calls.some(({ id }) => id === "createSend")).toBe(true));
    expect(server.calls.find(({ id }) => id === "createSend")?.body).toMatchObject({
      savedLaunchId: uuid(70),
      expectedTotal: 31,
      selection: { type: "filter" },
      exclude: { messagedDays: 7 },
    });
  });

  it("keep every option that a send can be asked for, but for those on the list: what is filled is sent, and saved again as it was", async () => {
    const start = graph(welcome);
    const asks = { inputs: [{ name: "town", label: "Town", type: "text" }] };
    const terms: Required<SavedTerms> = {
      filter,
      exclude: { messagedDays: 7 },
      condition: { match: "all", tests: [{ field: "lead_status", operator: "is", value: "New", caseSensitive: false }] },
      oncePerAddress: false,
      values: { town: "Bonn" },
      drip: { count: 10, everySeconds: 3600, days: [1, 2, 3, 4, 5] },
      startsAt: { time: "09:00", zone: "workspace" },
      notLaterThan: { time: "18:00", days: 3 },
      canary: { contacts: 5, minutes: 40 },
    };
    const server = fakeApi({
      ...api([launch({ terms })]),
      getFlow: () => ({ ...start, nodes: start.nodes.map((node) => (node.type === "start" ? { ...node, data: { config: asks } } : node)) }),
      getSendingRules: () => usualSendingRules,
      createSavedLaunch: () => launch(),
      createSend: ({ body }) => answer(send(body.sendId ?? "", { total: 31, enrolled: 31 })),
    });
    const { user } = await opened();
    await user.click(await fold());
    await user.click(await screen.findByRole("button", { name: "Use Monday offer" }));
    expect(await screen.findByText("5 of 31 get it first; the rest 40 minutes later, if they went well.")).toBeTruthy();
    expect(screen.getByRole("button", { name: /^When/ }).textContent).toMatch(/after a few first, not later than .*(18:00|6:00)/);
    const button = screen.getByRole<HTMLButtonElement>("button", { name: "Schedule Flow" });
    await waitFor(() => expect(button.disabled).toBe(false));
    await user.click(screen.getByRole("button", { name: "Save for next time…" }));
    await user.type(await screen.findByRole("textbox", { name: "Name" }), "Again{Enter}");
    await waitFor(() => expect(server.calls.some(({ id }) => id === "createSavedLaunch")).toBe(true));
    expect(server.calls.find(({ id }) => id === "createSavedLaunch")?.body).toMatchObject({ terms });
    await user.click(button);
    await waitFor(() => expect(server.calls.some(({ id }) => id === "createSend")).toBe(true));
    const body = server.calls.find(({ id }) => id === "createSend")?.body as object;
    expect(body).toMatchObject({
      canary: { contacts: 5, minutes: 40 },
      notLaterThan: expect.stringMatching(/T18:00$/),
      savedLaunchId: uuid(70),
    });
    const kept = Object.keys(CreateSend.shape).filter((option) => !Object.hasOwn(notKept, option));
    expect(kept.filter((option) => !Object.hasOwn(body, option))).toEqual([]);
  });

  it("are left for the contacts that were chosen", async () => {
    fakeApi(api());
    const { user } = await opened();
    await user.click(await fold());
    await user.click(await screen.findByRole("button", { name: "Use Monday offer" }));
    await user.click(await screen.findByRole("button", { name: "Back to the contacts I chose" }));
    expect(await screen.findByText("John Doe")).toBeTruthy();
    expect(screen.queryByText("Flow Preview:")).toBeNull();
  });

  it("of others can be used and not changed, and one's own are renamed and deleted", async () => {
    const items = [launch(), launch({ id: uuid(72), name: "Theirs", shared: true, mayChange: false, madeByName: "Bea", lastSend: null })];
    const server = fakeApi({
      ...api(items),
      updateSavedLaunch: ({ body }) => launch({ name: body.name ?? "", shared: body.shared ?? false }),
      deleteSavedLaunch: () => ({ success: true as const }),
    });
    const { user } = await opened();
    await user.click(await fold());
    expect(await screen.findByText("Shared by Bea")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Delete Theirs" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Rename or share Monday offer" }));
    const name = await screen.findByRole<HTMLInputElement>("textbox", { name: "Name" });
    await waitFor(() => expect(document.activeElement).toBe(name));
    await user.clear(name);
    await user.type(name, "Tuesday offer{Enter}");
    await waitFor(() =>
      expect(server.calls.find(({ id }) => id === "updateSavedLaunch")?.body).toEqual({ name: "Tuesday offer", shared: false }),
    );
    await user.click(await screen.findByRole("button", { name: "Delete Monday offer" }));
    await user.click(await screen.findByRole("button", { name: "Delete saved launch" }));
    await waitFor(() => expect(server.calls.some(({ id }) => id === "deleteSavedLaunch")).toBe(true));
  });
});

describe("what is set", () => {
  it("is saved under a name where contacts were chosen by a filter, and tells a refusal", async () => {
    const server = fakeApi({
      ...api([]),
      createSavedLaunch: () => {
        throw new Refusal("conflict", "A workspace holds up to 1,000 saved launches.");
      },
    });
    const { user } = await opened(all);
    await user.click(await screen.findByPlaceholderText("Choose a flow to send"));
    await user.click(await screen.findByRole("option", { name: /Welcome Flow/ }));
    await user.click(await screen.findByRole("button", { name: "Save for next time…" }));
    await user.type(await screen.findByRole("textbox", { name: "Name" }), "Monday offer");
    await user.click(screen.getByRole("checkbox", { name: /Share it/ }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("A workspace holds up to 1,000 saved launches.")).toBeTruthy();
    Object.assign(server, { createSavedLaunch: () => launch({ shared: true }) });
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("“Monday offer” is saved")).toBeTruthy();
    expect(server.calls.findLast(({ id }) => id === "createSavedLaunch")?.body).toEqual({
      name: "Monday offer",
      shared: true,
      flowId: welcome.id,
      terms: { filter, oncePerAddress: true },
    });
  });

  it("cannot be saved where they were picked one by one", async () => {
    fakeApi(api([]));
    const { user } = await opened();
    await user.click(await screen.findByPlaceholderText("Choose a flow to send"));
    await user.click(await screen.findByRole("option", { name: /Welcome Flow/ }));
    await screen.findByText("Flow Preview:");
    expect(screen.queryByRole("button", { name: "Save for next time…" })).toBeNull();
  });
});
