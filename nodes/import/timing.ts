import { type DelayUnit, delayUnits } from "../delay/definition.ts";
import { foldKey, type Raw, type RawReader, readRaw } from "./raw-values.ts";
import { changed, choice, step, type Translate } from "./translation.ts";

const unitSpellings: Record<DelayUnit, readonly string[]> = {
  seconds: ["s", "sec", "secs", "second", "seconds"],
  minutes: ["m", "min", "mins", "minute", "minutes"],
  hours: ["h", "hr", "hrs", "hour", "hours"],
  days: ["d", "day", "days"],
  business_days: ["businessday", "businessdays", "workday", "workdays", "workingdays"],
  weeks: ["w", "week", "weeks"],
};
const units = Object.keys(unitSpellings) as DelayUnit[];
const unitOf = (text: string): DelayUnit | undefined => units.find((unit) => unitSpellings[unit].includes(foldKey(text)));

interface Length {
  amount: number;
  unit: string | undefined;
  /** The oldest flows have `delay` alone, which counts minutes. */
  isOldest?: boolean;
}

function readLength(settings: RawReader): Length | undefined {
  const inner = settings.record("delay", "duration", "wait", "waittime", "time");
  if (inner) return readLength(readRaw(inner));
  const unit = settings.text("unit", "timeunit", "delayunit", "durationunit", "waitunit", "amountunit");
  const amount = settings.number("amount", "value", "timevalue", "delayamount", "delayvalue", "waitamount", "waittime", "duration", "time");
  if (amount !== undefined) return { amount, unit };
  const delay = settings.number("delay");
  if (delay !== undefined) return { amount: delay, unit, isOldest: unit === undefined };
  for (const named of units) {
    const amount = settings.number(foldKey(named), `delay${foldKey(named)}`, `wait${foldKey(named)}`);
    if (amount !== undefined) return { amount, unit: named };
  }
  return undefined;
}

/** A part of a unit is written in a smaller one: 1.5 hours are 90 minutes. */
function inWholes(amount: number, unit: DelayUnit): { amount: number; unit: DelayUnit } {
  if (Number.isInteger(amount) || unit === "business_days") return { amount, unit };
  const seconds = Math.round(amount * delayUnits[unit]);
  const fitting = (["weeks", "days", "hours", "minutes"] as const).find((each) => seconds % delayUnits[each] === 0) ?? "seconds";
  return { amount: seconds / delayUnits[fitting], unit: fitting };
}

const duration = (config: Raw): Raw => ({ mode: "duration", ...config });

/** A wait of a fixed length. */
export const translateDelay: Translate = (settings) => {
  const length = readLength(settings);
  if (!length) return undefined;
  const { amount, isOldest } = length;
  const unit = isOldest ? "minutes" : length.unit === undefined ? undefined : unitOf(length.unit);
  if (unit === undefined) {
    const told = length.unit === undefined ? "It does not say" : `“${length.unit}” does not say`;
    return step("delay", duration({ amount }), [choice(`${told} whether it waits minutes, hours, days or weeks. Choose one.`)]);
  }
  const whole = inWholes(amount, unit);
  const notes = isOldest ? [changed("A delay without a unit counts minutes.", String(amount), `${amount} minutes`)] : [];
  return step("delay", duration({ ...whole }), notes);
};

/** What else a smart delay did is not known; its length is. */
export const translateSmartDelay: Translate = (settings, around) => {
  const plain = translateDelay(settings, around);
  return (
    plain && { ...plain, notes: [...plain.notes, choice("A smart delay became a delay of the same length. See whether that will do.")] }
  );
};

const clock = /^\s*(\d{1,2})(?::(\d{2}))?(?::\d{2})?\s*([ap]\.?m\.?)?\s*$/i;

/** "9 AM" is 09:00. */
function toTimeOfDay(text: string): string | undefined {
  const [, hour = "", minute = "00", half] = clock.exec(text) ?? [];
  if (hour === "" || (half === undefined && !text.includes(":"))) return undefined;
  const isAfternoon = half?.toLowerCase().startsWith("p");
  const number = half === undefined ? Number(hour) : (Number(hour) % 12) + (isAfternoon ? 12 : 0);
  return number > 23 || Number(minute) > 59 ? undefined : `${String(number).padStart(2, "0")}:${minute}`;
}

/** A wait until an hour of the day. One until a fixed date has no step here. */
export const translateUntilTime: Translate = (settings) => {
  const text = settings.text("time", "timeofday", "targettime", "untiltime", "until", "at", "target", "sendtime");
  const time = text === undefined ? undefined : toTimeOfDay(text);
  return time === undefined ? undefined : step("delay", { mode: "until_time", time, zone: "contact" });
};
