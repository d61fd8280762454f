import { queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

/** People click for days, so it is read again as long as somebody looks. */
export const sendClicksQuery = (sendId: string) =>
  queryOptions({
    queryKey: ["sends", "clicks", sendId],
    queryFn: ({ signal }) => api("getSendClicks", { params: { id: sendId }, signal }),
    refetchInterval: 15_000,
  });
