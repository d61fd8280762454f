import { Clock } from "lucide-react";
import type { z } from "zod";
import { formatTimeOfDay } from "#ui/format.ts";
import type { NodeForm } from "../node-form.tsx";
import { dayWords, zoneWords } from "../words/day-words.ts";
import { durationWords } from "../words/duration-words.ts";
import { fieldWords } from "../words/field-words.ts";
import type { DelayConfig, DelayUnit, delay, UntilDate } from "./definition.ts";

const one: Record<DelayUnit, string> = {
  seconds: "second",
  minutes: "minute",
  hours: "hour",
  days: "day",
  business_days: "business day",
  weeks: "week",
};

const amountWords = (amount: number, unit: DelayUnit): string => `${amount.toLocaleString("en")} ${one[unit]}${amount === 1 ? "" : "s"}`;

const dateWords = ({ field, offset, time, zone, yearly }: UntilDate): string => {
  const { amount, unit } = offset;
  const distance = amount === 0 ? "" : `${amountWords(Math.abs(amount), unit)} ${amount < 0 ? "before" : "after"} `;
  return `Wait until ${distance}${fieldWords(field)}${yearly ? ", every year" : ""}${time ? ` at ${formatTimeOfDay(time)}` : ""}, ${zoneWords(zone)}`;
};

const whenWords = (config: z.output<typeof DelayConfig>): string => {
  switch (config.mode) {
    case "duration":
      return `Wait ${amountWords(config.amount, config.unit)}`;
    case "until_time":
      return `Wait until ${formatTimeOfDay(config.time)}${dayWords(config.weekdays ?? [])}, ${zoneWords(config.zone)}`;
    case "until_date":
      return dateWords(config);
  }
};

const summary = (config: z.output<typeof DelayConfig>): string =>
  `${whenWords(config)}${config.spreadSeconds === undefined ? "" : `, and up to ${durationWords(config.spreadSeconds)} more`}`;

export const delayForm: NodeForm<typeof delay> = { Icon: Clock, summary };
