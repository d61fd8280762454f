import { useQuery } from "@tanstack/react-query";
import { isLoopback } from "#contract/loopback.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { inboundAddressQuery } from "#web/entities/providers/provider-queries.ts";

/** Warns before the first send that marketing e-mails wait: nobody but this machine could open their links. */
export function LinksLeadHere({ settings }: { settings: Record<string, unknown> }) {
  const query = useQuery(inboundAddressQuery("email"));
  if (query.isError) return <LoadError error={query.error} onRetry={() => query.refetch()} retrying={query.isFetching} />;
  const { data: address } = query;
  if (!address || address.isReachable || isLoopback(String(settings.host ?? ""))) return null;
  return (
    <Notice status="warning" title="Marketing e-mails wait, because nobody could unsubscribe">
      Their unsubscribe links lead to this machine, which nobody else can reach. The operator must set PUBLIC_URL to an address that the
      internet can reach. Service messages and answers leave meanwhile.
    </Notice>
  );
}
