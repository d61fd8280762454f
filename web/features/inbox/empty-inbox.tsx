import { Link } from "@tanstack/react-router";
import { Inbox as InboxIcon, SearchX } from "lucide-react";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { useSession } from "#web/entities/session/use-session.ts";

export function EmptyInbox({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const { can } = useSession();
  if (isFiltered) {
    return (
      <EmptyState icon={SearchX} title="No message matches" action={<Button onClick={onClear}>Show all messages</Button>}>
        Search finds a message by its contact's name, by an address or number, and by words of its subject and text.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={InboxIcon}
      title="No messages yet"
      action={
        can("editor") && (
          <Button asChild tone="primary">
            <Link to="/contacts" search={{}}>
              Send a flow to a contact
            </Link>
          </Button>
        )
      }
    >
      Pick a contact, press Send Flow, and what it sends appears here within seconds.
    </EmptyState>
  );
}
