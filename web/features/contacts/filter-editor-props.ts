import type { ReactElement } from "react";
import type { ContactFacets, FilterTest } from "#contract/contacts.ts";

export interface FilterEditorProps {
  trigger: ReactElement<object>;
  /** The test to change; a new one is made without it. */
  test?: FilterTest;
  facets: ContactFacets | undefined;
  onApply: (test: FilterTest) => void;
  onRemove?: () => void;
}
