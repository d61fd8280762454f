import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Send } from "#contract/sends.ts";
import { answer, at, flowApi, graph, send, summary, uuid, welcome } from "#test/build-flow.ts";
import { fakeApi, Outage, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import type { Audience } from "./audience.ts";
import { SendFlowDialog } from "./send-flow-dialog.tsx";

// A dialog with a picker is much to draw for a machine that is busy with other tests.

const three: Audience = {
  selection: { type: "ids", ids: [uuid(11), uuid(12), uuid(13)] },
  total: 3,
  names: ["John Doe", "Jane Smith", "Bob Wilson"],
  words: null,
};

/** The progress of a send, told when the test says so. */
class Events {
  static open: Events[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  readonly url: string;
  constructor(url: string) {
    this.url = url;
    Events.open.push(this);
  }
  addEventListener() {}
  close() {
    this.closed = true;
  }
  tell(news: Send) {
    act(() => this.onmessage?.({ data: JSON.stringify(news) }));
  }
}
beforeEach(() => {
  Events.open = [];
  vi.stubGlobal("EventSource", Events);
});

const opened = async (audience: Audience = three) => {
  const onClose = vi.fn();
  const onSent = vi.fn();
  const ui = await renderUi(<SendFlowDialog audience={audience} onClose={onClose} onSent={onSent} launchedFrom="Contacts page" />);
  return { ...ui, onClose, onSent };
};
const picker = () => screen.findByPlaceholderText("Choose a flow to send");
const sendButton = () => screen.getByRole<HTMLButtonElement>("button", { name: "Send Flow" });
const choose = async (user: Awaited<ReturnType<typeof opened>>["user"], name = "Welcome Flow") => {
  await user.click(await picker());
  await user.click(await screen.findByRole("option", { name: new RegExp(name) }));
  await screen.findByText("Flow Preview:");
};

describe("the dialog before a flow is chosen", () => {
  it("says that flows are loading", async () => {
    fakeApi({ listFlows: () => new Promise<never>(() => {}) });
    await opened();
    expect(await screen.findByText("Loading flows...")).toBeTruthy();
    expect(sendButton().disabled).toBe(true);
  });

  it("says in place that they could not be loaded, and loads them again", async () => {
    const server = fakeApi({
      listFlows: () => {
        throw new Refusal("internal", "Something broke");
      },
    });
    const { user } = await opened();
    expect(await screen.findByText("Error loading flows")).toBeTruthy();
    Object.assign(server, flowApi());
    await user.click(screen.getByRole("button", { name: "Retry" }));
    expect(await picker()).toBeTruthy();
  });

  it("says that there are none, and does not count those without a node", async () => {
    fakeApi(flowApi([summary(1, "Empty", { stepCount: 0, canStart: false })]));
    await opened();
    expect(await screen.findByText("No flows available in this workspace")).toBeTruthy();
    expect(sendButton().disabled).toBe(true);
  });

  it("warns when it is asked to send by keyboard", async () => {
    fakeApi(flowApi());
    const { user } = await opened();
    (await picker()).focus();
    await user.keyboard("{Escape}{Control>}{Enter}{/Control}");
    expect(await screen.findByText("No flow selected")).toBeTruthy();
    expect(screen.getByText("Please select a flow to send")).toBeTruthy();
  });

  it("names three contacts and counts the others", async () => {
    fakeApi(flowApi());
    await opened({ ...three, total: 12 });
    expect(await screen.findByText("Send Flow to Contacts")).toBeTruthy();
    expect(screen.getByText("Selected Contacts (12):")).toBeTruthy();
    expect(screen.getByText("Bob Wilson")).toBeTruthy();
    expect(screen.getByText("+9 more")).toBeTruthy();
  });

  it("speaks of one contact as one", async () => {
    fakeApi(flowApi());
    const { user } = await opened({ ...three, selection: { type: "ids", ids: [uuid(11)] }, total: 1, names: ["John Doe"] });
    await choose(user);
    expect(screen.getByText("Send Flow to Contact")).toBeTruthy();
    expect(screen.getByText("This flow will be executed for 1 contact")).toBeTruthy();
    expect(screen.queryByText(/more$/)).toBeNull();
  });

  it("tells a filter in words instead of names", async () => {
    fakeApi(flowApi());
    await opened({
      selection: { type: "filter", filter: { tests: [] }, excluded: [] },
      total: 10_000,
      names: ["John Doe"],
      words: "All contacts",
    });
    expect(await screen.findByText("Selected Contacts (10,000):")).toBeTruthy();
    expect(screen.getByText("All contacts")).toBeTruthy();
    expect(screen.queryByText("John Doe")).toBeNull();
  });
});

describe("choosing a flow", () => {
  it("lists them by name, those sent last on top, and says why one cannot start", async () => {
    const flows = ["Zeta", "Alpha", "Beta", "Gamma", "Delta"].map((name, n) => summary(n + 1, name));
    const sent = summary(20, "Sent lately", { lastSentAt: at });
    const broken = summary(21, "Broken", { canStart: false, problemCount: 1 });
    const server = fakeApi(flowApi([...flows, sent, broken]));
    server.getFlow = ({ params }) =>
      graph(params.id === broken.id ? broken : sent, [{ severity: "error", code: "no_start", message: "There is no start" }]);
    const { user } = await opened();
    await user.click(await picker());
    const options = await screen.findAllByRole("option");
    expect(options.map((option) => option.textContent?.replace(/5 steps.*/, ""))).toEqual([
      "Sent lately",
      "Alpha",
      "Beta",
      "Broken",
      "Delta",
      "Gamma",
      "Zeta",
    ]);
    const option = screen.getByRole("option", { name: /Broken/ });
    expect(option.getAttribute("aria-disabled")).toBe("true");
    expect(await within(option).findByText("Cannot start: There is no start")).toBeTruthy();
  });

  it("finds by part of the name", async () => {
    fakeApi(flowApi([welcome, summary(2, "Appointment Reminder")]));
    const { user } = await opened();
    await user.click(await picker());
    fireEvent.input(await picker(), { target: { value: "remin" } });
    await waitFor(() => expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual(["Appointment Reminder5 steps"]));
  });

  it("shows what will be sent, step by step", async () => {
    fakeApi(flowApi());
    const { user } = await opened();
    await choose(user);
    const preview = screen.getByRole("region", { name: "Flow preview" });
    expect(within(preview).getByText("5 steps")).toBeTruthy();
    expect(within(preview).getByText("This flow will be executed for 3 contacts")).toBeTruthy();
    expect(await within(preview).findByText("Goodbye")).toBeTruthy();
    expect(sendButton().disabled).toBe(false);
  });

  it("does not send by the Enter that follows the one that chose", async () => {
    const server = fakeApi(flowApi());
    const { user } = await opened();
    await user.click(await picker());
    fireEvent.input(await picker(), { target: { value: "welcome" } });
    await screen.findByRole("option", { name: /Welcome Flow/ });
    await user.keyboard("{ArrowDown}");
    await user.keyboard("{Enter}");
    await screen.findByText("Flow Preview:");
    await user.keyboard("{Enter}");
    expect(document.activeElement).toBe(sendButton());
    expect(server.calls.some(({ id }) => id === "createSend")).toBe(false);
  });
});

describe("sending", () => {
  it("makes ten rapid clicks one request with one id, and says whom, what and where from", async () => {
    const server = fakeApi({ ...flowApi(), createSend: async ({ body }) => answer(send(body.sendId ?? "")) });
    const { user, onClose } = await opened();
    await choose(user);
    const button = sendButton();
    act(() => {
      for (let click = 0; click < 10; click++) fireEvent.click(button);
    });
    await waitFor(() => expect(onClose).toHaveBeenCalledTimes(1));
    const posts = server.calls.filter(({ id }) => id === "createSend");
    expect(posts).toHaveLength(1);
    expect(posts[0]?.body).toEqual({
      sendId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      flowId: welcome.id,
      forecastId: uuid(950),
      selection: three.selection,
      expectedTotal: 3,
      launchedFrom: "Contacts page",
      oncePerAddress: true,
    });
  });

  it("writes once to each address unless a person says otherwise", async () => {
    const server = fakeApi({ ...flowApi(), createSend: ({ body }) => answer(send(body.sendId ?? "")) });
    const { user, onClose } = await opened();
    await choose(user);
    await user.click(screen.getByRole("checkbox", { name: /send only once to each phone number and e-mail address/i }));
    await user.click(sendButton());
    await waitFor(() => expect(onClose).toHaveBeenCalledTimes(1));
    expect(server.calls.find(({ id }) => id === "createSend")?.body).toMatchObject({ oncePerAddress: false });
  });

  it("tells success and closes when everybody got it", async () => {
    fakeApi({ ...flowApi(), createSend: ({ body }) => answer(send(body.sendId ?? "")) });
    const { user, onClose, onSent } = await opened();
    await choose(user);
    await user.click(sendButton());
    expect(await screen.findByText("Flow sent successfully")).toBeTruthy();
    expect(screen.getByText("Flow sent to 3 contacts")).toBeTruthy();
    expect(screen.getByRole("button", { name: "View enrollment history" })).toBeTruthy();
    expect(onClose).toHaveBeenCalledTimes(1);
    expect(onSent).toHaveBeenCalledTimes(1);
    expect(screen.queryByText("The number of contacts has changed")).toBeNull();
  });

  it("shows progress as it is told, and can be neither closed nor cancelled meanwhile", async () => {
    fakeApi({ ...flowApi(), createSend: ({ body }) => answer(send(body.sendId ?? "", { state: "enrolling", enrolled: 0, active: 0 })) });
    const { user, onClose } = await opened();
    await choose(user);
    await user.click(sendButton());
    expect(await screen.findByText("Sending... 0/3")).toBeTruthy();
    await waitFor(() => expect(Events.open).toHaveLength(1));
    const events = Events.open[0] as Events;
    expect(events.url).toMatch(/\/api\/sends\/[0-9a-f-]{36}\/events/);
    const id = events.url.split("/")[3] as string;
    act(() => events.onopen?.());
    events.tell(send(id, { state: "enrolling", enrolled: 1, notEnrolled: 1, active: 1 }));
    expect(await screen.findByText("Sending... 2/3")).toBeTruthy();
    expect(screen.getByText("66%")).toBeTruthy();
    expect(screen.getByRole("progressbar", { name: "Sending" }).getAttribute("aria-valuenow")).toBe("2");
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Cancel" }).disabled).toBe(true);
    expect(screen.getByRole<HTMLButtonElement>("button", { name: /Sending/ }).disabled).toBe(true);
    expect(screen.queryByRole("button", { name: "Close" })).toBeNull();
    await user.keyboard("{Escape}");
    expect(onClose).not.toHaveBeenCalled();
    events.tell(send(id, { enrolled: 3 }));
    await waitFor(() => expect(onClose).toHaveBeenCalledTimes(1));
  });

  it("asks for the progress itself when no events come", async () => {
    let enrolled = 1;
    fakeApi({
      ...flowApi(),
      createSend: ({ body }) => answer(send(body.sendId ?? "", { state: "enrolling", enrolled: 0 })),
      getSend: ({ params }) => send(params.id, { state: enrolled < 3 ? "enrolling" : "running", enrolled: enrolled++ }),
    });
    const { user, onClose } = await opened();
    await choose(user);
    await user.click(sendButton());
    await waitFor(() => expect(onClose).toHaveBeenCalledTimes(1));
  });

  it("stays open when some did not get it, and says who and why", async () => {
    fakeApi({
      ...flowApi(),
      createSend: ({ body }) => answer(send(body.sendId ?? "", { enrolled: 2, notEnrolled: 1 })),
      listSendSkips: () => ({
        items: [{ contactId: uuid(13), contactName: "Bob Wilson", reason: "already_active_here" }],
        nextCursor: null,
      }),
    });
    const { user, onClose } = await opened();
    await choose(user);
    await user.click(sendButton());
    expect(await screen.findByText("Some flows failed to send")).toBeTruthy();
    expect(screen.getByText("1 contact failed")).toBeTruthy();
    expect(screen.getByText("Flow sent to 2 contacts")).toBeTruthy();
    expect(await screen.findByText("Already in this flow")).toBeTruthy();
    expect(onClose).not.toHaveBeenCalled();
    expect(screen.queryByRole("button", { name: "Send Flow" })).toBeNull();
  });

  it("says so when another number was sent to than was shown", async () => {
    fakeApi({ ...flowApi(), createSend: ({ body }) => answer(send(body.sendId ?? "", { total: 5, enrolled: 5 })) });
    const { user } = await opened();
    await choose(user);
    await user.click(sendButton());
    expect(await screen.findByText("The number of contacts has changed")).toBeTruthy();
    expect(screen.getByText(/You were shown 3\. .* held 5\./)).toBeTruthy();
  });
});

describe("a send that fails", () => {
  it("says why, stays open and lets it be tried again", async () => {
    const server = fakeApi({
      ...flowApi(),
      createSend: () => {
        throw new Refusal("flow_invalid", "The flow has problems that must be fixed first");
      },
    });
    const { user, onClose } = await opened();
    await choose(user);
    await user.click(sendButton());
    expect(await screen.findByText("Error sending flow")).toBeTruthy();
    expect(screen.getByText("The flow has problems that must be fixed first")).toBeTruthy();
    expect(onClose).not.toHaveBeenCalled();
    server.createSend = ({ body }) => answer(send(body.sendId ?? ""));
    await user.click(sendButton());
    await waitFor(() => expect(onClose).toHaveBeenCalledTimes(1));
  });

  it("carries the same id when it is pressed again after the connection broke", async () => {
    const server = fakeApi({
      ...flowApi(),
      createSend: () => {
        throw new Outage();
      },
      getSend: () => {
        throw new Outage();
      },
    });
    const { user, onClose } = await opened();
    await choose(user);
    await user.click(sendButton());
    expect(await screen.findByText("Error sending flow")).toBeTruthy();
    server.createSend = ({ body }) => answer(send(body.sendId ?? ""));
    await user.click(sendButton());
    await waitFor(() => expect(onClose).toHaveBeenCalledTimes(1));
    const ids = server.calls.filter(({ id }) => id === "createSend").map(({ body }) => (body as { sendId: string }).sendId);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1]);
  });

  it("is no failure when the answer was lost but the send had arrived", async () => {
    const server = fakeApi({
      ...flowApi(),
      createSend: () => {
        throw new Outage();
      },
      getSend: ({ params }) => send(params.id),
    });
    const { user, onClose } = await opened();
    await choose(user);
    await user.click(sendButton());
    expect(await screen.findByText("Flow sent successfully")).toBeTruthy();
    expect(screen.queryByText("Error sending flow")).toBeNull();
    expect(onClose).toHaveBeenCalledTimes(1);
    expect(server.calls.filter(({ id }) => id === "createSend")).toHaveLength(1);
  });

  it("may be left when the server has the send but can no longer be asked", async () => {
    fakeApi({
      ...flowApi(),
      createSend: ({ body }) => answer(send(body.sendId ?? "", { state: "enrolling", enrolled: 0 })),
      getSend: () => {
        throw new Outage();
      },
    });
    const { user, onClose } = await opened();
    await choose(user);
    await user.click(sendButton());
    await waitFor(() => expect(Events.open).toHaveLength(1));
    act(() => Events.open[0]?.onerror?.());
    expect(await screen.findByText(/The send goes on without this page/)).toBeTruthy();
    await user.click(screen.getAllByRole("button", { name: "Close" })[0] as HTMLElement);
    expect(onClose).toHaveBeenCalled();
  });
});

describe("closing", () => {
  it("is done by Esc, by X and by Cancel, not by a click outside", async () => {
    fakeApi(flowApi());
    const { user, onClose } = await opened();
    (await picker()).focus();
    fireEvent.pointerDown(document.body);
    fireEvent.click(document.body);
    expect(onClose).not.toHaveBeenCalled();
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    await user.click(screen.getByRole("button", { name: "Close" }));
    await user.keyboard("{Escape}");
    expect(onClose.mock.calls.length).toBeGreaterThanOrEqual(3);
  });
});
