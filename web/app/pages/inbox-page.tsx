import { useNavigate, useSearch } from "@tanstack/react-router";
import { channels } from "#contract/messages.ts";
import { Page } from "#ui/page.tsx";
import { Inbox, type InboxView } from "#web/features/inbox/inbox.tsx";
import { readChoice } from "#web/lib/read-choice.ts";

export function InboxPage() {
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
    void navigate({ to: "/inbox", search: { channel, q, message }, replace });
  };
  return (
    <Page title="Sent messages" scroll={false}>
      <Inbox view={view} unreadable={named.unreadable} onChange={change} />
    </Page>
  );
}
