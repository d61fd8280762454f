import { type Ref, useId } from "react";
import { TextField } from "#ui/fields/text-field.tsx";

interface StatusFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  choices: readonly string[];
  error?: string;
  required?: boolean;
  placeholder?: string;
  inputRef?: Ref<HTMLInputElement>;
}

/** A text field that offers the values in use, so that "New" and "new lead" do not exist side by side. */
export function StatusField({ choices, inputRef, ...field }: StatusFieldProps) {
  const list = useId();
  return (
    <>
      <TextField {...field} ref={inputRef} maxLength={100} autoComplete="off" list={list} />
      <datalist id={list}>
        {choices.map((choice) => (
          <option key={choice} value={choice} />
        ))}
      </datalist>
    </>
  );
}
