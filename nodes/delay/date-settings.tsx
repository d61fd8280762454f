import { Box, Flex, Stack } from "@chakra-ui/react";
import { useState } from "react";
import { NumberField } from "#ui/fields/number-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { SwitchField } from "#ui/fields/switch-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { type NodePanelProps, Place, record } from "../node-panel.tsx";
import { ZoneField } from "../time/zone-field.tsx";
import { plainField } from "../values/field-name.ts";
import { unitOptions } from "./unit-words.ts";

const ways = [
  { value: "exit", label: "Leave by “Past or no date”" },
  { value: "go_on", label: "Go on at once" },
  { value: "next_possible", label: "Wait for that hour, the next day it comes" },
];

/** Which date, how far from it, and what is done about those for whom it is over. */
export function DateSettings(props: NodePanelProps) {
  const { value, set, facts } = props;
  const timeError = facts.problemAt(["time"]);
  return (
    <>
      <DateField {...props} />
      <Distance {...props} />
      <Flex maxW="44">
        <Place at={["time"]}>
          <TextField
            label="Hour"
            required={false}
            type="time"
            value={typeof value.time === "string" ? value.time : ""}
            onChange={(time) => set(["time"], time || undefined)}
            help={value.time === undefined ? "As the field says, or midnight" : undefined}
            disabled={facts.disabled}
            {...(timeError !== undefined && { error: timeError })}
          />
        </Place>
      </Flex>
      <ZoneField {...props} />
      <Place at={["yearly"]}>
        <SwitchField
          label="Every year"
          help="The day and month count, as of a birthday, so it is never past."
          checked={value.yearly === true}
          onChange={(yearly) => set(["yearly"], yearly || undefined)}
          disabled={facts.disabled}
        />
      </Place>
      <Place at={["past"]}>
        <SelectField
          label={value.yearly === true ? "Who has no date" : "If the date is past, or there is none"}
          value={typeof value.past === "string" ? value.past : "exit"}
          onChange={(past) => set(["past"], past)}
          options={ways}
          help={value.past === "next_possible" ? "Who has no date goes on at once." : undefined}
          disabled={facts.disabled}
        />
      </Place>
    </>
  );
}

const other = "\0other";

/** The dates that are known, and any other field by its name. */
function DateField({ value, set, facts }: NodePanelProps) {
  const field = plainField(typeof value.field === "string" ? value.field : "");
  const dates = facts.mergeFields.options.filter(({ kind }) => kind === "date").map(({ path, label }) => ({ value: path, label }));
  const isDate = dates.some((date) => date.value === field);
  const [types, setTypes] = useState(false);
  const isTyped = types || dates.length === 0 || (field !== "" && !isDate);
  const error = facts.problemAt(["field"]);
  const frame = { disabled: facts.disabled, ...(error !== undefined && { error }) };
  return (
    <Place at={["field"]}>
      <Stack gap="2">
        {dates.length > 0 && (
          <SelectField
            label="Which date"
            value={isTyped ? other : field}
            placeholder="Choose a date"
            options={[...dates, { value: other, label: "Another field…" }]}
            onChange={(chosen) => {
              setTypes(chosen === other);
              if (chosen !== other) set(["field"], chosen);
              else if (isDate) set(["field"], "");
            }}
            disabled={facts.disabled}
            {...(!isTyped && error !== undefined && { error })}
          />
        )}
        {isTyped && (
          <TextField
            label="Name of the field"
            value={field}
            onChange={(typed) => set(["field"], typed)}
            list="fields-of-contacts"
            placeholder="custom.renewal"
            help="Dates are read where they are written as 2026-05-31."
            {...frame}
          />
        )}
      </Stack>
    </Place>
  );
}

type Direction = "on" | "before" | "after";

/** A number before or after the date; none is the date itself. */
function Distance({ value, set, facts }: NodePanelProps) {
  const offset = record(value.offset);
  const unit = typeof offset.unit === "string" ? offset.unit : "days";
  const amount = value.offset === undefined ? 0 : offset.amount;
  const [last, setLast] = useState<Direction>("before");
  const direction: Direction = typeof amount !== "number" ? last : amount === 0 ? "on" : amount < 0 ? "before" : "after";
  const sign = direction === "before" ? -1 : 1;
  const choose = (next: Direction) => {
    setLast(next);
    const size = Math.abs(typeof amount === "number" && amount !== 0 ? amount : 1);
    if (next === "on") set(["offset"], undefined);
    else set(["offset"], { amount: next === "before" ? -size : size, unit });
  };
  const error = facts.problemAt(["offset", "amount"]) ?? facts.problemAt(["offset"]);
  return (
    <Place at={["offset"]}>
      <Flex gap="2" align="end" wrap="wrap">
        {direction !== "on" && (
          <>
            <Place at={["offset", "amount"]}>
              <NumberField
                label="How much"
                width="20"
                min={1}
                value={typeof amount === "number" ? Math.abs(amount) : null}
                onChange={(size) => {
                  setLast(direction);
                  set(["offset"], size ? { amount: sign * Math.abs(size), unit } : { unit });
                }}
                disabled={facts.disabled}
                {...(error !== undefined && { error })}
              />
            </Place>
            <Place at={["offset", "unit"]}>
              <SelectField
                label="Unit"
                hideLabel
                width="36"
                value={unit}
                onChange={(next) => set(["offset"], { ...offset, unit: next })}
                options={unitOptions}
                disabled={facts.disabled}
              />
            </Place>
          </>
        )}
        <Box flex="1" minW="36">
          <SelectField
            label="Before or after that date"
            hideLabel={direction !== "on"}
            value={direction}
            onChange={choose}
            options={[
              { value: "on", label: "on that date" },
              { value: "before", label: "before it" },
              { value: "after", label: "after it" },
            ]}
            disabled={facts.disabled}
          />
        </Box>
      </Flex>
    </Place>
  );
}
