import { Box, Flex, NativeSelect } from "@chakra-ui/react";
import { Braces, PencilLine } from "lucide-react";
import { useState } from "react";
import { FieldFrame } from "#ui/fields/field.tsx";
import { NumberField } from "#ui/fields/number-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TemplateField } from "#ui/fields/template-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import type { PanelFacts, TestField } from "../node-panel.tsx";
import type { ChangeOperation } from "./definition.ts";

interface ChangeValueProps {
  field: TestField;
  operation: ChangeOperation;
  value: unknown;
  error: string | undefined;
  facts: PanelFacts;
  onChange: (value: unknown) => void;
}

type Way = "number" | "boolean" | "date" | "choice" | "text";

const isDay = (value: unknown) => typeof value === "string" && /^(\d{4}-\d\d-\d\d)?$/.test(value);
const isNumber = (value: unknown) => typeof value === "number" || value === "" || value === undefined;

/** The control that suits a field, where what is set can stand in it. A text with merge fields stands in a text field. */
function wayOf({ field, operation, value }: Pick<ChangeValueProps, "field" | "operation" | "value">): Way {
  if (operation === "add" || operation === "subtract") return isNumber(value) ? "number" : "text";
  if (operation === "append") return "text";
  if (operation === "add_tag" || operation === "remove_tag") return field.choices?.length ? "choice" : "text";
  if (field.kind === "number" && isNumber(value)) return "number";
  if (field.kind === "boolean" && (typeof value === "boolean" || value === "" || value === undefined)) return "boolean";
  if (field.kind === "date" && isDay(value ?? "")) return "date";
  return field.kind === "choice" && field.choices?.length ? "choice" : "text";
}

/** What a field is set to, in a control of its kind, or as a text with fields of the contact and of earlier steps. */
export function ChangeValue(props: ChangeValueProps) {
  const { field, value, error, facts, onChange } = props;
  const [writes, setWrites] = useState(false);
  const fitting = wayOf(props);
  const way = writes ? "text" : fitting;
  const frame = { label: "Value", hideLabel: true, disabled: facts.disabled, error };
  if (way === "choice") return <ChoiceValue {...props} />;
  if (way === "text") {
    const text = typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
    return (
      <Flex gap="1" align="start">
        <Box flex="1" minW="0">
          <TemplateField {...frame} value={text} onChange={onChange} lines={1} fields={facts.mergeFields} />
        </Box>
        {writes && (
          <IconButton
            icon={PencilLine}
            tooltip="title"
            label="Choose the value instead"
            disabled={facts.disabled}
            onClick={() => {
              setWrites(false);
              onChange(field.kind === "boolean" ? true : "");
            }}
          />
        )}
      </Flex>
    );
  }
  return (
    <Flex gap="1" align="start">
      <Box flex="1" minW="0">
        {way === "number" && (
          <NumberField
            {...frame}
            step={0.01}
            width="full"
            value={typeof value === "number" ? value : null}
            onChange={(next) => onChange(next ?? "")}
          />
        )}
        {way === "date" && <TextField {...frame} type="date" value={typeof value === "string" ? value : ""} onChange={onChange} />}
        {way === "boolean" && (
          <SelectField
            {...frame}
            placeholder="Choose"
            value={typeof value === "boolean" ? String(value) : ""}
            options={[
              { value: "true", label: "yes" },
              { value: "false", label: "no" },
            ]}
            onChange={(next) => onChange(next === "true")}
          />
        )}
      </Box>
      <IconButton
        icon={Braces}
        tooltip="title"
        label="Write a text with fields instead"
        disabled={facts.disabled}
        onClick={() => {
          setWrites(true);
          onChange("");
        }}
      />
    </Flex>
  );
}

const own = "\0own";

/** Values in use, and any other in words. */
function ChoiceValue({ field, operation, value, error, facts, onChange }: ChangeValueProps) {
  const text = typeof value === "string" ? value : "";
  const choices = field.choices ?? [];
  const chosen = choices.find((choice) => choice === text);
  const [types, setTypes] = useState(text !== "" && chosen === undefined);
  const isOwn = types || (text !== "" && chosen === undefined);
  const isTag = operation === "add_tag" || operation === "remove_tag";
  return (
    <Box>
      <FieldFrame label="Value" hideLabel error={isOwn ? undefined : error} disabled={facts.disabled}>
        <NativeSelect.Root disabled={facts.disabled} invalid={error !== undefined}>
          <NativeSelect.Field
            value={isOwn ? own : (chosen ?? "")}
            onChange={({ currentTarget: { value: next } }) => {
              setTypes(next === own);
              onChange(next === own ? "" : next);
            }}
          >
            <option value="" disabled>
              {isTag ? "Choose a tag" : "Choose a value"}
            </option>
            {choices.map((choice) => (
              <option key={choice} value={choice}>
                {choice}
              </option>
            ))}
            <option value={own}>{isTag ? "Another tag…" : "Another value…"}</option>
          </NativeSelect.Field>
          <NativeSelect.Indicator />
        </NativeSelect.Root>
      </FieldFrame>
      {isOwn && (
        <Box mt="1.5">
          <TemplateField
            label={isTag ? "Name of the tag" : "Other value"}
            hideLabel
            value={text}
            onChange={onChange}
            lines={1}
            fields={facts.mergeFields}
            disabled={facts.disabled}
            error={error}
          />
        </Box>
      )}
    </Box>
  );
}
