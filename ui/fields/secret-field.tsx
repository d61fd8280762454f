import { Flex, Stack, Text } from "@chakra-ui/react";
import { Button } from "../button.tsx";
import { PasswordField } from "./password-field.tsx";

interface SecretFieldProps {
  label: string;
  /** Null keeps the one that is stored. */
  value: string | null;
  onChange: (value: string) => void;
  /** The last characters of the one that is stored, where they may be shown. */
  end?: string | undefined;
  help?: string;
  error?: string | undefined;
  required?: boolean;
}

/** A secret that is stored is never shown again: it stays, or another one takes its place. */
export function SecretField({ label, value, onChange, end, ...field }: SecretFieldProps) {
  if (value !== null) return <PasswordField label={label} autoComplete="off" value={value} onChange={onChange} {...field} />;
  return (
    <Stack gap="1">
      <Text textStyle="sm" fontWeight="medium">
        {label}
      </Text>
      <Flex align="center" gap="3" minH="8" wrap="wrap">
        <Text textStyle="sm" color="fg.muted">
          {end === undefined ? "Stored" : `Stored, ends in ${end}`}
        </Text>
        <Button size="xs" onClick={() => onChange("")}>
          Replace {label.toLowerCase()}
        </Button>
      </Flex>
      {field.error !== undefined && (
        <Text textStyle="xs" color="fg.error" role="alert">
          {field.error}
        </Text>
      )}
    </Stack>
  );
}
