import { Clock } from "lucide-react";
import type { z } from "zod";
import type { NodeForm } from "../node-form.tsx";
import type { DelayConfig, DelayUnit, delay } from "./definition.ts";

const one: Record<DelayUnit, string> = { seconds: "second", minutes: "minute", hours: "hour", days: "day", weeks: "week" };
const dayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

const daysWords = (weekdays: readonly number[]): string => {
  const days = [...new Set(weekdays)].sort((a, b) => a - b);
  if (days.length === 0 || days.length === 7) return "";
  if (days.join() === "1,2,3,4,5") return " on a weekday";
  if (days.join() === "6,7") return " at the weekend";
  return ` on ${days.map((day) => dayNames[day - 1]).join(", ")}`;
};

const summary = (config: z.output<typeof DelayConfig>): string => {
  if (config.mode === "duration")
    return `Wait ${config.amount.toLocaleString("en")} ${config.amount === 1 ? one[config.unit] : config.unit}`;
  const whose = config.zone === "contact" ? "the contact’s time" : "the workspace’s time";
  return `Wait until ${config.time.replace(/^0/, "")}${daysWords(config.weekdays ?? [])}, ${whose}`;
};

export const delayForm: NodeForm<typeof delay> = { Icon: Clock, summary };
