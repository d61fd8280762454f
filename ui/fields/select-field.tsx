import { NativeSelect } from "@chakra-ui/react";
import { FieldFrame, type FieldProps } from "./field.tsx";

export interface SelectOption<Value extends string = string> {
  value: Value;
  label: string;
  disabled?: boolean;
}

export interface SelectFieldProps<Value extends string = string> extends FieldProps {
  value: Value | "";
  onChange: (value: Value) => void;
  options: readonly SelectOption<Value>[];
  /** Shown while nothing is chosen. */
  placeholder?: string;
  name?: string;
  width?: string;
}

/** The browser's own select: every keyboard, screen reader and telephone already knows it. */
export function SelectField<Value extends string = string>(props: SelectFieldProps<Value>) {
  const { value, onChange, options, placeholder, name, width, label, hideLabel, help, error, required, disabled } = props;
  const isKnown = options.some((option) => option.value === value);
  // The browser would show the first option for a value that none of them has, as though that were chosen.
  const empty = placeholder ?? (isKnown ? undefined : "Choose…");
  return (
    <FieldFrame label={label} hideLabel={hideLabel} help={help} error={error} required={required} disabled={disabled}>
      <NativeSelect.Root disabled={disabled} invalid={error !== undefined} width={width}>
        <NativeSelect.Field name={name} value={value} onChange={(event) => onChange(event.currentTarget.value as Value)}>
          {empty !== undefined && (
            <option value={isKnown ? "" : value} disabled>
              {empty}
            </option>
          )}
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </NativeSelect.Field>
        <NativeSelect.Indicator />
      </NativeSelect.Root>
    </FieldFrame>
  );
}
