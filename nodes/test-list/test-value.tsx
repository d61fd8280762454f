import { Box, Flex } from "@chakra-ui/react";
import { useState } from "react";
import { isDayOfYear, months, today } from "#contract/day-of-year.ts";
import { type ConditionOperator, conditionOperators, orderings, testLimits } from "#contract/field-tests.ts";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { NumberField } from "#ui/fields/number-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextAreaField } from "#ui/fields/text-area-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import type { TestField } from "../node-panel.tsx";

interface TestValueProps {
  operator: ConditionOperator;
  kind: TestField["kind"];
  choices: readonly string[];
  choiceNames: Readonly<Record<string, string>>;
  value: unknown;
  error: string | undefined;
  disabled: boolean;
  onChange: (value: unknown) => void;
}

const asText = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

/** What a test compares with, by the kind of its field; nothing where the operator takes no value. */
export function TestValue(props: TestValueProps) {
  const { operator, kind, choices, choiceNames, value, error, disabled, onChange } = props;
  const frame = { label: "Value", hideLabel: true, disabled, ...(error !== undefined && { error }) };
  if (conditionOperators[operator] === "none") return null;
  if (conditionOperators[operator] === "several") return <Values {...props} frame={frame} />;
  if (conditionOperators[operator] === "two") return <Range {...props} />;
  if (conditionOperators[operator] === "days") {
    return (
      <NumberField
        {...frame}
        label="Days"
        min={1}
        max={testLimits.days}
        placeholder="days"
        value={typeof value === "number" ? value : null}
        onChange={(next) => onChange(next ?? "")}
      />
    );
  }
  if (conditionOperators[operator] === "day_of_year") return <DayOfYear {...props} />;
  if (kind === "boolean" && (typeof value === "boolean" || value === "" || value === undefined)) {
    const shown = typeof value === "boolean" ? String(value) : "";
    const options = [
      { value: "true", label: "yes" },
      { value: "false", label: "no" },
    ];
    return <SelectField {...frame} placeholder="Choose" value={shown} options={options} onChange={(next) => onChange(next === "true")} />;
  }
  if (kind === "number" && (value === "" || value === undefined || Number.isFinite(Number(value)))) {
    const shown = value === "" || value === undefined ? null : Number(value);
    return <NumberField {...frame} value={shown} onChange={(next) => onChange(next ?? "")} />;
  }
  const isDay = kind === "date" && (orderings.has(operator) || operator === "is" || operator === "is_not");
  const text = asText(value);
  if (isDay && (text === "" || /^\d{4}-\d\d-\d\d$/.test(text))) {
    return <TextField {...frame} type="date" value={text} onChange={onChange} />;
  }
  if (kind === "choice" && choices.length > 0 && (operator === "is" || operator === "is_not")) {
    const options = withOwn(choices, text === "" ? [] : [text]).map((choice) => ({ value: choice, label: choiceNames[choice] ?? choice }));
    return <SelectField {...frame} placeholder="Choose a value" value={text} options={options} onChange={onChange} />;
  }
  return <TextField {...frame} value={typeof value === "boolean" ? String(value) : text} maxLength={500} onChange={onChange} />;
}

/** The choices, and what is set and none of them. */
const withOwn = (choices: readonly string[], set: readonly string[]): string[] => [
  ...choices,
  ...set.filter((one) => !choices.some((choice) => choice.toLowerCase() === one.toLowerCase())),
];

type Frame = Pick<Parameters<typeof TextField>[0], "label" | "hideLabel" | "disabled" | "error">;

function Values({ kind, choices, choiceNames, value, onChange, disabled, frame }: TestValueProps & { frame: Frame }) {
  const set = (Array.isArray(value) ? value : []).map(String);
  const isSet = (choice: string) => set.some((one) => one.toLowerCase() === choice.toLowerCase());
  if ((kind !== "choice" && kind !== "data") || choices.length === 0)
    return <Lines {...{ frame, value, onChange }} isNumber={kind === "number"} />;
  return (
    <Flex role="group" aria-label="Values" wrap="wrap" gap="2" columnGap="4" py="1">
      {withOwn(choices, set).map((choice) => (
        <Checkbox
          key={choice}
          label={choiceNames[choice] ?? choice}
          checked={isSet(choice)}
          disabled={disabled}
          onChange={(on) => onChange(on ? [...set, choice] : set.filter((one) => one.toLowerCase() !== choice.toLowerCase()))}
        />
      ))}
    </Flex>
  );
}

/** Today, or a day of the calendar without its year. */
function DayOfYear({ value, error, disabled, onChange }: TestValueProps) {
  const [month = "01", day = "01"] = isDayOfYear(value) ? value.split("-") : [];
  const longest = months.find(({ number }) => number === month)?.days ?? 31;
  const isDay = value !== today;
  const put = (nextMonth: string, nextDay: number) => {
    const most = months.find(({ number }) => number === nextMonth)?.days ?? 31;
    onChange(`${nextMonth}-${String(Math.max(1, Math.min(most, nextDay))).padStart(2, "0")}`);
  };
  return (
    <Flex gap="1.5" wrap="wrap" align="start">
      <Box flex="1 1 7rem" minW="0">
        <SelectField
          label="Which day"
          hideLabel
          disabled={disabled}
          {...(error !== undefined && { error })}
          value={isDay ? "day" : today}
          options={[
            { value: today, label: "today" },
            { value: "day", label: "a day of the year" },
          ]}
          onChange={(next) => (next === today ? onChange(today) : put(month, Number(day)))}
        />
      </Box>
      {isDay && (
        <>
          <Box flex="0 1 4.5rem" minW="0">
            <NumberField
              label="Day"
              hideLabel
              width="full"
              min={1}
              max={longest}
              disabled={disabled}
              value={Number(day)}
              onChange={(next) => next !== null && put(month, next)}
            />
          </Box>
          <Box flex="1 1 6rem" minW="0">
            <SelectField
              label="Month"
              hideLabel
              disabled={disabled}
              value={month}
              options={months.map(({ name, number }) => ({ value: number, label: name }))}
              onChange={(next) => put(next, Number(day))}
            />
          </Box>
        </>
      )}
    </Flex>
  );
}

/** The two ends of a range, both of which belong to it. */
function Range({ kind, value, error, disabled, onChange }: TestValueProps) {
  const [low = "", high = ""]: unknown[] = Array.isArray(value) ? value : [];
  const ends = [
    { label: "From", value: low, put: (next: unknown) => onChange([next, high]) },
    { label: "To", value: high, put: (next: unknown) => onChange([low, next]) },
  ];
  return (
    <Flex gap="1.5" wrap="wrap" align="start">
      {ends.map((end, index) => {
        const frame = { label: end.label, hideLabel: true, disabled, ...(error !== undefined && index === 1 && { error }) };
        const text = asText(end.value);
        return (
          <Box key={end.label} flex="1 1 7rem" minW="0">
            {kind === "number" && (text === "" || Number.isFinite(Number(text))) ? (
              <NumberField
                {...frame}
                width="full"
                placeholder={end.label.toLowerCase()}
                value={text === "" ? null : Number(text)}
                onChange={(next) => end.put(next ?? "")}
              />
            ) : (
              <TextField
                {...frame}
                {...(kind === "date" && (text === "" || /^\d{4}-\d\d-\d\d$/.test(text)) && { type: "date" as const })}
                placeholder={end.label.toLowerCase()}
                value={text}
                maxLength={500}
                onChange={end.put}
              />
            )}
          </Box>
        );
      })}
    </Flex>
  );
}

const linesOf = (value: unknown): string => (Array.isArray(value) ? value.map(String).join("\n") : asText(value));

/** Several values, one a line. What is typed stays as it is while it means the same. */
function Lines({
  frame,
  value,
  onChange,
  isNumber,
}: {
  frame: Frame;
  value: unknown;
  onChange: (value: unknown) => void;
  isNumber: boolean;
}) {
  const [typed, setTyped] = useState(() => linesOf(value));
  const read = (text: string) =>
    text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "")
      .map((line) => (isNumber && /^-?\d{1,15}(\.\d+)?$/.test(line) ? Number(line) : line));
  const shown = JSON.stringify(read(typed)) === JSON.stringify(value) ? typed : linesOf(value);
  return (
    <TextAreaField
      {...frame}
      label="Values, one a line"
      rows={3}
      value={shown}
      onChange={(text) => {
        setTyped(text);
        onChange(read(text));
      }}
    />
  );
}
