import { type InfiniteData, infiniteQueryOptions, keepPreviousData, type QueryClient, queryOptions } from "@tanstack/react-query";
import type { SortableField } from "#contract/contact-fields.ts";
import type { Contact, ContactFilter } from "#contract/contacts.ts";
import { refreshFirstSteps } from "#web/entities/workspace/first-steps-query.ts";
import { type ApiOutput, api } from "#web/lib/api.ts";

export const contactPageSize = 50;

/** Which contacts are listed, and in which order. */
export interface ContactListing {
  filter: ContactFilter;
  sort: SortableField;
  direction: "asc" | "desc";
}

type Page = ApiOutput<"listContacts">;
type Pages = InfiniteData<Page, string | undefined>;

const contactKeys = {
  all: ["contacts"],
  lists: ["contacts", "list"],
  list: (listing: ContactListing) => ["contacts", "list", filterText(listing.filter) ?? "", listing.sort, listing.direction],
  count: (filter: ContactFilter) => ["contacts", "count", filterText(filter) ?? ""],
  facets: ["contacts", "facets"],
  one: (id: string) => ["contacts", "one", id],
  consents: (id: string) => ["contacts", "consents", id],
  matches: (text: string) => ["contacts", "matches", text],
  twins: (person: object) => ["contacts", "twins", person],
} as const;

/** A filter as the API takes it in a query; undefined when it lets every contact through. */
const filterText = (filter: ContactFilter): string | undefined =>
  filter.search || filter.tests.length > 0 ? JSON.stringify(filter) : undefined;

export const listingQuery = ({ filter, sort, direction }: ContactListing) => ({ filter: filterText(filter), sort, direction });

/** A refresh reads every open page, one after the other: that is worth it for a few pages, not for two hundred. */
const fewPages = 4;

export const contactsQuery = (listing: ContactListing) =>
  infiniteQueryOptions({
    queryKey: contactKeys.list(listing),
    queryFn: ({ pageParam, signal }) =>
      api("listContacts", { query: { ...listingQuery(listing), cursor: pageParam, limit: contactPageSize }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: (query) => ((query.state.data as Pages | undefined)?.pages.length ?? 0) <= fewPages,
  });

export const contactCountQuery = (filter: ContactFilter) =>
  queryOptions({
    queryKey: contactKeys.count(filter),
    queryFn: ({ signal }) => api("countContacts", { query: { filter: filterText(filter) }, signal }),
    placeholderData: keepPreviousData,
  });

/** The lead statuses, conversation statuses and time zones that contacts have. */
export const contactFacetsQuery = queryOptions({
  queryKey: contactKeys.facets,
  queryFn: ({ signal }) => api("contactFacets", { signal }),
  staleTime: 60_000,
});

export const contactQuery = (id: string) =>
  queryOptions({ queryKey: contactKeys.one(id), queryFn: ({ signal }) => api("getContact", { params: { id }, signal }) });

type TypedPerson = Record<"name" | "firstname" | "lastname" | "email" | "phoneNumber", string>;

/** The contacts that share the number or the address of a contact that is to be added. */
export const twinsQuery = ({ name, firstname, lastname, email, phoneNumber }: TypedPerson) => {
  const query = { name, firstname, lastname, email, phoneNumber };
  return queryOptions({
    queryKey: contactKeys.twins(query),
    queryFn: ({ signal }) => api("listTwins", { query, signal }),
    staleTime: 0,
  });
};

/** What keeps marketing from a contact now. It is asked anew whenever something about contacts has changed. */
export const contactReachQuery = (id: string) =>
  queryOptions({
    queryKey: [...contactKeys.one(id), "reach"],
    queryFn: ({ signal }) => api("contactReach", { params: { id }, signal }),
    staleTime: 0,
  });

/** What a contact has allowed and forbidden, newest first. */
export const contactConsentsQuery = (id: string) =>
  queryOptions({ queryKey: contactKeys.consents(id), queryFn: ({ signal }) => api("listConsents", { params: { id }, signal }) });

/** The first few contacts that a text finds, for the command palette. */
export const contactMatchesQuery = (text: string) =>
  queryOptions({
    queryKey: contactKeys.matches(text),
    queryFn: ({ signal }) => api("listContacts", { query: { limit: 6, filter: filterText({ search: text, tests: [] }) }, signal }),
    placeholderData: keepPreviousData,
  });

/** Puts a changed contact in its place in every cached list, so that the change shows at once. */
export function showChanged(client: QueryClient, contact: Contact): void {
  client.setQueryData(contactQuery(contact.id).queryKey, contact);
  client.setQueriesData<Pages>({ queryKey: contactKeys.lists }, (list) =>
    list === undefined
      ? list
      : {
          ...list,
          pages: list.pages.map((page) => ({ ...page, items: page.items.map((item) => (item.id === contact.id ? contact : item)) })),
        },
  );
  void client.invalidateQueries({ queryKey: contactKeys.facets });
  void client.invalidateQueries({ queryKey: contactKeys.consents(contact.id) });
}

/** Reads again what is shown after contacts were added, deleted or changed in number. A long list begins at its first page. */
export async function refreshContacts(client: QueryClient): Promise<void> {
  const isLong = client
    .getQueriesData<Pages>({ queryKey: contactKeys.lists, type: "active" })
    .some(([, list]) => (list?.pages.length ?? 0) > fewPages);
  await Promise.all([
    isLong ? client.resetQueries({ queryKey: contactKeys.lists }) : client.invalidateQueries({ queryKey: contactKeys.lists }),
    client.invalidateQueries({ queryKey: contactKeys.all, predicate: (query) => query.queryKey[1] !== contactKeys.lists[1] }),
    refreshFirstSteps(client),
  ]);
}
