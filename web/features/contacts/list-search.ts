import { z } from "zod";
import { type ContactFilter, contactSorts, FilterTest } from "#contract/contacts.ts";

/**
 * What the contacts page lists, as it stands in the address: links, the back button and a reload all show the same
 * people. Whatever of it cannot be understood is left out rather than refused: an old link still opens.
 */
export interface ListSearch {
  q?: string;
  filter?: FilterTest[];
  sort?: (typeof contactSorts)[number];
  dir?: "asc" | "desc";
}

const sortOf = z.enum(contactSorts).optional().catch(undefined);
const directionOf = z.enum(["asc", "desc"]).optional().catch(undefined);

const searchText = (text: unknown): string | undefined =>
  // An address gives "?q=5551234" back as a number.
  typeof text === "string" || typeof text === "number" ? String(text).trim().slice(0, 100) || undefined : undefined;

const testsOf = (tests: unknown): FilterTest[] | undefined => {
  const good = Array.isArray(tests) ? tests.slice(0, 20).flatMap((test) => FilterTest.safeParse(test).data ?? []) : [];
  return good.length > 0 ? good : undefined;
};

const drop = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;

export const parseListSearch = (search: Record<string, unknown>): ListSearch =>
  drop({ q: searchText(search.q), filter: testsOf(search.filter), sort: sortOf.parse(search.sort), dir: directionOf.parse(search.dir) });

export const toFilter = ({ q, filter }: ListSearch): ContactFilter => drop({ search: q, tests: filter ?? [] });

export const isFiltered = ({ q, filter }: ListSearch): boolean => q !== undefined || (filter?.length ?? 0) > 0;
