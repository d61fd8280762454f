import { Text } from "@chakra-ui/react";
import type { NodePanelProps } from "../node-panel.tsx";
import { trueNowWords } from "../test-list/share-words.tsx";
import { TestList } from "../test-list/test-list.tsx";

/** What is waited for, and for how long. */
export function WaitUntilPanel({ value, set, facts, tests, control }: NodePanelProps) {
  return (
    <>
      {tests?.chooser}
      <TestList {...{ value, set, facts, tests }} at={[]} name="what is waited for" />
      {tests && (
        <Text textStyle="sm" color="fg.muted" data-share={0}>
          {trueNowWords(tests)}
        </Text>
      )}
      {control("limitSeconds")}
      {control("lookAgainSeconds")}
    </>
  );
}
