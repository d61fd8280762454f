import { Field as ChakraField, VisuallyHidden } from "@chakra-ui/react";
import type { ReactNode } from "react";

export interface FieldProps {
  label: string;
  /** The label is there for a screen reader only: a search box, a field in a table head. */
  hideLabel?: boolean;
  help?: ReactNode;
  /** The problem of the value, in words. */
  error?: string;
  required?: boolean;
  disabled?: boolean;
}

/** Label above, help or problem below; both are tied to the control for a screen reader. */
export function FieldFrame({ label, hideLabel, help, error, required, disabled, children }: FieldProps & { children: ReactNode }) {
  return (
    <ChakraField.Root invalid={error !== undefined} required={required} disabled={disabled}>
      {hideLabel ? (
        <VisuallyHidden asChild>
          <ChakraField.Label>{label}</ChakraField.Label>
        </VisuallyHidden>
      ) : (
        <ChakraField.Label>
          {label}
          {required === false && <ChakraField.RequiredIndicator fallback={<OptionalMark />} />}
        </ChakraField.Label>
      )}
      {children}
      {error !== undefined && <ChakraField.ErrorText>{error}</ChakraField.ErrorText>}
      {help && <ChakraField.HelperText>{help}</ChakraField.HelperText>}
    </ChakraField.Root>
  );
}

/** Most fields are needed, so the few that are not say so (`required={false}`) instead of stars on all the others. */
function OptionalMark() {
  return <span style={{ fontWeight: 400, opacity: 0.75 }}>optional</span>;
}
