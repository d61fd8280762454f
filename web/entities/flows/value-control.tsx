import type { FlowInput } from "#contract/flow-inputs.ts";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextAreaField } from "#ui/fields/text-area-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";

interface ValueControlProps {
  input: FlowInput;
  label: string;
  hideLabel?: boolean;
  help?: string | undefined;
  required?: boolean | undefined;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  disabled: boolean;
  placeholder?: string;
}

/** The control of a kind of value. Its value is the text that was typed, so that nothing typed is lost. */
export function ValueControl({ input, placeholder, ...frame }: ValueControlProps) {
  const { type, choices = [] } = input;
  const standard = input.default === undefined ? undefined : shownValue(input.default);
  const nothing = standard !== undefined && placeholder === undefined ? `As set in the flow: ${standard}` : (placeholder ?? "");
  switch (type) {
    case "choice":
    case "yes_no": {
      const options = type === "choice" ? choices.map((each) => ({ value: each, label: each })) : yesAndNo;
      return <SelectField {...frame} options={[{ value: "", label: nothing || "Choose" }, ...options]} />;
    }
    case "date":
      return <TextField {...frame} type="date" help={frame.help ?? (nothing || undefined)} />;
    case "number":
      return <TextField {...frame} placeholder={nothing} />;
    default:
      return <TextAreaField {...frame} rows={1} placeholder={nothing} />;
  }
}

const yesAndNo = [
  { value: "yes", label: "Yes" },
  { value: "no", label: "No" },
];

const shownValue = (value: string | number | boolean): string => (value === true ? "Yes" : value === false ? "No" : String(value));
