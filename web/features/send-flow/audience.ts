import type { ContactFilter, Selection } from "#contract/contacts.ts";

/** The contacts a send is for, as the person was shown them. */
export interface Audience {
  selection: Selection;
  total: number;
  /** The first of them by name, three at most. */
  names: readonly string[];
  /** Which contacts, in words, where they were chosen by a filter: "All contacts where Lead status is New". */
  words: string | null;
  /** The filter that means the same contacts, where all that match were picked. A saved launch keeps it. */
  matching?: ContactFilter;
}
