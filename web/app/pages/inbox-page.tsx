import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { channels } from "#contract/messages.ts";
import { Button } from "#ui/button.tsx";
import { lazyLater } from "#ui/lazy-later.ts";
import { OnceOpened } from "#ui/once-opened.tsx";
import { Page } from "#ui/page.tsx";
import { TabBar } from "#ui/tab-bar.tsx";
import { Conversations, type ConversationsView, whichConversations } from "#web/features/inbox/conversations.tsx";
import { Inbox, type InboxView } from "#web/features/inbox/inbox.tsx";
import { readChoice } from "#web/lib/read-choice.ts";

const SendFlowDialog = lazyLater(async () => (await import("#web/features/send-flow/send-flow-dialog.tsx")).SendFlowDialog);
const panelId = "inbox-panel";

/** Conversations, and everything that was sent. A link to a message or to a search of messages opens what was sent. */
export function InboxPage() {
  const search = useSearch({ from: "/member/inbox" });
  const navigate = useNavigate();
  const isSent = search.view === "sent" || [search.message, search.q, search.channel].some((part) => part !== undefined);
  return (
    <Page
      title={isSent ? "Sent messages" : "Inbox"}
      scroll={false}
      tabs={
        <TabBar
          label="Inbox"
          panelId={panelId}
          value={isSent ? "sent" : "conversations"}
          onChange={(tab) => void navigate({ to: "/inbox", search: tab === "sent" ? { view: "sent" } : {} })}
          tabs={[
            { value: "conversations", label: "Conversations" },
            { value: "sent", label: "Sent messages" },
          ]}
        />
      }
    >
      <div
        id={panelId}
        role="tabpanel"
        aria-label={isSent ? "Sent messages" : "Conversations"}
        style={{ display: "flex", flex: 1, minHeight: 0 }}
      >
        {isSent ? <Sent /> : <Talk />}
      </div>
    </Page>
  );
}

function Sent() {
  const search = useSearch({ from: "/member/inbox" });
  const navigate = useNavigate();
  const named = readChoice(search.channel, channels);
  const view: InboxView = {
    channel: named.value,
    search: search.q,
    messageId: search.message,
  };
  const change = (next: Partial<InboxView>) => {
    const { channel, search: q, messageId: message } = { ...view, ...next };
    // Opening the first message is a place to come back from; moving between messages and filtering is not.
    const replace = view.messageId !== undefined || message === undefined;
    void navigate({ to: "/inbox", search: { view: "sent", channel, q, message }, replace });
  };
  const answer = (contact: string) => void navigate({ to: "/inbox", search: { contact } });
  return <Inbox view={view} unreadable={named.unreadable} onChange={change} onConversation={answer} />;
}

function Talk() {
  const search = useSearch({ from: "/member/inbox" });
  const navigate = useNavigate();
  const [sendTo, setSendTo] = useState<{ id: string; name: string } | null>(null);
  const view: ConversationsView = {
    which: readChoice(search.which, whichConversations).value ?? "open",
    search: search.find,
    contactId: search.contact,
    messageId: search.at,
  };
  const change = (next: Partial<ConversationsView>) => {
    const { which, search: find, contactId: contact, messageId: at } = { ...view, ...next };
    const replace = view.contactId !== undefined || contact === undefined;
    void navigate({ to: "/inbox", search: { which: which === "open" ? undefined : which, find, contact, at }, replace });
  };
  return (
    <>
      <Conversations
        view={view}
        onChange={change}
        onSendFlow={setSendTo}
        toSent={<Button onClick={() => void navigate({ to: "/inbox", search: { view: "sent" } })}>Open Sent messages</Button>}
      />
      <OnceOpened open={sendTo !== null}>
        <SendFlowDialog
          audience={sendTo && { selection: { type: "ids", ids: [sendTo.id] }, total: 1, names: [sendTo.name], words: null }}
          launchedFrom="Inbox"
          onClose={() => setSendTo(null)}
        />
      </OnceOpened>
    </>
  );
}
