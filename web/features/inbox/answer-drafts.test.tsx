import { screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Conversation, ConversationThread } from "#contract/conversations.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { forgetTab } from "#ui/browser-memory.ts";
import { rereadAnswerDrafts } from "#web/entities/conversations/answer-drafts.ts";
import { Conversations, type ConversationsView } from "./conversations.tsx";

const id = (n: number) => `0192f000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const names: Record<string, string> = { [id(1)]: "Ada Lovelace", [id(2)]: "Bob Müller" };
const row = (contactId: string): Conversation => ({
  contactId,
  contactName: names[contactId] ?? contactId,
  status: "open",
  assigneeId: null,
  unread: 0,
  lastAt: "2026-05-01T10:00:00Z",
  lastChannel: "sms",
  lastText: "Where is my invoice?",
  lastWord: null,
});
const threadOf = (contactId: string): ConversationThread => ({
  contactId,
  contactName: names[contactId] ?? contactId,
  conversation: row(contactId),
  channels: [
    { channel: "sms", address: "+14155550100", closedBy: null, isTest: true },
    { channel: "email", address: "a@example.com", closedBy: null, isTest: true },
  ],
  messages: [],
  hasOlder: false,
  hasNewer: false,
});

const sent: ConversationThread["messages"][number] = {
  ...{ id: id(101), direction: "out", channel: "sms", address: "+14155550100", subject: null, text: "", at: "2026-05-01T10:00:00Z" },
  ...{ status: "sent", reason: null, errorMessage: null, provider: "capture", flowName: null, executionId: null, word: null },
  ...{ automatic: false, files: 0 },
};

function Page({ contactId }: { contactId: string }) {
  const [view, setView] = useState<ConversationsView>({ which: "open", search: undefined, contactId, messageId: undefined });
  return <Conversations view={view} onChange={(change) => setView((now) => ({ ...now, ...change }))} onSendFlow={() => {}} toSent={null} />;
}
const serve = (handlers: Parameters<typeof fakeApi>[0] = {}) =>
  fakeApi({
    listConversations: () => ({ items: Object.keys(names).map(row), nextCursor: null }),
    getConversation: ({ params }) => threadOf(params.id),
    updateConversation: () => ({ success: true }),
    listMembers: () => ({ items: [] }),
    ...handlers,
  });
const field = (label = "Your message") => screen.findByLabelText<HTMLTextAreaElement>(label);
const open = async (user: Awaited<ReturnType<typeof renderUi>>["user"], name: string) => {
  await user.click(await screen.findByRole("button", { name: new RegExp(name), hidden: true }));
  await screen.findByRole("article", { name: `Conversation with ${name}` });
};
const show = (contactId = id(1), options?: Parameters<typeof renderUi>[1]) => renderUi(<Page contactId={contactId} />, options);

beforeEach(() => {
  vi.stubGlobal(
    "EventSource",
    class {
      addEventListener() {}
      close() {}
    },
  );
  forgetTab();
  rereadAnswerDrafts();
});

describe("an answer that was begun", () => {
  test("is there again when another conversation was opened meanwhile, which has none of it, and the list says so", async () => {
    serve();
    const { user } = await show();
    await user.type(await field(), "The invoice is");
    await open(user, "Bob Müller");
    expect((await field()).value).toBe("");
    const list = within(screen.getByRole("list", { name: "Conversations", hidden: true }));
    expect(within(list.getByRole("button", { name: /Ada Lovelace/, hidden: true })).getByText("Draft")).toBeDefined();
    expect(list.getAllByText("Draft")).toHaveLength(1);
    await open(user, "Ada Lovelace");
    expect((await field()).value).toBe("The invoice is");
  });

  test("is there again when the page was left and is loaded anew, with its channel, its subject and who writes", async () => {
    serve();
    const { user, unmount } = await show();
    await user.click(await screen.findByText("E-mail"));
    await user.type(await screen.findByLabelText("Subject"), "Your invoice");
    await user.click(screen.getByText("Answer as the contact"));
    await user.type(await field("What the contact answers"), "Thanks");
    unmount();
    rereadAnswerDrafts();
    await show();
    expect((await field("What the contact answers")).value).toBe("Thanks");
    await user.click(screen.getByText("Write to the contact"));
    expect((await screen.findByLabelText<HTMLInputElement>("Subject")).value).toBe("Your invoice");
  });

  test("is not that of another workspace", async () => {
    serve();
    const { user, unmount } = await show();
    await user.type(await field(), "Ours");
    unmount();
    await show(id(1), { workspace: { id: "ws-2" } });
    expect((await field()).value).toBe("");
  });

  test("goes when it is sent", async () => {
    const server = serve({ sendByHand: ({ body }) => ({ ...sent, id: body.id ?? sent.id, text: body.text }) });
    const { user, unmount } = await show();
    await user.type(await field(), "Here it is");
    await user.click(screen.getByRole("button", { name: "Send" }));
    await waitFor(async () => expect((await field()).value).toBe(""));
    expect(server.calls.filter((call) => call.id === "sendByHand")).toHaveLength(1);
    unmount();
    rereadAnswerDrafts();
    await show();
    expect((await field()).value).toBe("");
  });

  test("that could not be sent is the same message when it is tried again after a look elsewhere", async () => {
    const server = serve({
      sendByHand: () => {
        throw new Refusal("internal", "Something broke.");
      },
    });
    const { user } = await show();
    await user.type(await field(), "Here it is");
    await user.click(screen.getByRole("button", { name: "Send" }));
    await screen.findByText("Something broke.");
    await open(user, "Bob Müller");
    await open(user, "Ada Lovelace");
    await user.click(await screen.findByRole("button", { name: "Send" }));
    await screen.findByText("Something broke.");
    const tried = server.calls.filter((call) => call.id === "sendByHand").map(({ body }) => (body as { id: string }).id);
    expect(tried).toHaveLength(2);
    expect(tried[0]).toBe(tried[1]);
  });

  test("is forgotten with all that the tab remembers", async () => {
    serve();
    const { user, unmount } = await show();
    await user.type(await field(), "Ours");
    unmount();
    forgetTab();
    rereadAnswerDrafts();
    await show();
    expect((await field()).value).toBe("");
  });
});
