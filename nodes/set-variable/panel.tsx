import { Code, Text } from "@chakra-ui/react";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { TemplateField } from "#ui/fields/template-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { type NodePanelProps, Place } from "../node-panel.tsx";
import { typeOptions } from "../values/type-words.ts";

/** What the value is called, what it is, and what it becomes for the chosen contact. */
export function SetVariablePanel({ value, set, facts, preview }: NodePanelProps) {
  const name = typeof value.name === "string" ? value.name : "";
  const as = typeOptions.find((one) => one.value === value.as)?.value ?? "text";
  const [nameError, valueError] = [facts.problemAt(["name"]), facts.problemAt(["value"])];
  return (
    <>
      <Place at={["name"]}>
        <TextField
          label="Name of the variable"
          value={name}
          maxLength={40}
          mono
          onChange={(next) => set(["name"], next)}
          disabled={facts.disabled}
          error={nameError}
          help={
            name !== "" &&
            nameError === undefined && (
              <>
                Later steps read it as <Code size="sm">{`{{ variables.${name} }}`}</Code>
              </>
            )
          }
        />
      </Place>
      <Place at={["value"]}>
        <TemplateField
          label="Value"
          value={typeof value.value === "string" ? value.value : ""}
          onChange={(next) => set(["value"], next)}
          lines={3}
          fields={facts.mergeFields}
          disabled={facts.disabled}
          error={valueError}
        />
        <Text mt="1" textStyle="xs" color="fg.muted">
          Without a value, or where a field in it has none, the variable is taken away.
        </Text>
      </Place>
      <Place at={["as"]}>
        <SegmentedField
          label="Kept as"
          value={as}
          onChange={(next) => set(["as"], next)}
          options={typeOptions}
          disabled={facts.disabled}
          error={facts.problemAt(["as"])}
        />
      </Place>
      {preview}
    </>
  );
}
