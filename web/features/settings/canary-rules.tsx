import { Flex, Heading, Stack, Text } from "@chakra-ui/react";
import { type CanaryRules, canaryBounds } from "#contract/canary.ts";
import { NumberField } from "#ui/fields/number-field.tsx";

/** As it is typed; null where a field is empty. */
export type TypedCanaryRules = Record<keyof CanaryRules, number | null>;

interface CanaryRulesFieldsProps {
  value: TypedCanaryRules;
  onChange: (value: TypedCanaryRules) => void;
  /** What was refused of a field, by its path. */
  problem: (path: string) => string | undefined;
  disabled: boolean;
}

const fields: { name: keyof CanaryRules; label: string; help: string; decimal?: boolean }[] = [
  { name: "contacts", label: "Contacts first", help: "With how many a send begins." },
  { name: "percent", label: "Or percent first", help: "The other choice in the dialog.", decimal: true },
  { name: "minutes", label: "Minutes to watch", help: "From their first messages on." },
  { name: "failurePercent", label: "Percent that may fail", help: "Also what came back. Of 25, one is 4 %.", decimal: true },
  { name: "optOutPercent", label: "Percent that may opt out", help: "Also reports as spam.", decimal: true },
  { name: "suggestAbove", label: "Suggest it above", help: "For sends to more contacts than this." },
];

const problemOf = (name: keyof CanaryRules, value: number | null): string | undefined => {
  const { least, most } = canaryBounds[name];
  return value === null || value < least || value > most ? `A number from ${least} to ${most}` : undefined;
};

/** How a send is tried with a few first, and what these may find before the rest follows. */
export function CanaryRulesFields({ value, onChange, problem, disabled }: CanaryRulesFieldsProps) {
  return (
    <Stack gap="3">
      <Heading as="h3" textStyle="sm" fontWeight="600">
        Try with a few first
      </Heading>
      <Text textStyle="sm" color="fg.muted">
        Who sends to many can begin with a few. The rest follows by itself if these went well, and is held otherwise until somebody decides.
        It holds for sends that are made from now on.
      </Text>
      <Flex gap="4" wrap="wrap">
        {fields.map(({ name, label, help, decimal }) => (
          <NumberField
            key={name}
            label={label}
            help={help}
            min={canaryBounds[name].least}
            max={canaryBounds[name].most}
            step={decimal ? 0.1 : 1}
            value={value[name]}
            onChange={(next) => onChange({ ...value, [name]: next })}
            disabled={disabled}
            error={problemOf(name, value[name]) ?? problem(`canary.${name}`)}
          />
        ))}
      </Flex>
    </Stack>
  );
}
