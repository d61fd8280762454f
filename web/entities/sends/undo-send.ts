import type { QueryClient } from "@tanstack/react-query";
import type { StopAccount } from "#contract/sends.ts";
import { plural } from "#ui/format.ts";
import { toast } from "#ui/toaster.tsx";
import { api } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";
import { refreshSends } from "./send-queries.ts";

/**
 * Takes a send back and tells what happened: nothing was sent, or why it could not be undone. Answers with the account,
 * or null when it was refused.
 */
export async function undoSend(client: QueryClient, sendId: string, onOpen: () => void): Promise<StopAccount | null> {
  const id = `undo-${sendId}`;
  try {
    const account = await api("undoSend", { params: { id: sendId } });
    toast({ id, status: "success", title: "Send undone", description: undoneWords(account) });
    return account;
  } catch (error) {
    const code = isApiError(error) ? ` (${error.code})` : "";
    toast({
      id,
      status: "error",
      title: "The send was not undone",
      description: `${error instanceof Error ? error.message : "Something went wrong."}${code}`,
      action: { label: "Open the send", onClick: onOpen },
    });
    return null;
  } finally {
    refreshSends(client);
  }
}

/** "0 messages were sent. 3 contacts were taken out of the flow again." */
export const undoneWords = ({ sent, stopped }: Pick<StopAccount, "sent" | "stopped">): string =>
  `${plural(sent, "message was", "messages were")} sent. ${plural(stopped, "contact was", "contacts were")} taken out of the flow again.`;

/** "Sending to 3 contacts", told while the send can still be undone. */
export const sendingTo = (contacts: number): string => `Sending to ${plural(contacts, "contact")}`;
