/**
 * Milliseconds of the processor that doing this so many times takes: the least of five runs. What else the machine does meanwhile is
 * not counted, so tests may compare it.
 */
export function processorTime(act: () => void, times = 1): number {
  const runs = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage();
    for (let time = 0; time < times; time += 1) act();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...runs);
}

/**
 * How many times as long the long one takes as the short one. Less than a millisecond counts as one, because the clock of
 * the processor is coarse.
 */
export const slowdown = (short: () => void, long: () => void, times = 1): number => {
  const quick = processorTime(short, times);
  return processorTime(long, times) / Math.max(quick, 1);
};
