import { Input, InputGroup } from "@chakra-ui/react";
import { Eye, EyeOff } from "lucide-react";
import { type Ref, useState } from "react";
import { IconButton } from "../icon-button.tsx";
import { FieldFrame, type FieldProps } from "./field.tsx";

export interface PasswordFieldProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  autoComplete: "current-password" | "new-password" | "off";
  name?: string;
  placeholder?: string;
  autoFocus?: boolean;
  ref?: Ref<HTMLInputElement>;
}

/** With an eye: a long password that can be read is typed right. */
export function PasswordField({ value, onChange, ref, label, hideLabel, help, error, required, disabled, ...rest }: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <FieldFrame label={label} hideLabel={hideLabel} help={help} error={error} required={required} disabled={disabled}>
      <InputGroup
        endElementProps={{ px: "0.5" }}
        endElement={
          <IconButton
            icon={shown ? EyeOff : Eye}
            label={shown ? "Hide password" : "Show password"}
            aria-pressed={shown}
            tooltip="title"
            size="xs"
            disabled={disabled}
            onClick={() => setShown((now) => !now)}
          />
        }
      >
        <Input
          ref={ref}
          type={shown ? "text" : "password"}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
          spellCheck={false}
          autoCapitalize="none"
          {...rest}
        />
      </InputGroup>
    </FieldFrame>
  );
}
