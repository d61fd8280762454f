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

/** Milliseconds of the processor after which one look is enough: no noise of a machine is as long. */
const certainMs = 500;

/**
 * How many times as long the long one takes as the short one. Less than a millisecond counts as one, because the clock of
 * the processor is coarse. Where the long one takes far too long already once, it is not tried fifty times: a test that would
 * end after many minutes fails at once.
 */
export function slowdown(short: () => void, long: () => void, times = 1): number {
  const quick = Math.max(processorTime(short, times), 1);
  const before = process.cpuUsage();
  long();
  const { user, system } = process.cpuUsage(before);
  const once = (user + system) / 1_000;
  if (once > certainMs && once > quick) return (once * times) / quick;
  return processorTime(long, times) / quick;
}
