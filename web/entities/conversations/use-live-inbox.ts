import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { InboxState } from "#contract/conversations.ts";
import { conversationRoutes } from "#contract/routes/conversations.ts";
import { urlOf } from "#web/lib/api.ts";
import { useEventSource } from "#web/lib/event-source.ts";
import { oneAtATime } from "#web/lib/one-at-a-time.ts";
import { useDebounced } from "#web/lib/use-debounced.ts";
import { useIsSeen } from "#web/lib/use-is-seen.ts";
import { conversationKeys } from "./conversation-queries.ts";
import { countStream, unreadConversationsQuery } from "./unread-query.ts";

/** A person who goes through the list by the arrow keys opens no stream at each step. */
const restMs = 300;

/**
 * Reads again what is shown of the inbox whenever the server says that it has changed. What was missed while the stream was broken is
 * made good by its first event, whose marks differ from the ones before.
 *
 * @returns whether the stream stands
 */
export function useLiveInbox(contactId: string | undefined): { isLive: boolean } {
  const client = useQueryClient();
  const contact = useDebounced(contactId, restMs);
  const isSeen = useIsSeen();
  const url = isSeen ? urlOf(conversationRoutes, "inboxEvents", { query: contact === undefined ? {} : { contact } }) : null;
  const { data, state } = useEventSource(url, InboxState);
  const isLive = state !== "reconnecting";
  const refresh = useMemo(
    () => ({
      list: oneAtATime(() =>
        Promise.all([conversationKeys.list, conversationKeys.search].map((queryKey) => client.invalidateQueries({ queryKey }))),
      ),
      thread: oneAtATime(() => client.invalidateQueries({ queryKey: conversationKeys.one })),
    }),
    [client],
  );

  /** What was read last is at least as new as these. */
  const seen = useRef<{ list?: string; thread?: string }>({});
  useEffect(() => {
    // A reading that failed while the connection was broken is not made good by a mark that is as it was.
    if (!isLive) seen.current = {};
  }, [isLive]);
  useEffect(() => {
    if (!data) return;
    client.setQueryData(unreadConversationsQuery.queryKey, { unread: data.unread });
    const thread = `${contact} ${data.thread}`;
    if (seen.current.list !== data.list) refresh.list();
    if (data.thread !== null && seen.current.thread !== thread) refresh.thread();
    seen.current = { list: data.list, thread };
  }, [data, contact, client, refresh]);
  useEffect(() => (isLive ? countStream(client) : undefined), [isLive, client]);
  return { isLive };
}
