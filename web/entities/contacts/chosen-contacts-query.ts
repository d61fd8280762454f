import { queryOptions } from "@tanstack/react-query";
import type { Selection } from "#contract/contacts.ts";
import { api } from "#web/lib/api.ts";
import { listingQuery } from "./contact-queries.ts";

/** So many of the chosen contacts are named where one of them is to be picked. */
export const mostNamed = 50;

/** The first of the chosen contacts, with what they are called. */
export const chosenContactsQuery = (selection: Selection) =>
  queryOptions({
    queryKey: ["contacts", "chosen", selection],
    queryFn: async ({ signal }): Promise<{ id: string; name: string }[]> => {
      if (selection.type === "ids") return (await api("nameContacts", { body: { ids: selection.ids.slice(0, mostNamed) }, signal })).items;
      const query = { ...listingQuery({ filter: selection.filter, sort: "name", direction: "asc" }), limit: mostNamed };
      const { items } = await api("listContacts", { query, signal });
      return items.filter(({ id }) => !selection.excluded.includes(id)).map(({ id, displayName }) => ({ id, name: displayName }));
    },
    staleTime: 60_000,
  });
