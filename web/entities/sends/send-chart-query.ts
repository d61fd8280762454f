import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { isSendOver, type Send } from "#contract/sends.ts";
import { api } from "#web/lib/api.ts";

/** What happened of a send over time, or of one step of it. It reads all of the send, so it is read seldom; replies and clicks come for days. */
export const sendChartQuery = (send: Pick<Send, "id" | "state" | "active">, nodeId?: string) =>
  queryOptions({
    queryKey: ["sends", "chart", send.id, nodeId ?? null],
    queryFn: ({ signal }) => api("getSendChart", { params: { id: send.id }, query: { nodeId }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    refetchInterval: isSendOver(send.state) && send.active === 0 ? 60_000 : 10_000,
  });
