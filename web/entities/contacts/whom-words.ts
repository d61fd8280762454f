import type { ContactFilter } from "#contract/contacts.ts";
import { describeFilter } from "./filter-words.ts";

/** Whom a filter means, in words. */
export const whomWords = (filter: ContactFilter): string => {
  const words = describeFilter(filter);
  return words === null ? "All contacts of this workspace" : `All contacts where ${words}`;
};
