import { Box, chakra, Flex } from "@chakra-ui/react";
import { type ReactNode, useId } from "react";

interface Choice<Value extends string | number> {
  value: Value;
  label: string;
  /** Its whole name where the label is short: "Monday" for "M". */
  name?: string;
}

interface GroupProps {
  label: string;
  hideLabel?: boolean;
  error?: string;
  disabled?: boolean;
}

export interface SegmentedFieldProps<Value extends string> extends GroupProps {
  value: Value;
  onChange: (value: Value) => void;
  options: readonly Choice<Value>[];
}

/** A choice of one among a few visible options, made of native radio buttons, so that arrow keys and screen readers work. */
export function SegmentedField<Value extends string>({ value, onChange, options, ...group }: SegmentedFieldProps<Value>) {
  const name = useId();
  return (
    <Segments {...group} role="radiogroup">
      {options.map((option) => (
        <Segment
          key={option.value}
          type="radio"
          name={name}
          option={option}
          checked={option.value === value}
          disabled={group.disabled}
          onChange={() => onChange(option.value)}
        />
      ))}
    </Segments>
  );
}

export interface ToggleSetProps<Value extends number> extends GroupProps {
  values: readonly Value[];
  onChange: (values: Value[]) => void;
  options: readonly Choice<Value>[];
}

/** Any of a few, all of them in sight: days of the week. */
export function ToggleSet<Value extends number>({ values, onChange, options, ...group }: ToggleSetProps<Value>) {
  const toggle = (value: Value) =>
    onChange(options.map((option) => option.value).filter((each) => (each === value ? !values.includes(value) : values.includes(each))));
  return (
    <Segments {...group} role="group">
      {options.map((option) => (
        <Segment
          key={option.value}
          type="checkbox"
          option={option}
          checked={values.includes(option.value)}
          disabled={group.disabled}
          onChange={() => toggle(option.value)}
        />
      ))}
    </Segments>
  );
}

const Hidden = chakra("input", {
  base: { position: "absolute", inset: "0", opacity: "0", cursor: "pointer", _disabled: { cursor: "not-allowed" } },
});

function Segments({
  label,
  hideLabel,
  error,
  disabled,
  role,
  children,
}: GroupProps & { role: "radiogroup" | "group"; children: ReactNode }) {
  const id = useId();
  return (
    <Box>
      {!hideLabel && (
        <Box as="span" display="block" textStyle="sm" fontWeight="500" mb="1" aria-hidden>
          {label}
        </Box>
      )}
      <Flex
        role={role}
        aria-label={label}
        aria-describedby={error ? id : undefined}
        data-invalid={error ? true : undefined}
        width="fit-content"
        maxW="full"
        p="0.5"
        gap="0.5"
        borderRadius="l2"
        borderWidth="1px"
        borderColor={error ? "border.error" : "border"}
        bg="bg.muted"
        opacity={disabled ? 0.5 : undefined}
      >
        {children}
      </Flex>
      {error && (
        <Box id={id} mt="1" textStyle="xs" color="fg.error">
          {error}
        </Box>
      )}
    </Box>
  );
}

interface SegmentProps {
  type: "radio" | "checkbox";
  name?: string;
  option: Choice<string | number>;
  checked: boolean;
  disabled: boolean | undefined;
  onChange: () => void;
}

function Segment({ option, ...input }: SegmentProps) {
  const id = useId();
  return (
    <chakra.label
      htmlFor={id}
      position="relative"
      display="inline-flex"
      alignItems="center"
      justifyContent="center"
      minW="7"
      h="7"
      px="2"
      borderRadius="l1"
      borderWidth="1px"
      borderColor="transparent"
      textStyle="sm"
      color="fg.muted"
      whiteSpace="nowrap"
      css={{
        "&:has(:checked)": { bg: "bg.panel", color: "fg", borderColor: "border.emphasized", fontWeight: "500" },
        "&:has(:focus-visible)": { outline: "2px solid", outlineColor: "accent.focusRing", outlineOffset: "1px" },
        "&:not(:has(:disabled)):hover": { color: "fg" },
      }}
    >
      <Hidden id={id} aria-label={option.name} {...input} />
      {option.label}
    </chakra.label>
  );
}
