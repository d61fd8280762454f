import { Box, Flex, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { type FlowInput, isContactField } from "#contract/flow-inputs.ts";
import { mostOwnValues } from "#contract/launch-values.ts";
import type { TestField } from "#nodes/node-panel.tsx";
import { FieldPicker } from "#nodes/test-list/field-picker.tsx";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { FieldFrame } from "#ui/fields/field.tsx";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { fieldsQuery } from "#web/entities/fields/field-queries.ts";
import { testFields } from "#web/entities/fields/test-fields.ts";
import { ValueControl } from "#web/entities/flows/value-control.tsx";
import type { Audience } from "./audience.ts";
import { type TypedValue, typedFor, type ValuesDraft } from "./values.ts";
import { ValuesGrid } from "./values-grid.tsx";

interface ValuesFieldsProps {
  flowId: string;
  inputs: readonly FlowInput[];
  audience: Audience;
  draft: ValuesDraft;
  onDraft: (draft: ValuesDraft) => void;
  /** What is wrong, by its place. */
  problems: ReadonlyMap<string, string>;
  disabled: boolean;
}

const ways = [
  { value: "all", label: "One for all" },
  { value: "field", label: "From each contact" },
] as const;

/** A form made from what the flow asks for, and a sheet where contacts have values of their own. */
export function ValuesFields({ flowId, inputs, audience, draft, onDraft, problems, disabled }: ValuesFieldsProps) {
  const fields = useQuery(fieldsQuery(flowId));
  const named = testFields(fields.data, []).filter(({ path }) => isContactField(path));
  const set = (input: FlowInput, change: Partial<TypedValue>) =>
    onDraft({ ...draft, typed: { ...draft.typed, [input.name]: { ...typedFor(draft, input), ...change } } });
  const { selection, total } = audience;
  const inSheet = inputs.filter(({ type }) => type !== "contact_field");
  const mayDiffer = selection.type === "ids" && total > 1 && total <= mostOwnValues && inSheet.length > 0;
  return (
    <Stack gap="5" px="3" py="3">
      {fields.isError && (
        <LoadError
          title="The fields of contacts are not known"
          error={fields.error}
          onRetry={() => void fields.refetch()}
          retrying={fields.isFetching}
        />
      )}
      {inputs.map((input) => (
        <OneValue
          key={input.name}
          input={input}
          typed={typedFor(draft, input)}
          set={(change) => set(input, change)}
          fields={named}
          isAlone={total === 1}
          problems={problems}
          disabled={disabled}
        />
      ))}
      {mayDiffer && (
        <Stack gap="3">
          <Checkbox
            label="Some contacts have values of their own"
            help="A row for each contact. What is left empty there is as above."
            checked={draft.rows !== null}
            onChange={(on) => onDraft({ ...draft, rows: on ? (draft.rows ?? {}) : null })}
            disabled={disabled}
          />
          {draft.rows !== null && (
            <ValuesGrid
              inputs={inSheet}
              ids={selection.ids}
              rows={draft.rows}
              onRows={(rows) => onDraft({ ...draft, rows })}
              problems={problems}
              disabled={disabled}
            />
          )}
        </Stack>
      )}
    </Stack>
  );
}

interface OneValueProps {
  input: FlowInput;
  typed: TypedValue;
  set: (change: Partial<TypedValue>) => void;
  fields: readonly TestField[];
  /** A person who sends to one contact needs no choice between all and each. */
  isAlone: boolean;
  problems: ReadonlyMap<string, string>;
  disabled: boolean;
}

function OneValue({ input, typed, set, fields, isAlone, problems, disabled }: OneValueProps) {
  const { name, label, help, type, required } = input;
  const place = `values.${name}`;
  const chooses = type !== "contact_field" && !isAlone;
  const fieldProblem = problems.get(`${place}.field`) ?? (typed.field === "" ? problems.get(place) : undefined);
  return (
    <Stack role="group" aria-label={`The value “${label}”`} gap="2">
      {chooses && (
        <Flex justify="space-between" align="center" gap="3" wrap="wrap">
          <Text textStyle="sm" fontWeight="medium">
            {label}
            {!required && (
              <Text as="span" color="fg.muted" fontWeight="normal">
                {" "}
                optional
              </Text>
            )}
          </Text>
          <SegmentedField
            label={`Where “${label}” comes from`}
            hideLabel
            value={typed.way}
            onChange={(way) => set({ way })}
            options={ways}
            disabled={disabled}
          />
        </Flex>
      )}
      {typed.way === "all" ? (
        <ValueControl
          input={input}
          label={label}
          hideLabel={chooses}
          help={help}
          required={chooses || required ? undefined : false}
          value={typed.text}
          onChange={(text) => set({ text })}
          error={problems.get(place)}
          disabled={disabled}
        />
      ) : (
        <Flex gap="3" wrap="wrap" align="start">
          <Box flex="1" minW="40">
            <FieldFrame
              label={type === "contact_field" ? label : `Field for ${label}`}
              hideLabel={chooses}
              help={help}
              error={undefined}
              disabled={disabled}
            >
              <FieldPicker
                value={typed.field}
                fields={fields}
                error={fieldProblem}
                disabled={disabled}
                onChange={(field) => set({ field })}
                onType={(field) => set({ field })}
              />
            </FieldFrame>
          </Box>
          {typed.field !== "" && (
            <Box flex="1" minW="40">
              <ValueControl
                input={type === "contact_field" ? { ...input, type: "text" } : input}
                label={`Where ${label} is empty`}
                hideLabel={chooses}
                value={typed.fallback}
                onChange={(fallback) => set({ fallback })}
                error={problems.get(`${place}.fallback`)}
                disabled={disabled}
                placeholder="Where it is empty"
              />
            </Box>
          )}
        </Flex>
      )}
    </Stack>
  );
}
