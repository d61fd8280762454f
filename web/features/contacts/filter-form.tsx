import { Flex, Stack } from "@chakra-ui/react";
import { useState } from "react";
import { type ContactField, contactFields } from "#contract/contact-fields.ts";
import type { ContactFacets, FilterTest } from "#contract/contacts.ts";
import { Button } from "#ui/button.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { draftFor, type FilterDraft, finish, kindOf, operatorsOf, withOperator } from "./filter-draft.ts";
import { FilterValue } from "./filter-value.tsx";

const fieldOptions = (Object.keys(contactFields) as ContactField[]).map((value) => ({ value, label: contactFields[value].label }));

interface FilterFormProps {
  from: FilterDraft;
  facets: ContactFacets | undefined;
  submit: string;
  onApply: (test: FilterTest) => void;
  onRemove?: (() => void) | undefined;
}

/** Field, operator and value of one filter test. */
export function FilterForm({ from, facets, submit, onApply, onRemove }: FilterFormProps) {
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
