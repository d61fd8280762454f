import { useQuery } from "@tanstack/react-query";
import { Send } from "#contract/sends.ts";
import { apiUrl } from "#web/lib/api.ts";
import { useEventSource } from "#web/lib/event-source.ts";
import { sendQuery } from "./api.ts";
import { isOver } from "./send-words.ts";

const isLast = (send: Send) => isOver(send.state) && send.active === 0;

/** A send as it stands now: read once, then told by the server at every change until it is over. */
export const useLiveSend = (id: string) => {
  const first = useQuery(sendQuery(id));
  const over = first.data !== undefined && isLast(first.data);
  const live = useEventSource(first.data && !over ? apiUrl("sendEvents", { params: { id } }) : null, Send, { isLast });
  return {
    send: live.data ?? first.data,
    error: first.isError && !first.data ? first.error : null,
    retry: () => void first.refetch(),
    retrying: first.isRefetching,
    /** The connection was lost and is being made again: the numbers are the last ones heard. */
    interrupted: live.state === "reconnecting",
  };
};
