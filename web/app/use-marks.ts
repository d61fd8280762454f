import { useQuery } from "@tanstack/react-query";
import { countedConversations } from "#contract/conversation-limits.ts";
import { formatCount, plural } from "#ui/format.ts";
import { unreadConversationsQuery } from "#web/entities/conversations/unread-query.ts";
import { useAlertCount } from "#web/entities/queue/use-alert-count.ts";
import type { places } from "./navigation.ts";

type Place = (typeof places)[number]["to"];

/** A number at a link of the navigation, and what it counts, in words. */
export interface Mark {
  text: string;
  words: string;
}

/** What the links of the navigation are marked with, where there is something to mark. */
export function useMarks(): { [To in Place]?: Mark | undefined } {
  const alerts = useAlertCount();
  const unread = useQuery(unreadConversationsQuery).data?.unread ?? 0;
  const isMost = unread >= countedConversations;
  return {
    "/queue": alerts === 0 ? undefined : { text: formatCount(alerts), words: plural(alerts, "alert") },
    "/inbox": unread === 0 ? undefined : { text: `${unread}${isMost ? "+" : ""}`, words: `${unread}${isMost ? " or more" : ""} unread` },
  };
}

/** The accessible name of a link with its mark: "Queue, 2 alerts". */
export const markedLabel = (label: string, mark: Mark | undefined): string => (mark ? `${label}, ${mark.words}` : label);
