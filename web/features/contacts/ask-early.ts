import type { QueryClient } from "@tanstack/react-query";
import { contactCountQuery, contactFacetsQuery, contactsQuery } from "#web/entities/contacts/contact-queries.ts";
import { sessionQuery } from "#web/entities/session/session-query.ts";
import { adoptOneOf } from "#web/lib/current-workspace.ts";
import { type ListParams, parseListSearch, toFilter, toListing } from "./list-search.ts";

/**
 * Asks for the contacts of the address as soon as it is known who is signed in. The page itself asks for the same when it is
 * drawn, which on a phone is most of a second later. A refusal is shown by the page, which asks again.
 */
export async function askEarly(client: QueryClient, params: ListParams): Promise<void> {
  const session = await client.fetchQuery(sessionQuery).catch(() => undefined);
  if (!session?.user || !adoptOneOf(session.workspaces)) return;
  const search = parseListSearch(params);
  if (search.unreadable !== undefined) return;
  void client.prefetchInfiniteQuery(contactsQuery(toListing(search)));
  void client.prefetchQuery(contactCountQuery(toFilter(search)));
  void client.prefetchQuery(contactFacetsQuery);
}
