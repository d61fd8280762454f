import { Box, Flex, Grid, Stack, Text } from "@chakra-ui/react";
import { NumberField } from "#ui/fields/number-field.tsx";
import { SegmentedField, ToggleSet } from "#ui/fields/segmented-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { zoneName } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import type { DripUnit, ScheduleDraft, ScheduleProblems } from "./schedule-draft.ts";

interface ScheduleFieldsProps {
  draft: ScheduleDraft;
  onChange: (draft: ScheduleDraft) => void;
  problems: ScheduleProblems;
  /** The workspace's. */
  zone: string;
  disabled?: boolean;
  /** The parts of a send that can no longer be changed, each with the reason. */
  locked?: { start?: string; pace?: string; whose?: boolean };
}

const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].map((name, index) => ({
  value: index + 1,
  label: name.slice(0, 2),
  name,
}));
const units: { value: DripUnit; label: string }[] = [
  { value: "second", label: "seconds" },
  { value: "minute", label: "minutes" },
  { value: "hour", label: "hours" },
  { value: "day", label: "days" },
];

/** When a send begins, and how many at a time. */
export function ScheduleFields({ draft, onChange, problems, zone, disabled, locked = {} }: ScheduleFieldsProps) {
  const set = (change: Partial<ScheduleDraft>) => onChange({ ...draft, ...change });
  const noStart = disabled || locked.start !== undefined;
  const noPace = disabled || locked.pace !== undefined;
  return (
    <Stack gap="4">
      <Stack gap="2">
        <SegmentedField
          label="Start"
          value={draft.start}
          onChange={(start) => set({ start })}
          disabled={noStart}
          options={[
            { value: "now", label: "Now" },
            { value: "at", label: "At a time" },
          ]}
        />
        {draft.start === "at" && (
          <Grid templateColumns={{ base: "1fr", sm: "1fr 1fr" }} gap="3">
            <TextField
              label="Day and time"
              type="datetime-local"
              value={draft.at}
              onChange={(at) => set({ at: at.slice(0, 16) })}
              error={problems.at}
              disabled={noStart}
            />
            <SelectField
              label="Time zone"
              value={draft.zone}
              onChange={(whose) => set({ zone: whose })}
              disabled={noStart || locked.whose}
              options={[
                { value: "workspace", label: `Workspace (${zoneName(zone)})` },
                { value: "contact", label: "Each contact’s own" },
              ]}
            />
          </Grid>
        )}
        {locked.start && <Locked>{locked.start}</Locked>}
      </Stack>
      <Stack gap="2">
        <SegmentedField
          label="Pace"
          value={draft.pace}
          onChange={(pace) => set({ pace })}
          disabled={noPace}
          options={[
            { value: "all", label: "Everybody at once" },
            { value: "drip", label: "In batches" },
          ]}
        />
        {locked.pace && <Locked>{locked.pace}</Locked>}
        {draft.pace === "drip" && !locked.pace && <DripFields draft={draft} set={set} problems={problems} zone={zone} disabled={noPace} />}
      </Stack>
    </Stack>
  );
}

function Locked({ children }: { children: string }) {
  return (
    <Text textStyle="xs" color="fg.muted">
      {children}
    </Text>
  );
}

interface DripFieldsProps {
  draft: ScheduleDraft;
  set: (change: Partial<ScheduleDraft>) => void;
  problems: ScheduleProblems;
  zone: string;
  disabled: boolean | undefined;
}

function DripFields({ draft, set, problems, zone, disabled }: DripFieldsProps) {
  return (
    <Stack gap="3">
      {problems.pace && <Notice status="warning">{problems.pace}</Notice>}
      <Grid templateColumns={{ base: "1fr 1fr 1.2fr", sm: "7rem 7rem 8rem" }} gap="3" alignItems="start">
        <Box>
          <NumberField
            label="Contacts"
            value={draft.count}
            onChange={(count) => set({ count })}
            min={1}
            max={100_000}
            error={problems.count}
            disabled={disabled}
            width="full"
          />
        </Box>
        <Box>
          <NumberField
            label="Every"
            value={draft.every}
            onChange={(every) => set({ every })}
            min={1}
            error={problems.every}
            disabled={disabled}
            width="full"
          />
        </Box>
        <SelectField label="Unit" value={draft.unit} onChange={(unit) => set({ unit })} options={units} disabled={disabled} />
      </Grid>
      <ToggleSet
        label="On these days"
        values={draft.days}
        onChange={(days) => set({ days })}
        options={weekdays}
        error={problems.days}
        disabled={disabled}
      />
      <Flex gap="3" align="flex-start" wrap="wrap">
        <SegmentedField
          label={`Hours (${zoneName(zone)})`}
          value={draft.hours}
          onChange={(hours) => set({ hours })}
          disabled={disabled}
          options={[
            { value: "any", label: "All day" },
            { value: "some", label: "Between" },
          ]}
        />
        {draft.hours === "some" && (
          <>
            <Box flex="1" minW="28" maxW="32">
              <TextField
                label="From"
                type="time"
                value={draft.from}
                onChange={(from) => set({ from })}
                error={problems.from}
                disabled={disabled}
              />
            </Box>
            <Box flex="1" minW="28" maxW="32">
              <TextField label="To" type="time" value={draft.to} onChange={(to) => set({ to })} error={problems.to} disabled={disabled} />
            </Box>
          </>
        )}
      </Flex>
    </Stack>
  );
}
