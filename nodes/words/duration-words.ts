const units = [
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

/** A number of seconds in the largest unit that takes it whole: "90 minutes", "2 weeks". */
export const durationWords = (seconds: number): string => {
  const [name, size] = units.find(([, each]) => seconds >= each && seconds % each === 0) ?? (["second", 1] as const);
  const amount = seconds / size;
  return `${amount.toLocaleString("en")} ${name}${amount === 1 ? "" : "s"}`;
};
