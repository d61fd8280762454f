import { type DelayUnit, delayUnits } from "../delay/definition.ts";
import { foldKey, type Raw, type RawReader, readRaw } from "./raw-values.ts";
import { changed, choice, type Note, step, type Translate, undecided } from "./translation.ts";
import { said, undecidedRest } from "./undecided.ts";

const unitSpellings: Record<DelayUnit, readonly string[]> = {
  seconds: ["s", "sec", "secs", "second", "seconds"],
  minutes: ["m", "min", "mins", "minute", "minutes"],
  hours: ["h", "hr", "hrs", "hour", "hours"],
  days: ["d", "day", "days"],
  business_days: ["businessday", "businessdays", "workday", "workdays", "workingdays"],
  weeks: ["w", "week", "weeks"],
};
const units = Object.keys(unitSpellings) as DelayUnit[];
/** "M" alone is months where a unit is one letter, and "m" is minutes. */
const unitOf = (text: string): DelayUnit | undefined =>
  text.trim() === "M" ? undefined : units.find((unit) => unitSpellings[unit].includes(foldKey(text)));

interface Length {
  /** Undefined where it is written so that it cannot be read for sure. */
  amount: number | undefined;
  unit: string | undefined;
  /** The oldest flows have `delay` alone, which counts minutes. */
  isOldest?: boolean;
  notes: Note[];
}

const amountKeys = ["amount", "value", "timevalue", "delayamount", "delayvalue", "waitamount", "waittime", "duration", "time"];
const lengthKeys = [...amountKeys, "delay", "wait"];

/** "1.000" and "1,000" are one or a thousand, by where they were written. */
const isThousandOrOne = (text: string): boolean => /^\s*-?\d{1,3}(?:[.,]\d{3})+\s*$/.test(text);

/** The number under the first of these keys that holds one, without `amount` where it is none for sure. */
function readAmount(settings: RawReader, keys: readonly string[]): { amount: number | undefined; written: string } | undefined {
  for (const key of keys) {
    const amount = settings.number(key);
    const written = settings.text(key) ?? "";
    if (amount !== undefined) return { amount: isThousandOrOne(written) ? undefined : amount, written };
  }
  return undefined;
}

const unclear = (written: unknown): Note => undecided(`“${said(written)}” does not say for sure how long it waits. Choose how long.`);

function readLength(settings: RawReader): Length | undefined {
  const inner = settings.record("delay", "duration", "wait", "waittime", "time");
  if (inner) {
    const within = readRaw(inner);
    const length = readLength(within);
    return length && { ...length, notes: [...length.notes, ...undecidedRest("Its length", within.unread())] };
  }
  const unit = settings.text("unit", "timeunit", "delayunit", "durationunit", "waitunit", "amountunit");
  const found = readAmount(settings, amountKeys);
  const oldest = found ? undefined : readAmount(settings, ["delay"]);
  const given = found ?? oldest;
  if (!given) return readUnits(settings) ?? readWritten(settings, unit);
  const { amount, written } = given;
  const isOldest = oldest !== undefined && unit === undefined;
  return { amount, unit, isOldest, notes: amount === undefined ? [unclear(written)] : [] };
}

/** A length by its units, which add up: a day and six hours are thirty hours. */
function readUnits(settings: RawReader): Length | undefined {
  const given = units.flatMap((unit) => {
    const name = foldKey(unit);
    const found = readAmount(settings, [name, `delay${name}`, `wait${name}`]);
    return found ? [{ unit, ...found }] : [];
  });
  const counted = given.filter(({ amount }) => amount !== 0);
  const [first = given[0], ...others] = counted;
  if (!first) return undefined;
  if (others.length === 0 && first.amount !== undefined) return { amount: first.amount, unit: first.unit, notes: [] };
  const seconds = counted.reduce((sum, { amount = Number.NaN, unit }) => sum + amount * delayUnits[unit], 0);
  // A day of business is none of 24 hours, so it cannot be added to hours.
  if (Number.isNaN(seconds) || counted.some(({ unit }) => unit === "business_days")) {
    const written = counted.map(({ written, unit }) => `${written} ${unit.replace("_", " ")}`).join(" and ");
    return { amount: undefined, unit: first.unit, notes: [unclear(written)] };
  }
  return { ...inWholes(seconds / delayUnits.weeks, "weeks"), notes: [] };
}

/** A length in words, such as "2 days" or "P2D", is told and left to choose. */
function readWritten(settings: RawReader, unit: string | undefined): Length | undefined {
  const written = settings.text(...lengthKeys);
  return written === undefined ? undefined : { amount: undefined, unit, notes: [unclear(written)] };
}

/** A part of a unit is written in a smaller one: 1.5 hours are 90 minutes. */
function inWholes(amount: number, unit: DelayUnit): { amount: number; unit: DelayUnit } {
  if (Number.isInteger(amount) || unit === "business_days") return { amount, unit };
  const seconds = Math.round(amount * delayUnits[unit]);
  const fitting = (["weeks", "days", "hours", "minutes"] as const).find((each) => seconds % delayUnits[each] === 0) ?? "seconds";
  return { amount: seconds / delayUnits[fitting], unit: fitting };
}

const duration = (config: Raw): Raw => ({ mode: "duration", ...config });

const modeKeys = ["mode", "delaytype", "waittype", "delaymode", "waitmode", "kind", "type"];
const plainModes = ["duration", "fixed", "delay", "wait", "for", "period", "amount", "simple", "standard", "timedelay", "waitdelay"];

/** A way to wait that is none of a fixed length, such as until a date. */
function checkMode(settings: RawReader): Note[] {
  const modes = modeKeys.flatMap((key) => settings.text(key) ?? []);
  return modes
    .filter((mode) => !plainModes.includes(foldKey(mode)))
    .map((mode) => undecided(`It is a wait of the kind “${said(mode)}”, which nothing here reads. Set up how it waits.`));
}

/** A wait of a fixed length. */
export const translateDelay: Translate = (settings) => {
  const length = readLength(settings);
  if (!length) return undefined;
  const { amount, isOldest } = length;
  const told = [...length.notes, ...checkMode(settings)];
  const unit = isOldest ? "minutes" : length.unit === undefined ? undefined : unitOf(length.unit);
  if (unit === undefined) {
    const named = length.unit === undefined ? "It does not say" : `“${said(length.unit)}” does not say`;
    return step("delay", duration({ ...(amount !== undefined && { amount }) }), [
      ...told,
      choice(`${named} whether it waits minutes, hours, days or weeks. Choose one.`),
    ]);
  }
  if (amount === undefined) return step("delay", duration({ unit }), told);
  const whole = inWholes(amount, unit);
  const oldest = isOldest ? [changed("A delay without a unit counts minutes.", String(amount), `${amount} minutes`)] : [];
  return step("delay", duration({ ...whole }), [...told, ...oldest]);
};

/** What else a smart delay did is not known; its length is. */
export const translateSmartDelay: Translate = (settings, around) => {
  const plain = translateDelay(settings, around);
  return (
    plain && { ...plain, notes: [...plain.notes, undecided("A smart delay became a delay of the same length. See whether that will do.")] }
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
