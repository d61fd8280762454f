import { Input } from "@chakra-ui/react";
import { useEffect, useState } from "react";
import { FieldFrame, type FieldProps } from "./field.tsx";

export interface NumberFieldProps extends FieldProps {
  /** Null while the field is empty. */
  value: number | null;
  onChange: (value: number | null) => void;
  min?: number;
  max?: number;
  step?: number;
  name?: string;
  placeholder?: string;
  width?: string;
}

export function NumberField({ label, hideLabel, help, error, required, disabled, ...input }: NumberFieldProps) {
  return (
    <FieldFrame label={label} hideLabel={hideLabel} help={help} error={error} required={required} disabled={disabled}>
      <NumberInput {...input} />
    </FieldFrame>
  );
}

/** The input alone, for a frame with more than one. Text stays as typed until it is a number: "1." on the way to "1.5" must not turn into "1". */
export function NumberInput({ value, onChange, step = 1, width = "32", ...rest }: Omit<NumberFieldProps, keyof FieldProps>) {
  const [typed, setTyped] = useState(value === null ? "" : String(value));
  useEffect(() => {
    setTyped((now) => (toNumber(now) === value ? now : value === null ? "" : String(value)));
  }, [value]);
  return (
    <Input
      type="number"
      inputMode={Number.isInteger(step) ? "numeric" : "decimal"}
      step={step}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onChange(toNumber(event.currentTarget.value));
      }}
      fontVariantNumeric="tabular-nums"
      maxW={width}
      {...rest}
    />
  );
}

function toNumber(typed: string): number | null {
  if (typed.trim() === "") return null;
  const number = Number(typed);
  return Number.isFinite(number) ? number : null;
}
