import { queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

/** What is known of the domain from which e-mail is sent. */
export const sendingDomainQuery = queryOptions({
  queryKey: ["providers", "sending-domain"],
  queryFn: ({ signal }) => api("getSendingDomain", { signal }),
});
