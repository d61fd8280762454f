import { z } from "zod";
import { typedValue } from "#contract/comparable-text.ts";
import { sortableFields } from "#contract/contact-fields.ts";
import { type ContactFilter, FilterTest } from "#contract/contacts.ts";
import { Uuid } from "#contract/pagination.ts";
import type { ContactListing } from "#web/entities/contacts/contact-queries.ts";
import { testText } from "#web/entities/contacts/filter-address.ts";
import { shapeOf } from "./filter-draft.ts";

/** The search, filters and order of the contacts page, and the contact whose panel is open. */
export interface ListSearch {
  q?: string;
  filter?: FilterTest[];
  /** Parts of the filter that cannot be read. While there are any nobody is listed, because the link meant others than everybody. */
  unreadable?: string[];
  sort?: (typeof sortableFields)[number];
  direction?: "asc" | "desc";
  contact?: string;
}

/** The same as search parameters of the address, so that links, the back button and a reload list the same contacts. */
export type ListParams = { [Name in Exclude<keyof ListSearch, "unreadable">]?: string };

const unescaped = (text: string) => text.replace(/~([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

const readTest = (text: string): FilterTest | undefined => {
  const [field = "", operator = "", ...rest] = text.split(".");
  const given = rest.join(".");
  const named = FilterTest.shape.field.safeParse(field);
  const meant = FilterTest.shape.operator.safeParse(operator);
  if (!named.success || !meant.success) return undefined;
  const values = {
    none: () => undefined,
    text: () => unescaped(given),
    choice: () => unescaped(given),
    date: () => unescaped(given),
    choices: () => given.split(",").map(unescaped),
    days: () => Number(given),
    "yes-no": () => given === "true" || (given === "false" ? false : undefined),
  };
  const value = values[shapeOf({ field: named.data, operator: meant.data })]();
  const test = FilterTest.safeParse({ field, operator, ...(value !== undefined && { value }) });
  return test.success ? test.data : undefined;
};

const sortOf = z.enum(sortableFields).optional().catch(undefined);
const directionOf = z.enum(["asc", "desc"]).optional().catch(undefined);
const idOf = Uuid.optional().catch(undefined);
const mostTests = 20;

const drop = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;

/**
 * Reads an address. An order that is not understood is left out, so that an old link still opens; a test is kept as it stands,
 * because without it the link would list people whom it does not mean.
 */
export const parseListSearch = (params: ListParams): ListSearch => {
  const parts = (params.filter ?? "").split(";").filter((text) => text.trim() !== "");
  const filter: FilterTest[] = [];
  const unreadable: string[] = [];
  for (const text of parts) {
    const test = filter.length < mostTests ? readTest(text) : undefined;
    if (test) filter.push(test);
    else unreadable.push(text);
  }
  return drop({
    q: typedValue(params.q ?? "").slice(0, 100) || undefined,
    filter: filter.length > 0 ? filter : undefined,
    unreadable: unreadable.length > 0 ? unreadable : undefined,
    sort: sortOf.parse(params.sort),
    direction: directionOf.parse(params.direction),
    contact: idOf.parse(params.contact),
  });
};

export const toListParams = ({ filter = [], unreadable = [], q, ...rest }: ListSearch): ListParams =>
  drop({ ...rest, q: typedValue(q ?? "") || undefined, filter: [...filter.map(testText), ...unreadable].join(";") || undefined });

/** The listing that the API is asked for; newest first unless the address says otherwise. */
export const toListing = (search: ListSearch): ContactListing => ({
  filter: toFilter(search),
  sort: search.sort ?? "created_at",
  direction: search.direction ?? "desc",
});

export const toFilter = ({ q, filter }: ListSearch): ContactFilter => drop({ search: q, tests: filter ?? [] });

export const isFiltered = ({ q, filter }: ListSearch): boolean => q !== undefined || (filter?.length ?? 0) > 0;

/** Identifies the listed rows and their order. The open panel does not change them and is left out. */
export const listKey = ({ contact: _, ...list }: ListSearch): string => JSON.stringify(list);
