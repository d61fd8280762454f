import { Badge, Box, Flex, Skeleton, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { Suspense, useState } from "react";
import type { FlowNode, FlowSummary } from "#contract/flows.ts";
import type { Launch } from "#contract/launch-values.ts";
import { Button } from "#ui/button.tsx";
import { plural } from "#ui/format.ts";
import { lazyLater } from "#ui/lazy-later.ts";
import { useLastShown } from "#ui/use-last-shown.ts";
import { flowQuery } from "#web/entities/flows/flow-queries.ts";
import { FlowSteps } from "#web/entities/flows/flow-steps.tsx";
import type { Audience } from "./audience.ts";

const MessageReading = lazyLater(async () => (await import("./message-reading.tsx")).MessageReading);

interface FlowPreviewProps {
  flow: FlowSummary;
  audience: Audience;
  /** What is given for what the flow asks for. */
  launch: Launch;
}

/** Shows the flow before it is sent: its name, the number of steps and contacts, and the steps. */
export function FlowPreview({ flow, audience: { selection, total }, launch }: FlowPreviewProps) {
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
        {graph.data && <FlowSteps graph={graph.data} onRead={setReading} onNear={MessageReading.preload} />}
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
            launch={launch}
          />
        </Suspense>
      )}
    </Box>
  );
}
