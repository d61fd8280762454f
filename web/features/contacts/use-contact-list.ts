import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { contactCountQuery, contactsQuery } from "#web/entities/contacts/contact-queries.ts";
import { type ListSearch, toFilter, toListing } from "./list-search.ts";

/** The listed contacts as far as they have been read, and their total number. */
export function useContactList(search: ListSearch) {
  // What was meant is not known, so nothing is asked.
  const enabled = search.unreadable === undefined;
  const list = useInfiniteQuery({ ...contactsQuery(toListing(search)), enabled });
  const count = useQuery({ ...contactCountQuery(toFilter(search)), enabled });
  const contacts = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  return {
    list,
    contacts,
    /** The total for display. While a new search is read it is still that of the search before, so nothing may be decided by it. */
    shownTotal: enabled ? count.data?.total : undefined,
    /** The exact total of this search and filter; undefined until it is known. */
    total: !enabled || count.isPlaceholderData ? undefined : count.data?.total,
    isCurrent: enabled && list.data !== undefined && !list.isPlaceholderData,
  };
}
export type ContactList = ReturnType<typeof useContactList>;
