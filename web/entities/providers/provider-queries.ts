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

/** Whether the mailbox is read in which reports and answers of a channel arrive. */
export const mailboxQuery = (channel: Channel) =>
  queryOptions({
    queryKey: ["providers", "mailbox", channel],
    queryFn: ({ signal }) => api("getMailbox", { params: { channel }, signal }),
  });
