import type { Contact, ContactFilter, Selection } from "#contract/contacts.ts";

/**
 * Which contacts a person has chosen on the contacts page: some they ticked, or everything that matches a filter
 * except some they unticked.
 *
 * Ticked contacts stay ticked whatever is searched or filtered afterwards: people gather a group from several searches.
 * "All that match" belongs to the filter it was chosen under; another filter is another group of people, so it ends there.
 */
export type ContactSelection =
  | { kind: "picked"; contacts: ReadonlyMap<string, string> }
  | { kind: "matching"; filter: ContactFilter; total: number; excluded: ReadonlySet<string>; sample: readonly string[] };

type Named = Pick<Contact, "id" | "displayName">;

/** The most contacts that a request may name by id. Larger selections use a filter. */
export const mostPicked = 10_000;

export const nothing: ContactSelection = { kind: "picked", contacts: new Map() };

export const isSelected = (selection: ContactSelection, id: string): boolean =>
  selection.kind === "picked" ? selection.contacts.has(id) : !selection.excluded.has(id);

export const selectedCount = (selection: ContactSelection): number =>
  selection.kind === "picked" ? selection.contacts.size : Math.max(selection.total - selection.excluded.size, 0);

export const setSelected = (selection: ContactSelection, contacts: readonly Named[], selected: boolean): ContactSelection => {
  if (selection.kind === "matching") {
    const excluded = new Set(selection.excluded);
    for (const { id } of contacts) selected ? excluded.delete(id) : excluded.add(id);
    // The selection ends when every contact is excluded, or when there are more exceptions than a request may carry.
    return excluded.size >= selection.total || excluded.size > mostPicked ? nothing : { ...selection, excluded };
  }
  const picked = new Map(selection.contacts);
  for (const { id, displayName } of contacts) {
    if (!selected) picked.delete(id);
    else if (picked.size < mostPicked) picked.set(id, displayName);
  }
  return { kind: "picked", contacts: picked };
};

/** Selects everything that matches. The request carries the filter and no ids; `sample` are a few contacts to show by name. */
export const selectMatching = (filter: ContactFilter, total: number, sample: readonly Named[]): ContactSelection => ({
  kind: "matching",
  filter,
  total,
  excluded: new Set(),
  sample: sample.slice(0, 3).map((contact) => contact.displayName),
});

const sameFilter = (one: ContactFilter, other: ContactFilter) =>
  (one.search ?? "") === (other.search ?? "") && JSON.stringify(one.tests) === JSON.stringify(other.tests);

/** The selection under another filter. `reset` is true when it was cleared, which the person must be told. */
export const underFilter = (selection: ContactSelection, filter: ContactFilter): { selection: ContactSelection; reset: boolean } =>
  selection.kind === "matching" && !sameFilter(selection.filter, filter)
    ? { selection: nothing, reset: true }
    : { selection, reset: false };

/** Takes over a total that was read again while "all that match" is selected. */
export const withTotal = (selection: ContactSelection, total: number): ContactSelection =>
  selection.kind === "matching" && selection.total !== total ? { ...selection, total } : selection;

/** Removes deleted contacts from the selection. */
export const without = (selection: ContactSelection, ids: readonly string[]): ContactSelection => {
  if (selection.kind === "matching") {
    const excluded = new Set(selection.excluded);
    for (const id of ids) excluded.delete(id);
    return { ...selection, excluded };
  }
  const contacts = new Map(selection.contacts);
  for (const id of ids) contacts.delete(id);
  return { kind: "picked", contacts };
};

/** As the API takes it; null when nobody is chosen. */
export const toRequest = (selection: ContactSelection): Selection | null => {
  if (selectedCount(selection) === 0) return null;
  return selection.kind === "picked"
    ? { type: "ids", ids: [...selection.contacts.keys()] }
    : { type: "filter", filter: selection.filter, excluded: [...selection.excluded] };
};

/** The names to show, first chosen first. */
export const namesOf = (selection: ContactSelection): readonly string[] =>
  selection.kind === "picked" ? [...selection.contacts.values()].slice(0, 3) : selection.sample;
