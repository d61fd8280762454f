import { type InfiniteData, infiniteQueryOptions, keepPreviousData, type QueryClient, queryOptions } from "@tanstack/react-query";
import type { Contact } from "#contract/contacts.ts";
import { type ListSearch, toFilter } from "#web/features/contacts/list-search.ts";
import { type ApiOutput, api, apiUrl } from "#web/lib/api.ts";

export const pageSize = 50;

type Page = ApiOutput<"listContacts">;
type Pages = InfiniteData<Page, string | undefined>;

const filterText = (search: ListSearch): string | undefined => {
  const filter = toFilter(search);
  return filter.search || filter.tests.length > 0 ? JSON.stringify(filter) : undefined;
};
const order = ({ sort, direction }: ListSearch) => ({ sort: sort ?? "created_at", direction: direction ?? "desc" }) as const;

/** Refreshing reads every page that is open, one after the other: worth it for a few, not for two hundred. */
const fewPages = 4;

export const contactsQuery = (search: ListSearch) => {
  const filter = filterText(search);
  const { sort, direction } = order(search);
  return infiniteQueryOptions({
    queryKey: ["contacts", "list", filter ?? "", sort, direction],
    queryFn: ({ pageParam, signal }) =>
      api("listContacts", { query: { filter, sort, direction, cursor: pageParam, limit: pageSize }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: (query) => ((query.state.data as Pages | undefined)?.pages.length ?? 0) <= fewPages,
  });
};

export const contactCountQuery = (search: ListSearch) => {
  const filter = filterText(search);
  return queryOptions({
    queryKey: ["contacts", "count", filter ?? ""],
    queryFn: ({ signal }) => api("countContacts", { query: { filter }, signal }),
    placeholderData: keepPreviousData,
  });
};

export const contactFacetsQuery = queryOptions({
  queryKey: ["contacts", "facets"],
  queryFn: ({ signal }) => api("contactFacets", { signal }),
  staleTime: 60_000,
});

export const contactQuery = (id: string) =>
  queryOptions({ queryKey: ["contacts", "one", id], queryFn: ({ signal }) => api("getContact", { params: { id }, signal }) });

export const contactHistoryQuery = (contactId: string) =>
  infiniteQueryOptions({
    queryKey: ["executions", "contact", contactId],
    queryFn: ({ pageParam, signal }) => api("listExecutions", { query: { contactId, cursor: pageParam, limit: 20 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    // What runs moves on while the panel is open.
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.items.some(({ status }) => status === "running" || status === "pending")) ? 5000 : false,
  });

export const exportUrl = (search: ListSearch): string =>
  apiUrl("exportContacts", { query: { filter: filterText(search), ...order(search) } });

/** A changed contact is shown at once, in its place, wherever it is listed. */
export const showChanged = (client: QueryClient, contact: Contact) => {
  client.setQueryData(contactQuery(contact.id).queryKey, contact);
  client.setQueriesData<Pages>({ queryKey: ["contacts", "list"] }, (list) =>
    list === undefined
      ? list
      : {
          ...list,
          pages: list.pages.map((page) => ({ ...page, items: page.items.map((item) => (item.id === contact.id ? contact : item)) })),
        },
  );
  void client.invalidateQueries({ queryKey: ["contacts", "facets"] });
};

/** Contacts came, went or changed in number: read again what is shown. A long list begins anew at its first page. */
export const refreshContacts = async (client: QueryClient) => {
  const long = client
    .getQueriesData<Pages>({ queryKey: ["contacts", "list"], type: "active" })
    .some(([, list]) => (list?.pages.length ?? 0) > fewPages);
  await Promise.all([
    long ? client.resetQueries({ queryKey: ["contacts", "list"] }) : client.invalidateQueries({ queryKey: ["contacts", "list"] }),
    client.invalidateQueries({ queryKey: ["contacts"], predicate: (query) => query.queryKey[1] !== "list" }),
  ]);
};

/** How many flows a contact is in just now; null when there are more than one look can count. */
export const runningExecutionsQuery = (contactId: string) =>
  queryOptions({
    queryKey: ["executions", "running", contactId],
    queryFn: async ({ signal }) => {
      const page = await api("listExecutions", { query: { contactId, status: "pending,running", limit: 200 }, signal });
      return page.nextCursor === null ? page.items.length : null;
    },
    staleTime: 0,
  });
