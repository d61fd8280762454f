import { queryOptions } from "@tanstack/react-query";
import type { Channel } from "#contract/messages.ts";
import { api } from "#web/lib/api.ts";

export const providersQuery = queryOptions({ queryKey: ["providers"], queryFn: ({ signal }) => api("listProviders", { signal }) });

/** Where the providers of a channel call us. */
export const inboundAddressQuery = (channel: Channel) =>
  queryOptions({
    queryKey: ["providers", "inbound", channel],
    queryFn: ({ signal }) => api("getInboundAddress", { params: { channel }, signal }),
  });
