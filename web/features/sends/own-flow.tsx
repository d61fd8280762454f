import { Box, Heading, Stack, Text } from "@chakra-ui/react";
import type { FlowGraph } from "#contract/flows.ts";
import { findDefinition } from "#nodes/definitions.ts";
import { describeNode } from "#nodes/describe-node.tsx";
import { textsAt } from "#nodes/graph/texts-at.ts";
import { type StepInOrder, stepsInOrder } from "./steps-in-order.ts";

/** Every step of a flow that came with a send, with its texts as they were written. No stored flow can be looked at instead. */
export function OwnFlow({ graph }: { graph: FlowGraph }) {
  const steps = stepsInOrder(graph);
  const names = new Map(graph.nodes.map((node) => [node.id, describeNode(node).label]));
  return (
    <Box as="section" aria-labelledby="approval-own-flow">
      <Heading as="h3" id="approval-own-flow" textStyle="sm" fontWeight="600">
        The flow of this send
      </Heading>
      <Text textStyle="sm" color="fg.muted" mb="2">
        It came with the send and is stored nowhere else. These are all of its steps, and its texts as they were written.
      </Text>
      <Stack as="ol" listStyleType="none" gap="2">
        {steps.map((step) => (
          <Step key={step.node.id} step={step} nameOf={(id) => names.get(id) ?? id} />
        ))}
      </Stack>
    </Box>
  );
}

function Step({ step: { node, ways }, nameOf }: { step: StepInOrder; nameOf: (id: string) => string }) {
  const { Icon, label, summary } = describeNode(node, nameOf);
  const found = textsAt(node.data.config, findDefinition(node.type)?.names?.templates ?? []);
  const texts = found.filter(({ text }) => text.trim() !== "");
  return (
    <Box as="li" borderWidth="1px" borderRadius="l2" px="3" py="2" textStyle="sm">
      <Text fontWeight="medium" display="flex" gap="2" alignItems="center">
        <Icon aria-hidden size={14} />
        {label}
        {node.data.off === true && " (switched off)"}
      </Text>
      {texts.length === 0 && summary !== label && <Text color="fg.muted">{summary}</Text>}
      {texts.map(({ at, text }) => (
        <Text key={at} whiteSpace="pre-wrap" overflowWrap="anywhere" maxHeight="72" overflowY="auto" tabIndex={0}>
          {text}
        </Text>
      ))}
      {ways.map(({ exit, to }) => (
        <Text key={exit} color="fg.muted" textStyle="xs">
          {exit}: goes on at “{to}”
        </Text>
      ))}
    </Box>
  );
}
