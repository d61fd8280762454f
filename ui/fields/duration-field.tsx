import { Flex } from "@chakra-ui/react";
import { useState } from "react";
import { FieldFrame, type FieldProps } from "./field.tsx";
import { NumberInput } from "./number-field.tsx";
import { SelectField } from "./select-field.tsx";

const units = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 } as const;
type Unit = keyof typeof units;
const names = Object.keys(units) as Unit[];

/** The largest unit in which a time is a whole number. Where there is none yet, few mean seconds. */
const unitOf = (seconds: number): Unit =>
  seconds === 0 ? "hours" : (names.toReversed().find((unit) => seconds % units[unit] === 0) ?? "seconds");

/** A length of time, typed as a number and a unit and kept in seconds; null where nothing is typed. */
export function DurationField({
  seconds,
  onChange,
  ...frame
}: FieldProps & { seconds: number | null; onChange: (seconds: number | null) => void }) {
  const [unit, setUnit] = useState<Unit>(() => unitOf(seconds ?? 0));
  const factor = units[unit];
  return (
    <FieldFrame {...frame}>
      <Flex gap="2">
        <NumberInput
          width="24"
          min={0}
          value={seconds === null ? null : seconds / factor}
          onChange={(next) => onChange(next === null ? null : Math.round(next * factor))}
        />
        <SelectField
          label={`${frame.label}, unit`}
          hideLabel
          width="28"
          value={unit}
          onChange={(next) => {
            setUnit(next);
            if (seconds !== null) onChange(Math.round((seconds / factor) * units[next]));
          }}
          options={names.map((value) => ({ value, label: value }))}
          {...(frame.disabled && { disabled: true })}
        />
      </Flex>
    </FieldFrame>
  );
}
