import { Box, Flex, Text } from "@chakra-ui/react";
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { ChartSeries, SendChart } from "#contract/send-chart.ts";
import { formatCount } from "#ui/format.ts";
import { bucketWords, markPath, seriesLabel, seriesLooks } from "./series-looks.ts";
import { SeriesMark } from "./series-mark.tsx";

/** With more buckets the marks would be a band of their own. */
const mostMarked = 60;

const colourOf = (series: ChartSeries) => `--series-${series}`;

interface SendLinesProps {
  chart: SendChart;
  series: readonly ChartSeries[];
  now: number;
}

/** The lines themselves. The library that draws them is loaded with this file, which only the chart of a send asks for. */
export function SendLines({ chart, series, now }: SendLinesProps) {
  const rows = chart.buckets.map(({ from, counts }) => ({ from, ...counts }));
  const words = (from: string) => bucketWords(chart, from, now);
  return (
    <Box
      height={{ base: "15rem", md: "20rem" }}
      color="fg.muted"
      // Dots are drawn outside of their line's group, so they cannot take the colour from it.
      css={Object.fromEntries(series.map((one) => [colourOf(one), `{colors.${seriesLooks[one].color}}`]))}
    >
      <ResponsiveContainer width="100%" height="100%">
        <LineChart data={rows} accessibilityLayer={false} margin={{ top: 8, right: 12, bottom: 0, left: 0 }}>
          <CartesianGrid stroke="currentColor" strokeOpacity={0.15} vertical={false} />
          <XAxis
            dataKey="from"
            tickFormatter={words}
            tick={{ fill: "currentColor", fontSize: 12 }}
            stroke="currentColor"
            minTickGap={28}
            tickLine={false}
          />
          <YAxis
            allowDecimals={false}
            tickFormatter={formatCount}
            tick={{ fill: "currentColor", fontSize: 12 }}
            stroke="currentColor"
            width="auto"
            tickLine={false}
            axisLine={false}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: "currentColor", strokeOpacity: 0.4 }}
            content={({ active, label }) => {
              const bucket = active ? chart.buckets.find(({ from }) => from === label) : undefined;
              return bucket ? <Told chart={chart} when={words(bucket.from)} counts={bucket.counts} series={series} /> : null;
            }}
          />
          {series.map((one) => {
            const { shape, dash } = seriesLooks[one];
            return (
              <Line
                key={one}
                dataKey={one}
                type="linear"
                stroke={`var(${colourOf(one)})`}
                strokeWidth={2}
                strokeDasharray={dash}
                isAnimationActive={false}
                dot={
                  rows.length > mostMarked
                    ? false
                    : ({ cx, cy, value, index }: { cx?: number; cy?: number; value?: number; index?: number }) =>
                        // Marks on the line of zero would hide one another.
                        cx === undefined || cy === undefined || !value ? (
                          <g key={index} />
                        ) : (
                          <path key={index} d={markPath(shape, cx, cy)} fill={`var(${colourOf(one)})`} />
                        )
                }
                activeDot={{ r: 4, fill: `var(${colourOf(one)})`, stroke: "none" }}
              />
            );
          })}
        </LineChart>
      </ResponsiveContainer>
    </Box>
  );
}

interface ToldProps {
  chart: SendChart;
  when: string;
  counts: SendChart["totals"];
  series: readonly ChartSeries[];
}

/** What happened in one bucket. */
function Told({ chart, when, counts, series }: ToldProps) {
  const some = series.filter((one) => (counts[one] ?? 0) > 0);
  return (
    <Box bg="bg.panel" borderWidth="1px" borderRadius="l2" px="3" py="2" textStyle="sm" boxShadow="md" color="fg">
      <Text fontWeight="500" mb="1">
        {when}
      </Text>
      {some.length === 0 && <Text color="fg.muted">Nothing happened.</Text>}
      {some.map((one) => (
        <Flex key={one} gap="2" align="center" justify="space-between">
          <Flex gap="2" align="center">
            <SeriesMark series={one} />
            {seriesLabel(one, chart)}
          </Flex>
          <Text as="span" fontVariantNumeric="tabular-nums">
            {formatCount(counts[one] ?? 0)}
          </Text>
        </Flex>
      ))}
    </Box>
  );
}
