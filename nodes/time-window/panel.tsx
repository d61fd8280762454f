import { Box, Flex, Stack, Text } from "@chakra-ui/react";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { type NodePanelProps, Place } from "../node-panel.tsx";
import { WeekdayField } from "../time/weekday-field.tsx";
import { ZoneField } from "../time/zone-field.tsx";
import { HolidayField } from "./holiday-field.tsx";
import { openParts, openWords } from "./open-hours.ts";

/** When it lets contacts through, drawn over the day, and when that is next for the chosen contact. */
export function TimeWindowPanel(props: NodePanelProps) {
  const { value, set, facts, preview } = props;
  const { days, from, to } = value;
  const words = openWords({ days, from, to });
  return (
    <>
      <WeekdayField {...props} at="days" label="Open on" />
      <Hours {...props} />
      <Stack gap="1.5">
        <DayBar from={from} to={to} />
        <Text role="status" aria-label="In words" textStyle="sm" fontWeight="medium">
          {words ?? "Choose days and hours."}
        </Text>
      </Stack>
      <ZoneField {...props} />
      <Place at={["outside"]}>
        <SegmentedField
          label="Who comes while it is closed"
          value={value.outside === "drop" ? "drop" : "wait"}
          onChange={(outside) => set(["outside"], outside)}
          options={[
            { value: "wait", label: "Waits" },
            { value: "drop", label: "Leaves by “Dropped”" },
          ]}
          disabled={facts.disabled}
        />
      </Place>
      <HolidayField {...props} />
      {preview}
    </>
  );
}

function Hours({ value, set, facts }: NodePanelProps) {
  const field = (at: "from" | "to", label: string) => {
    const error = facts.problemAt([at]);
    const isEnd = at === "to" && value.to === "24:00";
    return (
      <Box w="32">
        <Place at={[at]}>
          <TextField
            label={label}
            type={isEnd ? "text" : "time"}
            value={isEnd ? "midnight" : typeof value[at] === "string" ? value[at] : ""}
            readOnly={isEnd}
            onChange={(time) => set([at], time || undefined)}
            disabled={facts.disabled}
            {...(error !== undefined && { error })}
          />
        </Place>
      </Box>
    );
  };
  const isMidnight = value.to === "24:00";
  return (
    <Stack gap="2">
      <Flex gap="2" align="start">
        {field("from", "From")}
        {field("to", "To")}
      </Flex>
      <Checkbox
        label="Until the day ends"
        checked={isMidnight}
        onChange={(isOn) => set(["to"], isOn ? "24:00" : "17:00")}
        disabled={facts.disabled}
      />
    </Stack>
  );
}

const marks = ["0", "6", "12", "18", "24"];

/** The open hours over the 24 of a day. What it shows stands in the fields above it. */
function DayBar({ from, to }: { from: unknown; to: unknown }) {
  return (
    <Box aria-hidden>
      <Box position="relative" h="3" rounded="full" bg="bg.muted" borderWidth="1px" overflow="hidden">
        {openParts(from, to).map(({ start, size }) => (
          <Box key={start} position="absolute" insetY="0" left={`${start * 100}%`} w={`${size * 100}%`} bg="accent.solid" />
        ))}
      </Box>
      <Flex justify="space-between" mt="0.5" textStyle="xs" color="fg.muted" fontVariantNumeric="tabular-nums">
        {marks.map((mark) => (
          <span key={mark}>{mark}</span>
        ))}
      </Flex>
    </Box>
  );
}
