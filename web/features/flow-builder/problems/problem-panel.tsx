import { Box, Flex, Heading, Text } from "@chakra-ui/react";
import { CircleCheck, X } from "lucide-react";
import { type RefObject, useMemo } from "react";
import type { ProblemFix } from "#contract/flow-problems.ts";
import type { FlowNode, FlowProblem } from "#contract/flows.ts";
import { describeNode } from "#nodes/describe-node.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { ProblemLine } from "./problem-line.tsx";
import { countWords, groupProblems } from "./shown-problems.ts";

interface ProblemPanelProps {
  ref: RefObject<HTMLDivElement | null>;
  problems: readonly FlowProblem[];
  nodes: readonly FlowNode[];
  /** The ids of the steps in the order of the outline. */
  order: readonly string[];
  disabled: boolean;
  onFix: (problem: FlowProblem, fix: ProblemFix) => void;
  onShow: (problem: FlowProblem) => void;
  onClose: () => void;
}

/** Everything that is wrong with the flow, by steps. */
export function ProblemPanel({ ref, problems, nodes, order, disabled, onFix, onShow, onClose }: ProblemPanelProps) {
  const groups = useMemo(() => groupProblems(problems, nodes, order), [problems, nodes, order]);
  return (
    <Flex
      ref={ref}
      as="section"
      aria-label="Problems"
      tabIndex={-1}
      direction="column"
      borderTopWidth="1px"
      bg="bg.panel"
      maxH="45%"
      flexShrink={0}
      outline="none"
    >
      <Flex align="center" gap="2" px={{ base: "3", md: "6" }} py="1.5" borderBottomWidth="1px">
        <Heading as="h2" textStyle="sm">
          Problems
        </Heading>
        <Text role="status" textStyle="sm" color="fg.muted" flex="1">
          {countWords(problems) ?? "none"}
        </Text>
        <IconButton icon={X} label="Close the problems" tooltip="title" size="xs" onClick={onClose} />
      </Flex>
      <Box overflowY="auto" px={{ base: "3", md: "6" }} py="2">
        {groups.length === 0 && (
          <Flex align="center" gap="2" py="2" color="fg.muted">
            <CircleCheck aria-hidden size={16} />
            <Text textStyle="sm">Nothing is wrong with this flow.</Text>
          </Flex>
        )}
        {groups.map(({ node, problems: mine }) => (
          <Group key={node?.id ?? ""} {...{ node, disabled, onFix, onShow }} problems={mine} />
        ))}
      </Box>
    </Flex>
  );
}

function Group({
  node,
  problems,
  disabled,
  onFix,
  onShow,
}: Pick<ProblemPanelProps, "problems" | "disabled" | "onFix" | "onShow"> & { node: FlowNode | undefined }) {
  const look = node && describeNode(node);
  const name = look?.label ?? "The flow";
  return (
    <Box role="group" aria-label={name} mb="2">
      <Flex align="center" gap="2" color="fg.muted">
        {look && <look.Icon aria-hidden size={14} />}
        <Text textStyle="sm" fontWeight="medium" truncate>
          {name}
        </Text>
      </Flex>
      <Box as="ul" listStyleType="none" ps={{ base: "0", md: "1" }}>
        {problems.map((problem, index) => (
          <ProblemLine
            // biome-ignore lint/suspicious/noArrayIndexKey: two problems may be the same in every word
            key={`${problem.code} ${problem.field ?? ""} ${index}`}
            problem={problem}
            type={node?.type ?? ""}
            onFix={disabled ? undefined : (fix) => onFix(problem, fix)}
            onShow={() => onShow(problem)}
          />
        ))}
      </Box>
    </Box>
  );
}
