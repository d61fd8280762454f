/** Shares are exact to a hundredth of a percent. */
const hundredths = (percent: number) => Math.round(percent * 100);

export const percentSum = (percents: readonly number[]): number => percents.reduce((sum, percent) => sum + hundredths(percent), 0) / 100;

/** So many shares that are equal and add up to 100; the first ones take what cannot be divided. */
export const equalPercents = (count: number): number[] => {
  const each = Math.floor(10_000 / count);
  const rest = 10_000 - each * count;
  return Array.from({ length: count }, (_, index) => (each + (index < rest ? 1 : 0)) / 100);
};
