import { act, screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Conversation, ConversationThread, InboxState } from "#contract/conversations.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { Conversations, type ConversationsView } from "./conversations.tsx";

const id = (n: number) => `0192f000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const at = "2026-05-01T10:00:00Z";
const ada: Conversation = {
  contactId: id(1),
  contactName: "Ada Lovelace",
  status: "open",
  assigneeId: null,
  unread: 1,
  lastAt: at,
  lastChannel: "sms",
  lastText: "Where is my invoice?",
  lastWord: null,
};
const bob: Conversation = { ...ada, contactId: id(2), contactName: "Bob Müller", unread: 0, lastText: "Thanks" };
const message = (n: number, text: string): ConversationThread["messages"][number] => ({
  id: id(100 + n),
  direction: "in",
  channel: "sms",
  address: "+14155550100",
  subject: null,
  text,
  at,
  status: null,
  reason: null,
  errorMessage: null,
  provider: "capture",
  flowName: null,
  executionId: null,
  word: null,
  automatic: false,
  files: 0,
});
const thread: ConversationThread = {
  contactId: id(1),
  contactName: "Ada Lovelace",
  conversation: ada,
  channels: [{ channel: "sms", address: "+14155550100", closedBy: null, isTest: false }],
  messages: [message(1, "Hello"), message(2, "Where is my invoice?")],
  hasOlder: false,
  hasNewer: false,
};

/** The stream of the inbox; the test is the server. */
class Events {
  static made: Events[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  isClosed = false;
  readonly url: string;
  constructor(url: string) {
    this.url = url;
    Events.made.push(this);
  }
  addEventListener() {}
  close() {
    this.isClosed = true;
  }
}
const stream = () => Events.made.findLast(({ isClosed }) => !isClosed) as Events;
const open = () => act(() => stream().onopen?.());
const tell = (state: Partial<InboxState>) =>
  act(() => stream().onmessage?.({ data: JSON.stringify({ unread: 0, list: "a", thread: null, ...state }) }));

beforeEach(() => {
  Events.made = [];
  vi.stubGlobal("EventSource", Events);
});
afterEach(() => vi.useRealTimers());

function Page({ start = {} }: { start?: Partial<ConversationsView> }) {
  const first = { which: "open", search: undefined, contactId: undefined, messageId: undefined } as const;
  const [view, setView] = useState<ConversationsView>({ ...first, ...start });
  return <Conversations view={view} onChange={(change) => setView((now) => ({ ...now, ...change }))} onSendFlow={() => {}} toSent={null} />;
}

function serve() {
  return fakeApi({
    listConversations: () => ({ items: [ada, bob], nextCursor: null }),
    getConversation: () => thread,
    updateConversation: () => ({ success: true }),
    countUnreadConversations: () => ({ unread: 1 }),
    listMembers: () => ({ items: [] }),
    searchConversations: () => ({
      conversations: [bob],
      messages: [
        { id: id(102), contactId: id(1), contactName: "Ada Lovelace", direction: "in", channel: "sms", at, text: "Where is my invoice?" },
      ],
      moreConversations: false,
      moreMessages: false,
    }),
  });
}
const callsOf = (server: ReturnType<typeof fakeApi>, name: string) => server.calls.filter((call) => call.id === name).length;

describe("the inbox, live", () => {
  test("asks nothing again and again while the stream stands", async () => {
    const server = serve();
    await renderUi(<Page />);
    await screen.findByText("Ada Lovelace");
    open();
    tell({});
    await waitFor(() => expect(callsOf(server, "listConversations")).toBeGreaterThan(1));
    const before = server.calls.length;
    vi.useFakeTimers();
    await act(() => vi.advanceTimersByTimeAsync(120_000));
    expect(server.calls.length).toBe(before);
  });

  test("reads the list again when it has changed, however many look, and nothing when all is as it was", async () => {
    const server = serve();
    await renderUi(<Page />);
    await screen.findByText("Ada Lovelace");
    open();
    tell({ list: "a" });
    await waitFor(() => expect(callsOf(server, "listConversations")).toBeGreaterThan(1));
    server.listConversations = () => ({ items: [{ ...ada, lastText: "One more thing" }], nextCursor: null });
    tell({ list: "b", unread: 1 });
    expect(await screen.findByText("One more thing")).toBeDefined();
    const before = callsOf(server, "listConversations");
    tell({ list: "b", unread: 1 });
    tell({ list: "b", unread: 1 });
    expect(callsOf(server, "listConversations")).toBe(before);
  });

  test("shows in the open conversation what came in and what a colleague did", async () => {
    const server = serve();
    server.getConversation = () => ({ ...thread, conversation: { ...ada, unread: 0 } });
    await renderUi(<Page start={{ contactId: id(1) }} />);
    await screen.findByRole("article", { name: "Conversation with Ada Lovelace" });
    await waitFor(() => expect(stream().url).toContain(`contact=${id(1)}`));
    open();
    tell({ thread: "x" });
    server.getConversation = () => ({
      ...thread,
      conversation: { ...ada, unread: 0, status: "closed" },
      messages: [...thread.messages, message(3, "Never mind")],
    });
    tell({ thread: "y" });
    expect(await screen.findByText("Never mind")).toBeDefined();
    expect(await screen.findByRole("button", { name: "Reopen" })).toBeDefined();
  });

  test("after a break reads everything again, also where the marks are as they were", async () => {
    const server = serve();
    await renderUi(<Page />);
    await screen.findByText("Ada Lovelace");
    open();
    tell({ list: "a" });
    await waitFor(() => expect(callsOf(server, "listConversations")).toBeGreaterThan(1));
    act(() => stream().onerror?.());
    await waitFor(() => expect(Events.made.length).toBe(2));
    const before = callsOf(server, "listConversations");
    open();
    tell({ list: "a" });
    await waitFor(() => expect(callsOf(server, "listConversations")).toBeGreaterThan(before));
  });

  test("asks from time to time where the stream is refused", async () => {
    const server = serve();
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await renderUi(<Page />);
    await screen.findByText("Ada Lovelace");
    act(() => stream().onerror?.());
    const before = callsOf(server, "listConversations");
    await act(() => vi.advanceTimersByTimeAsync(10_500));
    expect(callsOf(server, "listConversations")).toBeGreaterThan(before);
  });

  test("counts as read what is shown, but not what came in below an old message", async () => {
    const server = serve();
    server.getConversation = () => ({ ...thread, hasNewer: true });
    const { user } = await renderUi(<Page start={{ contactId: id(1), messageId: id(101) }} />);
    await screen.findByRole("button", { name: "Go to the newest message" });
    expect(callsOf(server, "updateConversation")).toBe(0);
    server.getConversation = () => thread;
    await user.click(screen.getByRole("button", { name: "Go to the newest message" }));
    await waitFor(() => expect(callsOf(server, "updateConversation")).toBeGreaterThan(0));
  });
});

describe("a search of the conversations", () => {
  test("that fails says so, and how to go on where it took too long", async () => {
    const server = serve();
    server.searchConversations = () => {
      throw new Refusal("search_took_too_long", "Too many messages may match. Add a word, or write one to its end.");
    };
    const { user } = await renderUi(<Page start={{ search: "a" }} />);
    expect(await screen.findByText("This search takes too long")).toBeDefined();
    expect(screen.getByText(/Add a word/)).toBeDefined();
    expect(callsOf(server, "searchConversations"), "it is not tried again by itself").toBe(1);
    server.searchConversations = () => ({ conversations: [], messages: [], moreConversations: false, moreMessages: false });
    await user.click(screen.getByRole("button", { name: "Retry" }));
    expect(await screen.findByText("Nothing was found")).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Show all conversations" }));
    expect(await screen.findByText("Bob Müller")).toBeDefined();
  });

  test("shows who is called so and which messages have the words, with the words marked", async () => {
    serve();
    await renderUi(<Page start={{ search: "invoice" }} />);
    expect(within(await screen.findByRole("list", { name: "Conversations" })).getByText("Bob Müller")).toBeDefined();
    const messages = screen.getByRole("list", { name: "Messages that were found" });
    expect(within(messages).getByText("invoice").tagName).toBe("MARK");
    expect(screen.queryByRole("combobox", { name: "Which conversations" })).toBeNull();
    expect(screen.queryByRole("note")).toBeNull();
  });

  test("says where there is more than it shows", async () => {
    const server = serve();
    const found = await server.searchConversations?.({} as never);
    server.searchConversations = () => ({ ...(found as NonNullable<typeof found>), moreConversations: true, moreMessages: true });
    await renderUi(<Page start={{ search: "invoice" }} />);
    expect((await screen.findAllByRole("note")).map(({ textContent }) => textContent)).toEqual([
      "More contacts match. Write more of the name or number.",
      "These are the newest 1. Add a word to find older ones.",
    ]);
  });

  test("opens the conversation at the message that was found", async () => {
    const server = serve();
    const { user } = await renderUi(<Page start={{ search: "invoice" }} />);
    await user.click(await screen.findByRole("button", { name: /Ada Lovelace.*invoice/ }));
    const log = await screen.findByRole("log", { name: "Messages of this conversation" });
    expect(server.calls.findLast((call) => call.id === "getConversation")?.query).toMatchObject({ around: id(102) });
    const found = log.querySelector("[aria-current]") as HTMLElement;
    expect(within(found).getByText("invoice").tagName).toBe("MARK");
    expect(log.querySelectorAll("[aria-current]")).toHaveLength(1);
  });

  test("is gone through by the arrow keys, over both lists", async () => {
    serve();
    const { user } = await renderUi(<Page start={{ search: "invoice" }} />);
    (await screen.findByRole("button", { name: /Bob Müller/ })).focus();
    await user.keyboard("{ArrowDown}");
    expect(document.activeElement?.textContent).toContain("invoice");
    expect(await screen.findByRole("article", { name: "Conversation with Ada Lovelace" })).toBeDefined();
  });
});
