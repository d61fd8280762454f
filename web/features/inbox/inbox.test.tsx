import { screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, it } from "vitest";
import type { Message } from "#contract/messages.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { Inbox, type InboxView } from "./inbox.tsx";

const id = (n: number) => `0192f000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const at = "2026-05-01T10:00:00Z";
const sms: Message = {
  id: id(1),
  executionId: id(11),
  flowId: id(21),
  flowName: "Welcome Flow",
  contactId: id(31),
  contactName: "Łukasz Żółty",
  contactInBin: false,
  channel: "sms",
  provider: "capture",
  isTest: false,
  to: "+48601234567",
  from: null,
  subject: null,
  body: "Cześć Łukasz",
  html: null,
  segments: 2,
  status: "delivered",
  reason: null,
  errorMessage: null,
  providerMessageId: null,
  tracked: null,
  createdAt: at,
  sentAt: at,
};
const email: Message = {
  ...sms,
  id: id(2),
  channel: "email",
  to: "lukasz@example.com",
  subject: "Welcome",
  body: "plain words",
  html: "<p>html words</p><script>parent.pwned = true</script>",
};
const failed: Message = {
  ...sms,
  id: id(3),
  contactName: "Aoife",
  status: "failed",
  reason: "bad_phone",
  errorMessage: "Number has no network",
};

function Page({ start = {} }: { start?: Partial<InboxView> }) {
  const [view, setView] = useState<InboxView>({ channel: undefined, search: undefined, messageId: undefined, ...start });
  return <Inbox view={view} onChange={(change) => setView((now) => ({ ...now, ...change }))} />;
}
const all = [sms, email, failed];
const serve = () =>
  fakeApi({
    listMessages: ({ query }) => ({ items: all.filter((one) => !query.channel || one.channel === query.channel), nextCursor: null }),
    getMessage: ({ params }) => {
      const found = all.find((one) => one.id === params.id);
      if (!found) throw new Refusal("message_not_found", "There is no such message in this workspace.");
      return found;
    },
  });

describe("the inbox", () => {
  it("says what it could not load, with the code and a way to try again", async () => {
    const server = fakeApi({
      listMessages: () => {
        throw new Refusal("forbidden", "You may not read messages.");
      },
    });
    const { user } = await renderUi(<Page />);
    expect(await screen.findByText("You may not read messages.")).toBeDefined();
    expect(screen.getByText("forbidden")).toBeDefined();
    server.listMessages = () => ({ items: all, nextCursor: null });
    await user.click(screen.getByRole("button", { name: "Retry" }));
    expect(await screen.findAllByRole("listitem")).toHaveLength(all.length);
  });

  it("without a message offers the next step to who may take it, and only to them", async () => {
    fakeApi({ listMessages: () => ({ items: [], nextCursor: null }) });
    const page = await renderUi(<Page />, { role: "editor" });
    expect((await screen.findByRole("link", { name: "Send a flow to a contact" })).getAttribute("href")).toBe("/contacts");
    page.unmount();
    await renderUi(<Page />, { role: "viewer" });
    await screen.findByText("No messages yet");
    expect(screen.queryByRole("link", { name: "Send a flow to a contact" })).toBeNull();
  });

  it("looks through older messages where the newest hold no match, and never says that nothing matches before the end", async () => {
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const server = fakeApi({
      listMessages: async ({ query }) => {
        if (query.cursor === undefined) return { items: [], nextCursor: "older" };
        await held;
        return query.cursor === "older" ? { items: [], nextCursor: "oldest" } : { items: [failed], nextCursor: null };
      },
    });
    await renderUi(<Page start={{ search: "aoife" }} />);
    expect(await screen.findByText("Looking through older messages…")).toBeDefined();
    release();
    expect(await screen.findAllByRole("listitem")).toHaveLength(1);
    expect(screen.queryByText("No message matches")).toBeNull();
    expect(server.calls.every(({ query }) => (query as { search?: string }).search === "aoife")).toBe(true);
  });

  it("says that nothing matches when the last page is read, and offers all messages again", async () => {
    fakeApi({ listMessages: ({ query }) => ({ items: query.search ? [] : all, nextCursor: null }) });
    const { user } = await renderUi(<Page start={{ search: "quixotic" }} />);
    await user.click(await screen.findByRole("button", { name: "Show all messages" }));
    expect(await screen.findAllByRole("listitem")).toHaveLength(all.length);
  });

  it("says where older messages could not be loaded, and tries again", async () => {
    let broken = true;
    fakeApi({
      listMessages: ({ query }) => {
        if (query.cursor === undefined) return { items: [], nextCursor: "older" };
        if (broken) throw new Refusal("unavailable", "The database took too long.");
        return { items: all, nextCursor: null };
      },
    });
    const { user } = await renderUi(<Page start={{ search: "a" }} />);
    expect(await screen.findByText("The database took too long.")).toBeDefined();
    broken = false;
    await user.click(screen.getByRole("button", { name: "Retry" }));
    expect(await screen.findAllByRole("listitem")).toHaveLength(all.length);
  });

  it("does not lead to the stored flow from a message of a send that brought a graph of its own", async () => {
    fakeApi({ listMessages: () => ({ items: all, nextCursor: null }), getMessage: () => ({ ...sms, hasOwnGraph: true as const }) });
    await renderUi(<Page start={{ messageId: sms.id }} />);
    expect(await screen.findByText(/A flow of its own, not “Welcome Flow”/)).toBeDefined();
    expect(screen.queryByRole("link", { name: "Welcome Flow" })).toBeNull();
  });

  it("says that a linked message is not there", async () => {
    serve();
    await renderUi(<Page start={{ messageId: id(99) }} />);
    expect(await screen.findByText("There is no such message in this workspace.")).toBeDefined();
  });

  it("shows an SMS with what it costs, and that it never left", async () => {
    serve();
    const { user } = await renderUi(<Page />);
    await user.click(await screen.findByRole("button", { name: /Łukasz Żółty.*Cześć/ }));
    const article = await screen.findByRole("article", { name: "Message" });
    expect(within(article).getByText("12 characters · 2 parts")).toBeDefined();
    expect(within(article).getByText("Test only: it never left this machine.")).toBeDefined();
    expect(within(article).getByRole("link", { name: "Every step of this contact" }).getAttribute("href")).toBe(`/executions/${id(11)}`);
  });

  it("shows an e-mail in a frame that may run nothing, and as plain text", async () => {
    serve();
    const { user } = await renderUi(<Page start={{ messageId: id(2) }} />);
    const frame = await screen.findByTitle("E-mail: Welcome");
    expect(frame.getAttribute("sandbox")).not.toMatch(/allow-scripts|allow-same-origin|allow-top-navigation|allow-forms/);
    await user.click(screen.getByRole("tab", { name: "Plain text" }));
    expect(screen.getByText("plain words")).toBeDefined();
    expect(screen.queryByTitle("E-mail: Welcome")).toBeNull();
  });

  it("says in words why a message failed", async () => {
    serve();
    await renderUi(<Page start={{ messageId: id(3) }} />);
    expect(await screen.findByText("The phone number is not valid")).toBeDefined();
    expect(screen.getByText("Number has no network")).toBeDefined();
  });

  it("asks the server for one channel when one is chosen", async () => {
    const server = serve();
    const { user } = await renderUi(<Page />);
    await screen.findAllByRole("listitem");
    await user.selectOptions(screen.getByLabelText("Channel"), "email");
    await waitFor(() => expect(screen.getAllByRole("listitem")).toHaveLength(1));
    expect(server.calls.at(-1)?.query).toMatchObject({ channel: "email" });
  });
});
