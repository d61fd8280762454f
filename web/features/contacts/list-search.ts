import { z } from "zod";
import { typedValue } from "#contract/comparable-text.ts";
import { sortableFields } from "#contract/contact-fields.ts";
import { type ContactFilter, FilterTest } from "#contract/contacts.ts";
import { Uuid } from "#contract/pagination.ts";
import type { ContactListing } from "#web/entities/contacts/contact-queries.ts";
import { shapeOf } from "./filter-draft.ts";

/** The search, filters and order of the contacts page, and the contact whose panel is open. */
export interface ListSearch {
  q?: string;
  filter?: FilterTest[];
  sort?: (typeof sortableFields)[number];
  direction?: "asc" | "desc";
  contact?: string;
}

/** The same as search parameters of the address, so that links, the back button and a reload list the same contacts. */
export type ListParams = { [Name in keyof ListSearch]?: string };

// A test is `field.operator.value`, tests are parted by ";" and the choices of one by ",": short enough to be read
// in the address and to be sent to a colleague.
const escaped = (text: string) => text.replace(/[~;,]/g, (sign) => `~${sign.charCodeAt(0).toString(16)}`);
const unescaped = (text: string) => text.replace(/~([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

const testText = ({ field, operator, value }: FilterTest): string => {
  if (value === undefined) return `${field}.${operator}`;
  return `${field}.${operator}.${Array.isArray(value) ? value.map(escaped).join(",") : escaped(String(value))}`;
};

const readTest = (text: string): FilterTest[] => {
  const [field = "", operator = "", ...rest] = text.split(".");
  const given = rest.join(".");
  const named = FilterTest.shape.field.safeParse(field);
  const meant = FilterTest.shape.operator.safeParse(operator);
  if (!named.success || !meant.success) return [];
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
  return test.success ? [test.data] : [];
};

const sortOf = z.enum(sortableFields).optional().catch(undefined);
const directionOf = z.enum(["asc", "desc"]).optional().catch(undefined);
const idOf = Uuid.optional().catch(undefined);
const mostTests = 20;

const drop = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;

/** Parts of an address that are not understood are left out instead of refused, so that an old link still opens. */
export const parseListSearch = (params: ListParams): ListSearch => {
  const filter = (params.filter ?? "").split(";").flatMap(readTest).slice(0, mostTests);
  return drop({
    q: typedValue(params.q ?? "").slice(0, 100) || undefined,
    filter: filter.length > 0 ? filter : undefined,
    sort: sortOf.parse(params.sort),
    direction: directionOf.parse(params.direction),
    contact: idOf.parse(params.contact),
  });
};

export const toListParams = ({ filter, q, ...rest }: ListSearch): ListParams =>
  drop({ ...rest, q: typedValue(q ?? "") || undefined, filter: filter?.length ? filter.map(testText).join(";") : undefined });

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
