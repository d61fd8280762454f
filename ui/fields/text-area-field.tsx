import { Textarea } from "@chakra-ui/react";
import { FieldFrame, type FieldProps } from "./field.tsx";

export interface TextAreaFieldProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  placeholder?: string;
  mono?: boolean;
}

/** A text of several lines; it grows with them. */
export function TextAreaField({
  value,
  onChange,
  mono,
  rows = 3,
  label,
  hideLabel,
  help,
  error,
  required,
  disabled,
  ...rest
}: TextAreaFieldProps) {
  return (
    <FieldFrame label={label} hideLabel={hideLabel} help={help} error={error} required={required} disabled={disabled}>
      <Textarea
        dir={mono ? undefined : "auto"}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        rows={rows}
        autoresize
        maxH="16rem"
        fontFamily={mono ? "mono" : undefined}
        {...rest}
      />
    </FieldFrame>
  );
}
