import { chakra } from "@chakra-ui/react";
import type { ChartSeries } from "#contract/send-chart.ts";
import { markPath, seriesLooks } from "./series-looks.ts";

/** A piece of a line as it is drawn, for the legend. */
export function SeriesMark({ series }: { series: ChartSeries }) {
  const { color, dash, shape } = seriesLooks[series];
  return (
    <chakra.svg width="28px" height="12px" viewBox="0 0 28 12" color={color} flexShrink={0} aria-hidden>
      <path d="M0,6H28" stroke="currentColor" strokeWidth="2" strokeDasharray={dash} />
      <path d={markPath(shape, 14, 6)} fill="currentColor" />
    </chakra.svg>
  );
}
