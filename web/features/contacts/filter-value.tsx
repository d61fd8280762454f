import { Box, Stack, Text } from "@chakra-ui/react";
import { useState } from "react";
import type { ContactFacets } from "#contract/contacts.ts";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { NumberField } from "#ui/fields/number-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { choicesOf, type FilterDraft, shapeOf } from "./filter-draft.ts";

interface FilterValueProps {
  draft: FilterDraft;
  facets: ContactFacets | undefined;
  problem: string | undefined;
  onChange: (value: FilterDraft["value"]) => void;
}

/** Asks for the value of a test with the control that fits its kind. */
export function FilterValue({ draft, facets, problem, onChange }: FilterValueProps) {
  const shape = shapeOf(draft);
  const choices = choicesOf(draft.field, facets);
  const text = typeof draft.value === "string" ? draft.value : "";
  switch (shape) {
    case "none":
      return null;
    case "yes-no":
      return (
        <SelectField
          label="Value"
          value={draft.value === false ? "no" : "yes"}
          onChange={(answer) => onChange(answer === "yes")}
          options={[
            { value: "yes", label: "Yes" },
            { value: "no", label: "No" },
          ]}
        />
      );
    case "days":
      return (
        <NumberField
          label="Days"
          min={1}
          max={3650}
          value={typeof draft.value === "number" ? draft.value : null}
          onChange={(days) => onChange(days ?? 0)}
          error={problem}
        />
      );
    case "date":
      return <TextField label="Date" type="date" value={text} onChange={onChange} error={problem} />;
    case "choices":
      return <Choices choices={choices} chosen={Array.isArray(draft.value) ? draft.value : []} onChange={onChange} problem={problem} />;
    case "choice":
      if (choices.length > 0)
        return (
          <SelectField
            label="Value"
            value={text}
            placeholder="Choose a value"
            onChange={onChange}
            options={[...new Set([...choices, ...(text ? [text] : [])])].map((value) => ({ value, label: value }))}
            error={problem}
          />
        );
  }
  return <TextField label="Value" value={text} onChange={onChange} maxLength={500} autoComplete="off" error={problem} />;
}

interface ChoicesProps {
  choices: readonly string[];
  chosen: readonly string[];
  problem: string | undefined;
  onChange: (chosen: string[]) => void;
}

/** A list with more choices than this gets a search field. */
const longList = 8;

function Choices({ choices, chosen, problem, onChange }: ChoicesProps) {
  const [search, setSearch] = useState("");
  // Chosen values that no contact has any more are listed too, because otherwise they could not be unchosen.
  const all = [...new Set([...choices, ...chosen])];
  const shown = all.filter((choice) => choice.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <Stack gap="2" as="fieldset">
      {all.length > longList && <TextField label="Find a value" hideLabel placeholder="Find a value" value={search} onChange={setSearch} />}
      <Stack gap="1.5" maxHeight="48" overflowY="auto" paddingBlock="1">
        {shown.map((choice) => (
          <Checkbox
            key={choice}
            label={choice}
            checked={chosen.includes(choice)}
            onChange={(on) => onChange(on ? [...chosen, choice] : chosen.filter((other) => other !== choice))}
          />
        ))}
        {shown.length === 0 && (
          <Text textStyle="sm" color="fg.muted">
            {all.length === 0 ? "No contact has a value here yet." : "No such value."}
          </Text>
        )}
      </Stack>
      {problem !== undefined && (
        <Box role="alert" textStyle="xs" color="fg.error">
          {problem}
        </Box>
      )}
    </Stack>
  );
}
