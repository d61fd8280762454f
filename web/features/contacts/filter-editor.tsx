import { Flex, Popover, Portal, Stack } from "@chakra-ui/react";
import { type ReactElement, useState } from "react";
import { type ContactField, contactFields } from "#contract/contact-fields.ts";
import type { ContactFacets, FilterTest } from "#contract/contacts.ts";
import { Button } from "#ui/button.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { draftFor, type FilterDraft, finish, kindOf, operatorsOf, withOperator } from "./filter-draft.ts";
import { FilterValue } from "./filter-value.tsx";

interface FilterEditorProps {
  trigger: ReactElement;
  /** The test to change; a new one is made without it. */
  test?: FilterTest;
  facets: ContactFacets | undefined;
  onApply: (test: FilterTest) => void;
  onRemove?: () => void;
}

const fieldOptions = (Object.keys(contactFields) as ContactField[]).map((value) => ({ value, label: contactFields[value].label }));
const start = (test: FilterTest | undefined): FilterDraft => (test ? { ...test, value: test.value } : draftFor("lead_status"));

/** Field, operator and value in a small box under its chip. */
export function FilterEditor({ trigger, test, facets, onApply, onRemove }: FilterEditorProps) {
  const [open, setOpen] = useState(false);
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
              <EditorForm
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

interface EditorFormProps extends Pick<FilterEditorProps, "facets" | "onApply" | "onRemove"> {
  from: FilterDraft;
  submit: string;
}

function EditorForm({ from, facets, submit, onApply, onRemove }: EditorFormProps) {
  const [draft, setDraft] = useState(from);
  const [problem, setProblem] = useState<string>();
  const change = (next: FilterDraft) => {
    setDraft(next);
    setProblem(undefined);
  };
  const operators = operatorsOf(draft.field);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const result = finish(draft);
        if ("problem" in result) setProblem(result.problem);
        else onApply(result.test);
      }}
    >
      <Stack gap="3">
        <SelectField label="Field" value={draft.field} onChange={(field) => change(draftFor(field))} options={fieldOptions} />
        {kindOf(draft.field) !== "boolean" && (
          <SelectField
            label="Operator"
            value={draft.operator}
            onChange={(operator) => change(withOperator(draft, operator))}
            options={operators}
          />
        )}
        <FilterValue draft={draft} facets={facets} problem={problem} onChange={(value) => change({ ...draft, value })} />
        <Flex gap="2" justify="flex-end">
          {onRemove && (
            <Button tone="ghost" onClick={onRemove}>
              Remove
            </Button>
          )}
          <Button tone="primary" type="submit">
            {submit}
          </Button>
        </Flex>
      </Stack>
    </form>
  );
}
