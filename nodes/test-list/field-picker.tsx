import { Box, NativeSelect } from "@chakra-ui/react";
import { useState } from "react";
import { FieldFrame } from "#ui/fields/field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import type { TestField } from "../node-panel.tsx";
import { fieldWords } from "../words/field-words.ts";

const another = "another";

interface FieldPickerProps {
  value: string;
  fields: readonly TestField[];
  error: string | undefined;
  disabled: boolean;
  onChange: (path: string) => void;
  /** Puts a name that is being typed. */
  onType: (path: string) => void;
}

/** The fields of contacts and of the flow in groups. What is not among them can be named too. */
export function FieldPicker({ value, fields, error, disabled, onChange, onType }: FieldPickerProps) {
  const [types, setTypes] = useState(false);
  const isListed = fields.some(({ path }) => path === value);
  const isOwn = types || (!isListed && value !== "");
  return (
    <Box>
      <FieldFrame label="Field" hideLabel error={isOwn ? undefined : error} disabled={disabled}>
        <NativeSelect.Root size="sm" disabled={disabled} invalid={error !== undefined}>
          <NativeSelect.Field
            value={isOwn ? another : value}
            onChange={({ currentTarget: { value: path } }) => {
              setTypes(path === another);
              if (path !== another) onChange(path);
            }}
          >
            <option value="" disabled>
              Choose a field
            </option>
            {[...Map.groupBy(fields, ({ group }) => group)].map(([group, options]) => (
              <optgroup key={group} label={group}>
                {options.map(({ path, label }) => (
                  <option key={path} value={path}>
                    {label}
                  </option>
                ))}
              </optgroup>
            ))}
            <option value={another}>{isOwn && value !== "" ? `${fieldWords(value)} (by name)` : "Another field, by its name…"}</option>
          </NativeSelect.Field>
          <NativeSelect.Indicator />
        </NativeSelect.Root>
      </FieldFrame>
      {isOwn && (
        <Box mt="1.5">
          <TextField
            label="Name of the field"
            hideLabel
            value={value}
            placeholder="custom.plan"
            mono
            maxLength={300}
            error={error}
            disabled={disabled}
            onChange={onType}
          />
        </Box>
      )}
    </Box>
  );
}
