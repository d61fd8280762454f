import { Flex, Text } from "@chakra-ui/react";
import { useRef } from "react";
import { NumberField } from "#ui/fields/number-field.tsx";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { type NodePanelProps, Place } from "../node-panel.tsx";
import { WeekdayField } from "../time/weekday-field.tsx";
import { ZoneField } from "../time/zone-field.tsx";
import { DateSettings } from "./date-settings.tsx";
import { DelayConfig } from "./definition.ts";
import { delayForm } from "./form.tsx";
import { SpreadField } from "./spread-field.tsx";
import { unitOptions } from "./unit-words.ts";

type Mode = "duration" | "until_time" | "until_date";

const modes: { value: Mode; label: string }[] = [
  { value: "duration", label: "For a while" },
  { value: "until_time", label: "Until an hour" },
  { value: "until_date", label: "Until a date" },
];

const first: Record<Mode, Record<string, unknown>> = {
  duration: { amount: 1, unit: "days" },
  until_time: { time: "09:00" },
  until_date: { field: "" },
};

/** How long it waits, in the words of whoever sets it up, and when that is for the chosen contact. */
export function DelayPanel(props: NodePanelProps) {
  const { value, set, facts, preview } = props;
  const mode = modes.find((one) => one.value === value.mode)?.value ?? "duration";
  // A person who looks at another way of waiting finds the settings of this one again.
  const before = useRef<Partial<Record<Mode, Readonly<Record<string, unknown>>>>>({});
  const choose = (next: Mode) => {
    before.current[mode] = value;
    const { spreadSeconds, zone } = value;
    set([], {
      ...(before.current[next] ?? { ...first[next], ...(zone !== undefined && next !== "duration" && { zone }) }),
      mode: next,
      ...(spreadSeconds !== undefined && { spreadSeconds }),
    });
  };
  return (
    <>
      <Place at={["mode"]}>
        <SegmentedField label="Wait" value={mode} onChange={choose} options={modes} disabled={facts.disabled} />
      </Place>
      {mode === "duration" && <Duration {...props} />}
      {mode === "until_time" && <Hour {...props} />}
      {mode === "until_date" && <DateSettings {...props} />}
      <SpreadField {...props} />
      <Sentence value={value} />
      {preview}
    </>
  );
}

function Duration({ value, set, facts }: NodePanelProps) {
  const error = facts.problemAt(["amount"]);
  return (
    <Flex gap="2" align="start">
      <Place at={["amount"]}>
        <NumberField
          label="How long"
          width="24"
          min={1}
          value={typeof value.amount === "number" ? value.amount : null}
          onChange={(amount) => set(["amount"], amount ?? undefined)}
          disabled={facts.disabled}
          {...(error !== undefined && { error })}
        />
      </Place>
      <Place at={["unit"]}>
        <SelectField
          label="Unit"
          width="36"
          value={typeof value.unit === "string" ? value.unit : ""}
          onChange={(unit) => set(["unit"], unit)}
          options={unitOptions}
          disabled={facts.disabled}
          {...(value.unit === "business_days" && { help: "Monday to Friday" })}
        />
      </Place>
    </Flex>
  );
}

function Hour(props: NodePanelProps) {
  const { value, set, facts } = props;
  const error = facts.problemAt(["time"]);
  return (
    <>
      <Flex maxW="32">
        <Place at={["time"]}>
          <TextField
            label="Hour"
            type="time"
            value={typeof value.time === "string" ? value.time : ""}
            onChange={(time) => set(["time"], time || undefined)}
            disabled={facts.disabled}
            {...(error !== undefined && { error })}
          />
        </Place>
      </Flex>
      <WeekdayField {...props} at="weekdays" label="On these days" help="With none chosen, every day counts." />
      <ZoneField {...props} />
    </>
  );
}

function Sentence({ value }: Pick<NodePanelProps, "value">) {
  const config = DelayConfig.safeParse(value);
  return (
    <Text role="status" aria-label="In words" textStyle="sm" fontWeight="medium">
      {config.success ? `${delayForm.summary(config.data, () => "")}.` : "Something is still missing."}
    </Text>
  );
}
