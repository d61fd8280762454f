import { Popover, Portal } from "@chakra-ui/react";
import { useEffect, useState } from "react";
import type { FilterTest } from "#contract/contacts.ts";
import { draftFor, type FilterDraft } from "./filter-draft.ts";
import type { FilterEditorProps } from "./filter-editor-props.ts";
import { FilterForm } from "./filter-form.tsx";

const start = (test: FilterTest | undefined): FilterDraft => (test ? { ...test, value: test.value } : draftFor("lead_status"));

/** The box opens as soon as it is mounted: the press on its trigger is what mounted it. */
export function FilterPopover({ trigger, test, facets, onApply, onRemove }: FilterEditorProps) {
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(true), []);
  return (
    <Popover.Root
      open={open}
      onOpenChange={(change) => setOpen(change.open)}
      positioning={{ placement: "bottom-start" }}
      lazyMount
      unmountOnExit
    >
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Portal>
        <Popover.Positioner>
          <Popover.Content width="72" aria-label={test ? "Change filter" : "Add filter"}>
            <Popover.Body padding="3">
              <FilterForm
                from={start(test)}
                facets={facets}
                submit={test ? "Apply filter" : "Add filter"}
                onApply={(done) => {
                  setOpen(false);
                  onApply(done);
                }}
                onRemove={onRemove}
              />
            </Popover.Body>
          </Popover.Content>
        </Popover.Positioner>
      </Portal>
    </Popover.Root>
  );
}
