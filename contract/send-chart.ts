import { z } from "zod";
import { Timestamp, Uuid } from "./pagination.ts";

/**
 * What is drawn of a send over time. Each adds up to the total of the send: `started` and `failed` (ended with errors) count enrollments,
 * `sent`, `captured` (kept on this machine), `delivered` and `undelivered` messages, `replied`, `optedOut` and `clicked` each enrollment
 * once, at the first time.
 */
export const chartSeries = ["started", "sent", "captured", "delivered", "undelivered", "replied", "clicked", "optedOut", "failed"] as const;
export type ChartSeries = (typeof chartSeries)[number];

export const chartUnits = ["minute", "hour", "day", "month"] as const;
export type ChartUnit = (typeof chartUnits)[number];

const ChartCounts = z.record(z.enum(chartSeries), z.number().int());
export type ChartCounts = z.infer<typeof ChartCounts>;

/** More than any span has in its unit: two hours of minutes, a week of hours, 360 days. */
export const mostChartBuckets = 500;

/** A chart of one step: `started` counts each enrollment once, when it first came to the step, `failed` once too, when it first failed there. */
export const SendChartQuery = z.strictObject({ nodeId: z.string().min(1).max(200).optional() });

export const SendChart = z.object({
  sendId: Uuid,
  /** The step that it is about; null where it is about the whole send. */
  nodeId: z.string().nullable(),
  /** The steps of the flow as the send follows it, which a chart can be about. */
  nodes: z.array(z.object({ id: z.string(), label: z.string() })),
  /** How long a bucket is. It is chosen by the time from the first to the last event. */
  unit: z.enum(chartUnits),
  /** In which zone days and months begin. */
  timeZone: z.string(),
  /** Without a gap, the oldest first; none where nothing has happened. */
  buckets: z.array(z.object({ from: Timestamp, counts: ChartCounts })).max(mostChartBuckets),
  totals: ChartCounts,
});
export type SendChart = z.infer<typeof SendChart>;
