import { Stack } from "@chakra-ui/react";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { zoneName } from "#ui/format.ts";
import { momentOfText } from "#web/entities/schedule/zoned-time.ts";

/** The moment after which nothing leaves, as typed on the workspace's clock; null where there is none. */
export type TypedEnd = string | null;

/** What is wrong with it. `startsAt`: when the send begins on the same clock; undefined where it begins at once or on other clocks. */
export function problemOfEnd(end: TypedEnd, { now, zone, startsAt }: { now: number; zone: string; startsAt?: string | undefined }) {
  if (end === null) return undefined;
  const moment = momentOfText(end, zone);
  if (moment === undefined) return "Choose a day and a time";
  if (moment <= now) return "This time has passed";
  const start = startsAt === undefined ? undefined : momentOfText(startsAt, zone);
  return start !== undefined && moment <= start ? "This is before the send begins" : undefined;
}

interface NotLaterThanProps {
  value: TypedEnd;
  onChange: (value: TypedEnd) => void;
  problem: string | undefined;
  zone: string;
  /** What is offered first. */
  suggested: string;
  disabled: boolean;
}

/** Whether messages are skipped that could not leave by a moment, because they would come too late to be of use. */
export function NotLaterThan({ value, onChange, problem, zone, suggested, disabled }: NotLaterThanProps) {
  return (
    <Stack gap="2">
      <Checkbox
        label="Send nothing after a certain time"
        help="What has not left by then, because of sending hours or pace, is skipped. The history says so."
        checked={value !== null}
        onChange={(checked) => onChange(checked ? suggested : null)}
        disabled={disabled}
      />
      {value !== null && (
        <TextField
          label={`Not later than (${zoneName(zone)})`}
          type="datetime-local"
          value={value}
          onChange={(at) => onChange(at.slice(0, 16))}
          error={problem}
          disabled={disabled}
        />
      )}
    </Stack>
  );
}
