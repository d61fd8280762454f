import { CalendarClock } from "lucide-react";
import type { z } from "zod";
import { formatTimeOfDay } from "#ui/format.ts";
import type { NodeForm } from "../node-form.tsx";
import { dayWords, zoneWords } from "../words/day-words.ts";
import type { timeWindow } from "./definition.ts";

const summary = ({ days, from, to, zone, holidays, outside }: z.output<(typeof timeWindow)["config"]>): string => {
  const hours = from === "00:00" && to === "24:00" ? "All day" : `${formatTimeOfDay(from)} to ${formatTimeOfDay(to)}`;
  const except = holidays.length === 0 ? "" : `, not on ${holidays.length} holiday${holidays.length === 1 ? "" : "s"}`;
  return `${hours}${dayWords(days)}${except}, ${zoneWords(zone)}; ${outside === "wait" ? "others wait" : "others are dropped"}`;
};

export const timeWindowForm: NodeForm<typeof timeWindow> = { Icon: CalendarClock, summary };
