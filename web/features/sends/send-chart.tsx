import { Box, chakra, Flex, Skeleton, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { ChartLine } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { type SendChart as Chart, type ChartSeries, chartSeries } from "#contract/send-chart.ts";
import type { Send } from "#contract/sends.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { formatCount, zoneName } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { sendChartQuery } from "#web/entities/sends/send-chart-query.ts";
import { serverNow } from "#web/lib/server-clock.ts";
import { ChartTable } from "./chart-table.tsx";
import { seriesLabel, unitWord } from "./series-looks.ts";
import { SeriesMark } from "./series-mark.tsx";

const Lines = lazy(async () => ({ default: (await import("./send-lines.tsx")).SendLines }));

const Toggle = chakra("button", {
  base: {
    display: "flex",
    gap: "2",
    alignItems: "center",
    minHeight: "8",
    px: "2",
    borderWidth: "1px",
    borderRadius: "l2",
    textStyle: "sm",
    cursor: "pointer",
    focusVisibleRing: "outside",
    _hover: { bg: "bg.subtle" },
  },
});

/** What happened of a send over time, as lines or as a table of the same numbers. */
export function SendChart({ send }: { send: Pick<Send, "id" | "state" | "active"> }) {
  const [nodeId, setNodeId] = useState<string | null>(null);
  const chart = useQuery(sendChartQuery(send, nodeId ?? undefined));
  if (chart.isPending) return <Loading />;
  if (!chart.data) {
    return (
      <LoadError
        title="The chart could not be loaded"
        error={chart.error}
        onRetry={() => void chart.refetch()}
        retrying={chart.isFetching}
      />
    );
  }
  const present = chartSeries.filter((one) => (chart.data.totals[one] ?? 0) > 0);
  if (present.length === 0 && chart.data.nodeId === null) {
    return (
      <EmptyState icon={ChartLine} title="Nothing has happened yet">
        The chart begins with the first contact that starts.
      </EmptyState>
    );
  }
  return <Drawn chart={chart.data} present={present} nodeId={nodeId} onNode={setNodeId} loading={chart.isPlaceholderData} />;
}

interface DrawnProps {
  chart: Chart;
  present: readonly ChartSeries[];
  /** The step that was chosen; null for the whole send. */
  nodeId: string | null;
  onNode: (nodeId: string | null) => void;
  /** The numbers are those of what was chosen before. */
  loading: boolean;
}

const whole = "";

function Drawn({ chart, present, nodeId, onNode, loading }: DrawnProps) {
  const [view, setView] = useState<"lines" | "table">("lines");
  const [hidden, setHidden] = useState<readonly ChartSeries[]>([]);
  const series = present.filter((one) => !hidden.includes(one));
  const now = serverNow();
  const turn = (one: ChartSeries) => setHidden(hidden.includes(one) ? hidden.filter((other) => other !== one) : [...hidden, one]);
  return (
    <Box flex="1" minH="0" overflowY="auto" px={{ base: "4", md: "6" }} py="4" tabIndex={0} role="group" aria-label="The send over time">
      <Stack gap="4" maxWidth="5xl" aria-busy={loading} opacity={loading ? 0.6 : 1}>
        <Flex gap="3" wrap="wrap" align="center" justify="space-between">
          <Text color="fg.muted" textStyle="sm">
            What happened, {unitWord(chart)}, on the clock of {zoneName(chart.timeZone)}.
          </Text>
          <Flex gap="2" wrap="wrap" align="center">
            <Box width="14rem" maxW="full">
              <SelectField
                label="Of which step"
                hideLabel
                value={nodeId ?? whole}
                onChange={(next) => onNode(next === whole ? null : next)}
                options={[{ value: whole, label: "The whole flow" }, ...chart.nodes.map(({ id, label }) => ({ value: id, label }))]}
              />
            </Box>
            <SegmentedField
              label="Show as"
              hideLabel
              value={view}
              onChange={setView}
              options={[
                { value: "lines", label: "Chart" },
                { value: "table", label: "Table" },
              ]}
            />
          </Flex>
        </Flex>
        <Flex role="group" aria-label="What is drawn" gap="2" wrap="wrap">
          {present.map((one) => (
            <Toggle
              key={one}
              type="button"
              aria-pressed={!hidden.includes(one)}
              opacity={hidden.includes(one) ? 0.6 : 1}
              onClick={() => turn(one)}
            >
              <SeriesMark series={one} />
              <Text as="span" textDecoration={hidden.includes(one) ? "line-through" : undefined}>
                {seriesLabel(one, chart)}
              </Text>
              <Text as="span" fontWeight="600" fontVariantNumeric="tabular-nums">
                {formatCount(chart.totals[one] ?? 0)}
              </Text>
            </Toggle>
          ))}
        </Flex>
        {present.length === 0 ? (
          <EmptyState icon={ChartLine} title="Nobody has come to this step" />
        ) : view === "table" ? (
          <ChartTable chart={chart} series={series} now={now} />
        ) : (
          <Suspense fallback={<Skeleton height={{ base: "15rem", md: "20rem" }} borderRadius="l2" />}>
            <Box role="img" aria-label={`${told(chart, series)} The table shows every number.`}>
              <Lines chart={chart} series={series} now={now} />
            </Box>
          </Suspense>
        )}
      </Stack>
    </Box>
  );
}

/** The chart for who does not see it. */
const told = (chart: Chart, series: readonly ChartSeries[]): string =>
  `Lines of what happened, ${unitWord(chart)}: ${series.map((one) => `${formatCount(chart.totals[one] ?? 0)} ${seriesLabel(one, chart).toLowerCase()}`).join(", ")}.`;

const Loading = () => (
  <Stack gap="4" px={{ base: "4", md: "6" }} py="4" role="status" aria-label="Loading the chart" aria-busy>
    <Skeleton height="8" width="60%" borderRadius="l2" />
    <Skeleton height={{ base: "15rem", md: "20rem" }} borderRadius="l2" />
  </Stack>
);
