import { Input } from "@chakra-ui/react";
import type { HTMLInputAutoCompleteAttribute, KeyboardEvent, Ref } from "react";
import { FieldFrame, type FieldProps } from "./field.tsx";

export interface TextFieldProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void;
  type?: "text" | "email" | "tel" | "url" | "date" | "datetime-local" | "time";
  name?: string;
  /** The id of a <datalist> with words to offer. */
  list?: string;
  placeholder?: string;
  autoComplete?: HTMLInputAutoCompleteAttribute;
  autoFocus?: boolean;
  readOnly?: boolean;
  maxLength?: number;
  mono?: boolean;
  ref?: Ref<HTMLInputElement>;
}

export function TextField({
  value,
  onChange,
  type = "text",
  mono,
  ref,
  label,
  hideLabel,
  help,
  error,
  required,
  disabled,
  ...rest
}: TextFieldProps) {
  return (
    <FieldFrame label={label} hideLabel={hideLabel} help={help} error={error} required={required} disabled={disabled}>
      <Input
        ref={ref}
        type={type}
        // Names are written in every script, and one that runs to the left is read and cut off from its own beginning.
        dir={type === "text" && !mono ? "auto" : undefined}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        fontFamily={mono ? "mono" : undefined}
        {...rest}
      />
    </FieldFrame>
  );
}
