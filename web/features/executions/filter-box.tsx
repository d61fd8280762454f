import { Box, Popover, Portal } from "@chakra-ui/react";
import { ListFilter } from "lucide-react";
import type { ReactNode } from "react";
import { reasonCodes, reasons } from "#contract/reasons.ts";
import { Button } from "#ui/button.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import type { Named } from "#web/entities/flows/use-flow-names.ts";

/** A button that opens a box of fields. Each acts as soon as it is changed, so there is nothing to apply. */
export function FilterBox({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Popover.Root positioning={{ placement: "bottom-start" }} lazyMount unmountOnExit>
      <Popover.Trigger asChild>
        <Button icon={ListFilter}>Filter</Button>
      </Popover.Trigger>
      <Portal>
        <Popover.Positioner>
          <Popover.Content width="md" maxWidth="calc(100vw - 2rem)" aria-label={label}>
            <Popover.Body padding="4" maxHeight="70vh" overflowY="auto">
              <Box display="grid" gridTemplateColumns={{ base: "1fr", sm: "1fr 1fr" }} gap="3">
                {children}
              </Box>
            </Popover.Body>
          </Popover.Content>
        </Popover.Positioner>
      </Portal>
    </Popover.Root>
  );
}

interface ChoiceProps {
  label: string;
  /** What it says while nothing is chosen. */
  any: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  options: readonly Named[];
}

/** A choice of one, or of none. A value that a link led to is one of them too, so that it does not act unseen. */
export function OneOrAny({ label, any, value, onChange, options }: ChoiceProps) {
  const all = value === undefined || options.some(({ id }) => id === value) ? options : [...options, { id: value, name: value }];
  return (
    <SelectField
      label={label}
      value={value ?? ""}
      onChange={(next: string) => onChange(next === "" ? undefined : next)}
      options={[{ value: "", label: any }, ...all.map(({ id, name }) => ({ value: id, label: name }))]}
    />
  );
}

const reasonOptions: readonly Named[] = reasonCodes
  .map((id) => ({ id, name: reasons[id].text }))
  .toSorted((a, b) => a.name.localeCompare(b.name, "en"));

export const ReasonChoice = (props: Omit<ChoiceProps, "options" | "label" | "any">) => (
  <OneOrAny label="Reason" any="Any reason" options={reasonOptions} {...props} />
);

const runOptions: readonly Named[] = [
  { id: "hidden", name: "Hidden" },
  { id: "only", name: "Only these" },
];

/** Whether what test sends did is listed too. */
export const RunsChoice = (props: Omit<ChoiceProps, "options" | "label" | "any">) => (
  <OneOrAny label="Test runs" any="Shown" options={runOptions} {...props} />
);

interface PeriodProps {
  from: string | undefined;
  to: string | undefined;
  onChange: (period: { from?: string; to?: string }) => void;
  /** "Enrolled from", "Enrolled until". */
  labels: readonly [string, string];
}

/** Two days, both included. A moment that a link led to is shown by its chip alone. */
export function PeriodFields({ from, to, onChange, labels: [fromLabel, toLabel] }: PeriodProps) {
  const day = (text: string | undefined) => (text !== undefined && text.length === 10 ? text : "");
  return (
    <>
      <TextField label={fromLabel} type="date" value={day(from)} onChange={(next) => onChange({ from: next || undefined, to })} />
      <TextField label={toLabel} type="date" value={day(to)} onChange={(next) => onChange({ from, to: next || undefined })} />
    </>
  );
}
