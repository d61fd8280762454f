import { Box, chakra, Text } from "@chakra-ui/react";
import type { ChartSeries, SendChart } from "#contract/send-chart.ts";
import { formatCount } from "#ui/format.ts";
import { bucketWords, seriesLabel, unitWord } from "./series-looks.ts";

const Head = chakra("th", {
  base: { paddingX: "2", paddingY: "1.5", textAlign: "end", fontWeight: "medium", color: "fg.muted", whiteSpace: "nowrap" },
});
const Cell = chakra("td", { base: { paddingX: "2", paddingY: "1", textAlign: "end", fontVariantNumeric: "tabular-nums" } });

/** The same numbers as the lines. Times at which nothing happened are left out. */
export function ChartTable({ chart, series, now }: { chart: SendChart; series: readonly ChartSeries[]; now: number }) {
  const rows = chart.buckets.filter(({ counts }) => series.some((one) => (counts[one] ?? 0) > 0));
  return (
    <Box overflowX="auto" tabIndex={0} role="region" aria-label="What happened, as a table">
      <chakra.table textStyle="sm" minW="full">
        <chakra.caption textAlign="start" color="fg.muted" paddingBottom="1" captionSide="top">
          {`What happened, ${unitWord(chart)}. Times at which nothing happened are left out.`}
        </chakra.caption>
        <thead>
          <tr>
            <Head scope="col" textAlign="start" paddingStart="0">
              From
            </Head>
            {series.map((one) => (
              <Head key={one} scope="col">
                {seriesLabel(one, chart)}
              </Head>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ from, counts }) => (
            <chakra.tr key={from} borderTopWidth="1px" borderColor="border.muted">
              <Head scope="row" textAlign="start" paddingStart="0" color="fg" fontWeight="normal">
                {bucketWords(chart, from, now)}
              </Head>
              {series.map((one) => (
                <Cell key={one} color={(counts[one] ?? 0) === 0 ? "fg.subtle" : undefined}>
                  {formatCount(counts[one] ?? 0)}
                </Cell>
              ))}
            </chakra.tr>
          ))}
        </tbody>
        <tfoot>
          <chakra.tr borderTopWidth="1px" fontWeight="600">
            <Head scope="row" textAlign="start" paddingStart="0" color="fg">
              Together
            </Head>
            {series.map((one) => (
              <Cell key={one}>{formatCount(chart.totals[one] ?? 0)}</Cell>
            ))}
          </chakra.tr>
        </tfoot>
      </chakra.table>
      {rows.length === 0 && (
        <Text textStyle="sm" color="fg.muted" mt="2">
          Nothing is chosen.
        </Text>
      )}
    </Box>
  );
}
