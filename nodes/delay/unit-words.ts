import type { DelayUnit } from "./definition.ts";

const words: Record<DelayUnit, string> = {
  seconds: "seconds",
  minutes: "minutes",
  hours: "hours",
  days: "days",
  business_days: "business days",
  weeks: "weeks",
};

export const unitOptions = (Object.keys(words) as DelayUnit[]).map((value) => ({ value, label: words[value] }));
