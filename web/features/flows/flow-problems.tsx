import { Box, Text } from "@chakra-ui/react";
import type { FlowGraph, FlowProblem } from "#contract/flows.ts";
import { describeNode } from "#nodes/describe-node.tsx";
import { plural } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";

interface FlowProblemsProps {
  problems: readonly FlowProblem[];
  graph: FlowGraph;
}

/** Lists the problems of a flow, each with its node. */
export function FlowProblems({ problems, graph }: FlowProblemsProps) {
  if (problems.length === 0) return null;
  const errors = problems.filter((problem) => problem.severity === "error");
  const nodes = new Map(graph.nodes.map((node) => [node.id, describeNode(node).label]));
  const title =
    errors.length > 0
      ? `This flow cannot be sent: ${plural(errors.length, "problem")}`
      : `${plural(problems.length, "warning")}; the flow can be sent`;
  return (
    <Notice status={errors.length > 0 ? "error" : "warning"} title={title}>
      <Box as="ul" listStyleType="disc" ps="4" maxH="40" overflowY="auto">
        {problems.map((problem) => (
          <li key={`${problem.code} ${problem.nodeId ?? problem.edgeId ?? ""} ${problem.message}`}>
            {problem.message}
            {problem.nodeId && nodes.has(problem.nodeId) && !problem.message.includes(nodes.get(problem.nodeId) ?? "") && (
              <Text as="span" color="fg.muted">
                {" "}
                ({nodes.get(problem.nodeId)})
              </Text>
            )}
          </li>
        ))}
      </Box>
    </Notice>
  );
}
