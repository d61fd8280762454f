import type { QueryClient } from "@tanstack/react-query";
import type { StopAccount } from "#contract/send-changes.ts";
import type { Send } from "#contract/sends.ts";
import { formatCount, plural } from "#ui/format.ts";
import { toast } from "#ui/toaster.tsx";
import { isStartAhead } from "#web/entities/schedule/schedule-words.ts";
import { api } from "#web/lib/api.ts";
import { refreshSends } from "./send-queries.ts";

/**
 * Takes a send back and tells what happened: nothing was sent, or why it could not be undone. Answers with the account,
 * or null when it was refused.
 */
export async function undoSend(client: QueryClient, sendId: string, onOpen: () => void): Promise<StopAccount | null> {
  const id = `undo-${sendId}`;
  try {
    const account = await api("undoSend", { params: { id: sendId } });
    if (account.send.approval === "withdrawn")
      toast({
        id,
        status: "success",
        title: "Send withdrawn",
        description: "Nobody is asked to approve it any more, and nothing of it leaves.",
      });
    else toast({ id, status: "success", title: "Send undone", description: undoneWords(account) });
    return account;
  } catch (error) {
    toast({
      id,
      status: "error",
      title: "The send was not undone",
      description: error instanceof Error ? error.message : "Something went wrong.",
      action: { label: "Open the send", onClick: onOpen },
    });
    return null;
  } finally {
    refreshSends(client);
  }
}

/** "0 messages were sent. 3 contacts were taken out of the flow again." */
export const undoneWords = ({ sent, captured, stopped }: Pick<StopAccount, "sent" | "captured" | "stopped">): string =>
  `${plural(sent, "message was", "messages were")} sent.${captured > 0 ? ` ${formatCount(captured)} more ${captured === 1 ? "was" : "were"} test only.` : ""} ${plural(stopped, "contact was", "contacts were")} taken out of the flow again.`;

/** What happens when a send cannot be undone any longer: "Sending to 3 contacts". A planned send does not begin then. */
export const afterUndo = ({ start, enrolled }: Pick<Send, "start" | "enrolled">, now: number, zone: string): string =>
  isStartAhead(start, now, zone) ? "The offer to undo ends" : `Sending to ${plural(enrolled, "contact")}`;
