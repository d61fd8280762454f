import type { ChartSeries, ChartUnit, SendChart } from "#contract/send-chart.ts";
import { formatDate, momentWords } from "#ui/format.ts";

type MarkShape = "circle" | "square" | "diamond" | "triangle" | "turned" | "cross";

interface SeriesLook {
  label: string;
  /** A colour of the theme. It is never alone: each line has its own strokes and marks as well. */
  color: string;
  /** Strokes and gaps; a line without is drawn through. */
  dash?: string;
  shape: MarkShape;
}

export const seriesLooks: Record<ChartSeries, SeriesLook> = {
  started: { label: "Started", color: "fg.subtle", dash: "2 3", shape: "circle" },
  sent: { label: "Sent", color: "dot.blue", shape: "circle" },
  captured: { label: "Kept here as a test", color: "dot.grey", dash: "6 3", shape: "square" },
  delivered: { label: "Delivered", color: "dot.green", shape: "diamond" },
  undelivered: { label: "Not delivered", color: "dot.orange", dash: "8 3", shape: "triangle" },
  replied: { label: "Replied", color: "accent.fg", dash: "1 3", shape: "square" },
  clicked: { label: "Clicked", color: "dot.yellow", dash: "6 2 1 2", shape: "diamond" },
  optedOut: { label: "Opted out", color: "dot.red", dash: "3 3", shape: "turned" },
  failed: { label: "Failed or ended with errors", color: "fg.error", shape: "cross" },
};

/** What a line is called. In the chart of one step the contacts have come to it, and failed there. */
export const seriesLabel = (series: ChartSeries, { nodeId }: Pick<SendChart, "nodeId">): string =>
  nodeId === null
    ? seriesLooks[series].label
    : (series === "started" && "Came to the step") || (series === "failed" && "Failed at the step") || seriesLooks[series].label;

const half = 3.5;
/** A mark around a point, as the path of an SVG. */
export const markPath = (shape: MarkShape, x: number, y: number): string => {
  const points: Record<Exclude<MarkShape, "circle">, [number, number][]> = {
    square: [
      [-half, -half],
      [half, -half],
      [half, half],
      [-half, half],
    ],
    diamond: [
      [0, -half - 1],
      [half + 1, 0],
      [0, half + 1],
      [-half - 1, 0],
    ],
    triangle: [
      [0, -half - 1],
      [half, half],
      [-half, half],
    ],
    turned: [
      [0, half + 1],
      [half, -half],
      [-half, -half],
    ],
    cross: [
      [-half, -1],
      [-1, -1],
      [-1, -half],
      [1, -half],
      [1, -1],
      [half, -1],
      [half, 1],
      [1, 1],
      [1, half],
      [-1, half],
      [-1, 1],
      [-half, 1],
    ],
  };
  if (shape === "circle") return `M${x - half},${y}a${half},${half} 0 1,0 ${half * 2},0a${half},${half} 0 1,0 ${-half * 2},0`;
  return `M${points[shape].map(([dx, dy]) => `${x + dx},${y + dy}`).join("L")}Z`;
};

const unitWords: Record<ChartUnit, string> = { minute: "by minutes", hour: "by hours", day: "by days", month: "by months" };
export const unitWord = ({ unit }: SendChart): string => unitWords[unit];

/** When a bucket begins, as somebody would say it now. */
export const bucketWords = ({ unit, timeZone }: Pick<SendChart, "unit" | "timeZone">, from: string, now: number): string =>
  unit === "minute" || unit === "hour" ? momentWords(from, now, timeZone) : formatDate(from, timeZone);
