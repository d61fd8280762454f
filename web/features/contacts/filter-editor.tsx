import { cloneElement, type ReactElement, Suspense, useState } from "react";
import type { ContactFacets, FilterTest } from "#contract/contacts.ts";
import { lazyLater } from "#ui/lazy-later.ts";

const FilterPopover = lazyLater(async () => (await import("./filter-popover.tsx")).FilterPopover);

export interface FilterEditorProps {
  trigger: ReactElement<object>;
  /** The test to change; a new one is made without it. */
  test?: FilterTest;
  facets: ContactFacets | undefined;
  onApply: (test: FilterTest) => void;
  onRemove?: () => void;
}

/** Field, operator and value in a small box under its chip. Until it is first opened only its trigger is there. */
export function FilterEditor(props: FilterEditorProps) {
  const [wasOpened, setWasOpened] = useState(false);
  const closed = { "aria-haspopup": "dialog", "aria-expanded": false, onClick: () => setWasOpened(true) };
  const trigger = cloneElement(props.trigger, closed);
  return wasOpened ? (
    <Suspense fallback={trigger}>
      <FilterPopover {...props} />
    </Suspense>
  ) : (
    trigger
  );
}
