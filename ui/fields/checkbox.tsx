import { Checkbox as ChakraCheckbox, Text, VisuallyHidden } from "@chakra-ui/react";

export interface CheckboxProps {
  label: string;
  hideLabel?: boolean;
  help?: string;
  /** "indeterminate": some of what it stands for, not all. */
  checked: boolean | "indeterminate";
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

export function Checkbox({ label, hideLabel, help, checked, onChange, disabled }: CheckboxProps) {
  return (
    <ChakraCheckbox.Root
      checked={checked}
      onCheckedChange={(change) => onChange(change.checked === true)}
      disabled={disabled}
      alignItems={help ? "flex-start" : "center"}
    >
      <ChakraCheckbox.HiddenInput />
      <ChakraCheckbox.Control mt={help ? "0.5" : undefined} />
      {hideLabel ? (
        <VisuallyHidden asChild>
          <ChakraCheckbox.Label>{label}</ChakraCheckbox.Label>
        </VisuallyHidden>
      ) : (
        <ChakraCheckbox.Label>
          {label}
          {help && (
            <Text as="span" display="block" color="fg.muted" textStyle="xs">
              {help}
            </Text>
          )}
        </ChakraCheckbox.Label>
      )}
    </ChakraCheckbox.Root>
  );
}
