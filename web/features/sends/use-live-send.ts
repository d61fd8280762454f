import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { isSendOver, Send } from "#contract/sends.ts";
import { sendQuery } from "#web/entities/sends/send-queries.ts";
import { apiUrl } from "#web/lib/api.ts";
import { useEventSource } from "#web/lib/event-source.ts";

const isLast = (send: Send) => isSendOver(send.state) && send.active === 0;
/** News that left the server before the answer we have is older than it. */
const isNewer = (news: Send, answer: Send) => (news.changedAt ?? "") >= (answer.changedAt ?? "");

/** The present state of a send: read once, then received as an event at every change until it is over. */
export function useLiveSend(id: string) {
  const client = useQueryClient();
  const first = useQuery(sendQuery(id));
  const over = first.data !== undefined && isLast(first.data);
  const live = useEventSource(first.data && !over ? apiUrl("sendEvents", { params: { id } }) : null, Send, { isLast });
  const [told, setTold] = useState<{ send: Send; before: Send | undefined } | null>(null);

  // The last event replaces the cached answer. When a retry begins the send again, it is followed again.
  const ending = live.data && isLast(live.data) ? live.data : null;
  useEffect(() => {
    if (ending) client.setQueryData(sendQuery(id).queryKey, ending);
  }, [ending, client, id]);

  const latest = live.data ?? first.data;
  const isTold = told?.send.id === id && latest !== undefined && (latest === told.before || !isNewer(latest, told.send));
  return {
    send: isTold ? told.send : latest,
    /** Shows the send that an action answered until the server's next event. */
    tell: useCallback((send: Send) => setTold({ send, before: latest }), [latest]),
    error: first.isError && !first.data ? first.error : null,
    retry: () => void first.refetch(),
    retrying: first.isRefetching,
    /** The stream is reconnecting, and the numbers are the last ones received. */
    interrupted: live.state === "reconnecting",
  };
}
