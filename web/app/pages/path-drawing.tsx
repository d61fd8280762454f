import { Box, Flex, Skeleton, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { LoadError } from "#ui/load-error.tsx";
import { executionQuery, stepsQuery } from "#web/entities/executions/execution-queries.ts";
import { executionState, isActive } from "#web/entities/executions/execution-state.ts";
import { StateBadge } from "#web/entities/executions/state-badge.tsx";
import { flowVersionQuery } from "#web/entities/flows/flow-queries.ts";
import { ContactName } from "#web/features/executions/history-columns.tsx";
import { pathOf } from "#web/features/flow-builder/canvas/execution-path.ts";
import { LazyCanvas } from "#web/features/flow-builder/canvas/lazy-canvas.tsx";
import { useNow } from "#web/lib/use-now.ts";

interface PathDrawingProps {
  executionId: string;
  zone: string;
  actions?: ReactNode;
  embedded?: boolean;
}

/** Draws the path of an execution on the flow version that it follows, because the flow may have been edited since. */
export function PathDrawing({ executionId, zone, actions, embedded }: PathDrawingProps) {
  const now = useNow();
  const execution = useQuery(executionQuery(executionId));
  const steps = useQuery({
    ...stepsQuery(executionId, execution.data ? !isActive(execution.data.status) : false),
    enabled: execution.isSuccess,
  });
  const version = useQuery({ ...flowVersionQuery(execution.data?.flowVersionId ?? ""), enabled: execution.isSuccess });
  const path = useMemo(() => version.data && steps.data && pathOf(version.data, steps.data.items), [version.data, steps.data]);

  const failed = [execution, steps, version].find((query) => query.isError && !query.data);
  if (failed) return <LoadError title="The path could not be drawn" error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!execution.data || !version.data || !path) return <Skeleton flex="1" m="4" />;
  return (
    <Flex direction="column" flex="1" minH="0" height="full">
      {!embedded && (
        <Flex gap="2" align="center" px={{ base: "4", md: "6" }} py="2" borderBottomWidth="1px" wrap="wrap" textStyle="sm">
          <Text as="span" color="fg.muted" hideBelow="md">
            Path of
          </Text>
          <ContactName execution={execution.data} />
          <StateBadge state={executionState(execution.data, now, zone)} sentence />
          <Box flex="1" />
          {actions}
        </Flex>
      )}
      <Box flex="1" minH="0">
        <LazyCanvas key={version.data.id} label={version.data.name} graph={version.data} path={path} embedded={embedded} />
      </Box>
    </Flex>
  );
}
