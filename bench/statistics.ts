export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The percentile by nearest rank: one of the values, never a value between two of them. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** The three figures of a latency, and the number of samples. */
export function spread(values: readonly number[]): { p50: number; p95: number; p99: number; max: number; samples: number } {
  const at = (percent: number) => round(percentile(values, percent));
  return { p50: at(50), p95: at(95), p99: at(99), max: at(100), samples: values.length };
}

export const perSecond = (count: number, milliseconds: number): number => Math.round((count / milliseconds) * 1000);
