import { Stack } from "@chakra-ui/react";
import { DurationField } from "#ui/fields/duration-field.tsx";
import { SwitchField } from "#ui/fields/switch-field.tsx";
import { type NodePanelProps, Place } from "../node-panel.tsx";

const proposedSeconds = 3600;

/** By how much longer each contact waits, by chance. */
export function SpreadField({ value, set, facts }: Pick<NodePanelProps, "value" | "set" | "facts">) {
  const { spreadSeconds } = value;
  const error = facts.problemAt(["spreadSeconds"]);
  return (
    <Place at={["spreadSeconds"]}>
      <Stack gap="3">
        <SwitchField
          label="Spread by chance"
          help="Each contact waits a little longer, so that not all are written to in the same second."
          checked={spreadSeconds !== undefined}
          onChange={(isOn) => set(["spreadSeconds"], isOn ? proposedSeconds : undefined)}
          disabled={facts.disabled}
        />
        {spreadSeconds !== undefined && (
          <DurationField
            label="Up to"
            seconds={typeof spreadSeconds === "number" ? spreadSeconds : null}
            // Without a number the switch stays on, and the problem says what is missing.
            onChange={(seconds) => set(["spreadSeconds"], seconds ?? 0)}
            disabled={facts.disabled}
            {...(error !== undefined && { error })}
          />
        )}
      </Stack>
    </Place>
  );
}
