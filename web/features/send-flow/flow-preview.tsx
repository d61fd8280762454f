import { Badge, Box, chakra, Flex, Skeleton, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { CornerDownRight, TriangleAlert } from "lucide-react";
import { Suspense, useMemo, useState } from "react";
import type { FlowEdge, FlowGraph, FlowNode, FlowSummary } from "#contract/flows.ts";
import { describeNode } from "#nodes/describe-node.tsx";
import { Button } from "#ui/button.tsx";
import { plural } from "#ui/format.ts";
import { lazyLater } from "#ui/lazy-later.ts";
import { useLastShown } from "#ui/use-last-shown.ts";
import { flowQuery } from "#web/entities/flows/flow-queries.ts";
import type { Audience } from "./audience.ts";
import { type OutlineLine, outlineFlow } from "./flow-outline.ts";

const MessageReading = lazyLater(async () => (await import("./message-reading.tsx")).MessageReading);

/** Shows the flow before it is sent: its name, the number of steps and contacts, and the steps. */
export function FlowPreview({ flow, audience: { selection, total } }: { flow: FlowSummary; audience: Audience }) {
  const [reading, setReading] = useState<FlowNode | null>(null);
  const { shown, opening } = useLastShown(reading);
  const graph = useQuery(flowQuery(flow.id));
  const warnings = graph.data?.problems.filter((problem) => problem.severity === "warning") ?? [];
  return (
    <Box as="section" aria-label="Flow preview" bg="bg.subtle" borderWidth="1px" borderRadius="l2" padding="3">
      <Flex justify="space-between" align="center" gap="3">
        <Text fontWeight="medium" textStyle="sm">
          Flow Preview:
        </Text>
        <Badge variant="outline" size="sm" colorPalette="gray" color="fg.muted">
          {plural(flow.stepCount, "step")}
        </Badge>
      </Flex>
      <Text textStyle="sm" mt="1" overflowWrap="anywhere">
        {flow.name}
      </Text>
      <Text textStyle="xs" color="fg.muted">
        This flow will be executed for {plural(total, "contact")}
      </Text>
      <Box mt="3" maxHeight="72" overflowY="auto" tabIndex={0} role="group" aria-label="Steps of the flow">
        {graph.isPending && (
          <Stack gap="2.5" aria-hidden>
            {Array.from({ length: Math.min(flow.stepCount, 5) }, (_, step) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: steps that are not read yet have no other name.
              <Skeleton key={step} height="4" width={`${60 - (step % 3) * 12}%`} />
            ))}
          </Stack>
        )}
        {graph.isError && (
          <Flex align="center" justify="space-between" gap="2" textStyle="xs" color="fg.muted" role="alert">
            The steps could not be read.
            <Button size="xs" onClick={() => void graph.refetch()}>
              Retry
            </Button>
          </Flex>
        )}
        {graph.data && <Outline graph={graph.data} onRead={setReading} />}
      </Box>
      {warnings.map((warning) => (
        <Flex key={warning.message + (warning.nodeId ?? "")} gap="1.5" mt="2" textStyle="xs" color="fg.warning">
          <TriangleAlert size={14} aria-hidden style={{ flexShrink: 0, marginTop: 1 }} />
          {warning.message}
        </Flex>
      ))}
      {shown && (
        <Suspense>
          <MessageReading
            key={opening}
            open={reading !== null}
            onClose={() => setReading(null)}
            flowId={flow.id}
            node={shown}
            selection={selection}
            total={total}
          />
        </Suspense>
      )}
    </Box>
  );
}

/** Sorts edges by the order in which the node type lists its exits: "yes" before "no". */
const byExit = ({ nodes, edges }: FlowGraph): FlowEdge[] => {
  const exits = new Map(nodes.map((node) => [node.id, describeNode(node).exits.map((exit) => exit.handle)]));
  const rank = (edge: FlowEdge) => exits.get(edge.source)?.indexOf(edge.sourceHandle ?? "") ?? -1;
  return edges.toSorted((a, b) => rank(a) - rank(b));
};

function Outline({ graph, onRead }: { graph: FlowGraph; onRead: (node: FlowNode) => void }) {
  const lines = useMemo(() => outlineFlow(graph.nodes, byExit(graph)), [graph]);
  return (
    <Stack as="ol" gap="0" listStyleType="none">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is drawn once and never changes its order.
        <OutlineRow key={index} line={line} last={(lines[index + 1]?.depth ?? -1) < line.depth} onRead={onRead} />
      ))}
    </Stack>
  );
}

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

interface OutlineRowProps {
  line: OutlineLine;
  last: boolean;
  onRead: (node: FlowNode) => void;
}

function OutlineRow({ line, last, onRead }: OutlineRowProps) {
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
  return (
    <Flex as="li" gap="2" paddingInlineStart={indent(line.depth)} align="stretch" minWidth="0">
      <Flex direction="column" align="center" flexShrink="0" aria-hidden>
        <Flex boxSize="5" align="center" justify="center" borderRadius="l1" bg="bg.panel" borderWidth="1px" color="fg.muted">
          <Icon size={12} strokeWidth={1.75} />
        </Flex>
        {!last && <Box width="1px" flex="1" minHeight="2" bg="border.emphasized" />}
      </Flex>
      <Flex gap="1.5" flex="1" minWidth="0" align="baseline" textStyle="xs" lineHeight="1.25rem" pb="1">
        <Text as="span" flexShrink="0" maxWidth={summary && summary !== label ? "60%" : "full"} truncate title={label}>
          {label}
        </Text>
        {summary && summary !== label && (
          <Text as="span" color="fg.muted" truncate title={summary}>
            {summary}
          </Text>
        )}
      </Flex>
      {channel && (
        <ReadButton
          type="button"
          aria-label={`Read the message of ${label}`}
          onClick={() => onRead(line.node)}
          onPointerEnter={MessageReading.preload}
        >
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
