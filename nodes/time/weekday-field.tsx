import { Box, Text } from "@chakra-ui/react";
import { ToggleSet } from "#ui/fields/segmented-field.tsx";
import { type NodePanelProps, Place } from "../node-panel.tsx";

const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].map((name, index) => ({
  value: index + 1,
  label: name.slice(0, 2),
  name,
}));

interface WeekdayFieldProps extends Pick<NodePanelProps, "value" | "set" | "facts"> {
  at: string;
  label: string;
  help?: string;
}

/** The days of the week, all of them in sight. */
export function WeekdayField({ at, label, help, value, set, facts }: WeekdayFieldProps) {
  const days = value[at];
  const error = facts.problemAt([at]);
  return (
    <Place at={[at]}>
      <Box>
        <ToggleSet
          label={label}
          values={Array.isArray(days) ? days : []}
          onChange={(next) => set([at], next.length === 0 ? undefined : next)}
          options={weekdays}
          disabled={facts.disabled}
          {...(error !== undefined && { error })}
        />
        {help && (
          <Text mt="1" textStyle="xs" color="fg.muted">
            {help}
          </Text>
        )}
      </Box>
    </Place>
  );
}
