import { Switch, Text } from "@chakra-ui/react";

export interface SwitchFieldProps {
  label: string;
  help?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

/** Something that takes effect at once. Something that takes effect with a button is a Checkbox. */
export function SwitchField({ label, help, checked, onChange, disabled }: SwitchFieldProps) {
  return (
    <Switch.Root
      checked={checked}
      onCheckedChange={(change) => onChange(change.checked)}
      disabled={disabled}
      alignItems="flex-start"
      gap="2.5"
    >
      <Switch.HiddenInput />
      <Switch.Control mt="0.5" />
      <Switch.Label fontWeight="normal" textStyle="sm">
        {label}
        {help && (
          <Text as="span" display="block" color="fg.muted" textStyle="xs">
            {help}
          </Text>
        )}
      </Switch.Label>
    </Switch.Root>
  );
}
