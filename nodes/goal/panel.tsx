import { Text } from "@chakra-ui/react";
import type { NodePanelProps } from "../node-panel.tsx";
import { trueNowWords } from "../test-list/share-words.tsx";
import { TestList } from "../test-list/test-list.tsx";

/** What the goal is, and what becomes of those who come here without it. */
export function GoalPanel({ value, set, facts, tests, control }: NodePanelProps) {
  return (
    <>
      {tests?.chooser}
      <TestList {...{ value, set, facts, tests }} at={[]} name="the goal" />
      {tests && (
        <Text textStyle="sm" color="fg.muted" data-share={0}>
          {trueNowWords(tests)}
        </Text>
      )}
      {control("otherwise")}
      {control("limitSeconds")}
      {control("lookAgainSeconds")}
    </>
  );
}
