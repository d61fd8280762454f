import { Text } from "@chakra-ui/react";
import { SelectField } from "#ui/fields/select-field.tsx";
import { type NodePanelProps, Place } from "../node-panel.tsx";
import { durationWords } from "../words/duration-words.ts";

/** Where it goes back to, and how long all rounds together may take. */
export function GoToPanel({ value, set, facts, control }: NodePanelProps) {
  const { target, times, pauseSeconds = 0 } = value;
  const isKnown = facts.steps.some(({ id }) => id === target);
  return (
    <>
      <Place at={["target"]}>
        <SelectField
          label="Back to"
          value={isKnown ? String(target) : ""}
          placeholder="Choose an earlier step"
          error={facts.problemAt(["target"])}
          onChange={(id) => set(["target"], id)}
          options={facts.steps.map(({ id, label }) => ({ value: id, label }))}
          disabled={facts.disabled}
        />
      </Place>
      {control("times")}
      {control("pauseSeconds")}
      {typeof times === "number" && typeof pauseSeconds === "number" && (
        <Text role="status" textStyle="sm" color="fg.muted">
          {roundsWords(times, pauseSeconds)}
        </Text>
      )}
    </>
  );
}

/** “At most 3 rounds, 6 days”. */
export const roundsWords = (times: number, pauseSeconds: number): string =>
  `At most ${times} round${times === 1 ? "" : "s"}${pauseSeconds > 0 ? `, ${durationWords(times * pauseSeconds)} of pauses together` : ""}`;
