import { Box, Flex, Skeleton, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { momentWords } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { executionQuery, stepsQuery } from "#web/entities/executions/execution-queries.ts";
import { executionState, isActive } from "#web/entities/executions/execution-state.ts";
import { StateBadge } from "#web/entities/executions/state-badge.tsx";
import { type Stretch, stretchesOf } from "#web/entities/executions/stretches.ts";
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

/**
 * Draws the path of an execution on the flow version in which it was gone, because the flow may have been edited since. Who was
 * moved between versions has a way in each.
 */
export function PathDrawing({ executionId, zone, actions, embedded }: PathDrawingProps) {
  const now = useNow();
  const execution = useQuery(executionQuery(executionId));
  const steps = useQuery({
    ...stepsQuery(executionId, execution.data ? !isActive(execution.data.status) : false),
    enabled: execution.isSuccess,
  });
  const [chosen, setChosen] = useState<string>();
  const followed = execution.data?.flowVersionId;
  const stretches = useMemo(
    () => (steps.data && followed !== undefined ? stretchesOf(steps.data.items, steps.data.moves ?? [], followed) : []),
    [steps.data, followed],
  );
  const last = stretches.length - 1;
  const at = chosen === undefined ? last : Math.min(Number(chosen), last);
  const shown = stretches[at];
  const version = useQuery({ ...flowVersionQuery(shown?.versionId ?? ""), enabled: shown !== undefined });
  const path = useMemo(() => version.data && shown && pathOf(version.data, shown.steps, shown.before), [version.data, shown]);

  const failed = [execution, steps, version].find((query) => query.isError && !query.data);
  if (failed) return <LoadError title="The path could not be drawn" error={failed.error} onRetry={() => void failed.refetch()} />;
  const parts = stretches.length > 1 && (
    <SegmentedField
      label="Part of the way"
      hideLabel
      value={String(at)}
      onChange={setChosen}
      options={stretches.map((one, index) => ({ value: String(index), ...partWords(one, stretches[index + 1], now, zone) }))}
    />
  );
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
          {parts}
          {actions}
        </Flex>
      )}
      {embedded && parts && (
        <Box px="3" py="2" borderBottomWidth="1px" overflowX="auto">
          {parts}
        </Box>
      )}
      <Box flex="1" minH="0">
        <LazyCanvas key={`${version.data.id} ${at}`} label={version.data.name} graph={version.data} path={path} embedded={embedded} />
      </Box>
    </Flex>
  );
}

/** What a part of the way is called: its version, and when it was left or come to. */
function partWords(one: Stretch<unknown>, next: Stretch<unknown> | undefined, now: number, zone: string): { label: string; name: string } {
  const number = one.by?.to.version ?? next?.by?.from.version;
  const label = `Version ${number ?? ""}`.trim();
  const since = one.by && `since ${momentWords(one.by.at, now, zone)}`;
  const until = next?.by && `until ${momentWords(next.by.at, now, zone)}`;
  return { label, name: [label, [since, until].filter(Boolean).join(" ")].filter(Boolean).join(", ") };
}
