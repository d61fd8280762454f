import { Box, chakra, Flex, Stack, Text } from "@chakra-ui/react";
import { CornerDownRight } from "lucide-react";
import { useMemo } from "react";
import type { FlowEdge, FlowGraph, FlowNode } from "#contract/flows.ts";
import { describeNode } from "#nodes/describe-node.tsx";
import { type OutlineLine, outlineFlow } from "./flow-outline.ts";

interface FlowStepsProps {
  graph: FlowGraph;
  /** Opens the message of a step. Where it is left out, messages cannot be read. */
  onRead?: (node: FlowNode) => void;
  /** The pointer is near a way to read. */
  onNear?: () => void;
  /** What a step does is shown in full, on as many lines as it needs. */
  inFull?: boolean;
}

/** The steps of a flow as a list, each with what it does; branches are indented. */
export function FlowSteps({ graph, ...reading }: FlowStepsProps) {
  const lines = useMemo(() => outlineFlow(graph.nodes, byExit(graph)), [graph]);
  return (
    <Stack as="ol" gap="0" listStyleType="none">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is drawn once and never changes its order.
        <Line key={index} line={line} last={(lines[index + 1]?.depth ?? -1) < line.depth} {...reading} />
      ))}
    </Stack>
  );
}

/** Sorts edges by the order in which the node type lists its exits: "yes" before "no". */
const byExit = ({ nodes, edges }: FlowGraph): FlowEdge[] => {
  const exits = new Map(nodes.map((node) => [node.id, describeNode(node).exits.map((exit) => exit.handle)]));
  const rank = (edge: FlowEdge) => exits.get(edge.source)?.indexOf(edge.sourceHandle ?? "") ?? -1;
  return edges.toSorted((a, b) => rank(a) - rank(b));
};

const ReadButton = chakra("button", {
  base: {
    alignSelf: "flex-start",
    flexShrink: "0",
    textStyle: "xs",
    lineHeight: "1.25rem",
    paddingInline: "1.5",
    color: "fg.link",
    cursor: "pointer",
    borderRadius: "l1",
    focusVisibleRing: "inside",
    _hover: { textDecoration: "underline" },
  },
});

const indent = (depth: number) => `${depth * 20}px`;

interface LineProps extends Omit<FlowStepsProps, "graph"> {
  line: OutlineLine;
  last: boolean;
}

function Line({ line, last, onRead, onNear, inFull = false }: LineProps) {
  if (line.kind === "branch")
    return (
      <Flex as="li" align="center" gap="1.5" paddingInlineStart={indent(line.depth)} minHeight="6" textStyle="xs" color="fg.muted">
        <CornerDownRight size={12} aria-hidden />
        <Text as="span" fontWeight="medium">
          {exitLabel(line.of, line.handle)}
        </Text>
        {line.empty && <Text as="span">– goes on below</Text>}
      </Flex>
    );
  const { Icon, label, summary, channel } = describeNode(line.node);
  if (line.kind === "goto")
    return (
      <Flex as="li" align="center" gap="1.5" paddingInlineStart={indent(line.depth)} minHeight="6" textStyle="xs" color="fg.muted">
        <CornerDownRight size={12} aria-hidden />
        goes on at {label}
      </Flex>
    );
  const says = summary === label ? "" : summary;
  return (
    <Flex as="li" gap="2" paddingInlineStart={indent(line.depth)} align="stretch" minWidth="0">
      <Flex direction="column" align="center" flexShrink="0" aria-hidden>
        <Flex boxSize="5" align="center" justify="center" borderRadius="l1" bg="bg.panel" borderWidth="1px" color="fg.muted">
          <Icon size={12} strokeWidth={1.75} />
        </Flex>
        {!last && <Box width="1px" flex="1" minHeight="2" bg="border.emphasized" />}
      </Flex>
      {inFull ? (
        <Box flex="1" minWidth="0" textStyle="sm" lineHeight="1.25rem" pb="2.5" overflowWrap="anywhere">
          {label}
          {says && <Text color="fg.muted">{says}</Text>}
        </Box>
      ) : (
        <Flex gap="1.5" flex="1" minWidth="0" align="baseline" textStyle="xs" lineHeight="1.25rem" pb="1">
          <Text as="span" flexShrink="0" maxWidth={says ? "60%" : "full"} truncate title={label}>
            {label}
          </Text>
          {says && (
            <Text as="span" color="fg.muted" truncate title={says}>
              {says}
            </Text>
          )}
        </Flex>
      )}
      {onRead && channel && (
        <ReadButton type="button" aria-label={`Read the message of ${label}`} onClick={() => onRead(line.node)} onPointerEnter={onNear}>
          Read
        </ReadButton>
      )}
    </Flex>
  );
}

const exitLabel = (node: FlowNode, handle: string | null): string => {
  const { exits } = describeNode(node);
  return exits.find((exit) => exit.handle === handle)?.label ?? (handle === null ? exits[0]?.label : undefined) ?? handle ?? "then";
};
