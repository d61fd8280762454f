import { Box } from "@chakra-ui/react";
import type { FlowNode, FlowProblem } from "#contract/flows.ts";
import type { DraftStore } from "../draft/draft-store.ts";
import { wordsOfKey } from "../panel/config-words.ts";
import { applyFix } from "./apply-fix.ts";
import { focusPlace } from "./focus-place.ts";
import { ProblemLine } from "./problem-line.tsx";

/** What is wrong with one step, over its settings. Errors of a setting stand at the setting, and those with a fix here too. */
export function StepProblems({
  store,
  node,
  problems,
  disabled,
}: {
  store: DraftStore;
  node: FlowNode;
  problems: readonly FlowProblem[];
  disabled: boolean;
}) {
  const told = problems.filter(({ severity, field, fix }) => severity !== "error" || field === undefined || fix !== undefined);
  if (told.length === 0) return null;
  return (
    <Box as="ul" role="list" aria-label="Problems of this step" listStyleType="none" bg="bg.subtle" rounded="md" px="2" py="1">
      {told.map((problem, index) => (
        <ProblemLine
          // biome-ignore lint/suspicious/noArrayIndexKey: two problems may be the same in every word
          key={`${problem.code} ${problem.field ?? ""} ${index}`}
          problem={problem}
          type={node.type}
          place={placeOf(problem, told)}
          onFix={disabled ? undefined : (fix) => void store.getState().edit(fix.label, (draft) => applyFix(draft, problem, fix))}
          onShow={() => problem.field !== undefined && focusPlace(problem.field)}
        />
      ))}
    </Box>
  );
}

/** Two settings may have the same problem: then each is named. */
function placeOf({ message, field }: FlowProblem, all: readonly FlowProblem[]): string | undefined {
  if (field === undefined || all.filter((one) => one.message === message).length < 2) return undefined;
  return wordsOfKey(field.split(".").filter((part) => !/^\d+$/.test(part)));
}
