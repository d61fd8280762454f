import { Textarea } from "@chakra-ui/react";
import type { Ref } from "react";
import { FieldFrame, type FieldProps } from "./field.tsx";

export interface TextareaFieldProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  name?: string;
  placeholder?: string;
  readOnly?: boolean;
  maxLength?: number;
  mono?: boolean;
  ref?: Ref<HTMLTextAreaElement>;
}

export function TextareaField({
  value,
  onChange,
  rows = 4,
  mono,
  ref,
  label,
  hideLabel,
  help,
  error,
  required,
  disabled,
  ...rest
}: TextareaFieldProps) {
  return (
    <FieldFrame {...{ label, hideLabel, help, error, required, disabled }}>
      <Textarea
        ref={ref}
        rows={rows}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        fontFamily={mono ? "mono" : undefined}
        resize="vertical"
        {...rest}
      />
    </FieldFrame>
  );
}
