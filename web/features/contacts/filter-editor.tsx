import { cloneElement, Suspense, useState } from "react";
import { lazyLater } from "#ui/lazy-later.ts";
import type { FilterEditorProps } from "./filter-editor-props.ts";

const FilterPopover = lazyLater(async () => (await import("./filter-popover.tsx")).FilterPopover);

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
