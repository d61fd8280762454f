import type { CanaryRequest } from "#contract/canary.ts";
import type { Launch } from "#contract/launch-values.ts";
import { isFromField } from "#contract/launch-values.ts";
import type { SavedLaunch, SavedTerms } from "#contract/saved-launches.ts";
import type { Narrowing } from "#contract/who-not.ts";
import { draftOf, newDraft, type ScheduleDraft } from "#web/entities/schedule/schedule-draft.ts";
import { momentOfText, startOfDay, wallTime } from "#web/entities/schedule/zoned-time.ts";
import type { Audience } from "./audience.ts";
import type { TypedEnd } from "./not-later-than.tsx";
import type { TypedValue, ValuesDraft } from "./values.ts";
import { nobodyLeftOut, readWhoNot, type WhoNot } from "./who-not.ts";

/** A saved launch that the dialog is filled from, with who matches its filter now. */
export interface Preset {
  launch: SavedLaunch;
  terms: SavedTerms;
  audience: Audience;
}

export interface Beginning {
  flowId: string | null;
  draft: ScheduleDraft;
  oncePerAddress: boolean;
  end: TypedEnd;
  canary: CanaryRequest | null;
  whoNot: WhoNot;
  typedValues: Record<string, ValuesDraft>;
}

/** What the dialog begins with. */
export function beginningOf(preset: Preset | null, now: number, zone: string): Beginning {
  if (preset === null) {
    return {
      ...{ flowId: null, draft: newDraft(now, zone), oncePerAddress: true, end: null },
      ...{ canary: null, whoNot: nobodyLeftOut, typedValues: {} },
    };
  }
  const { launch, terms } = preset;
  const { exclude = {}, condition, drip, startsAt, notLaterThan, values } = terms;
  const start = startsAt && { at: nextAt(startsAt, now, zone), zone: startsAt.zone };
  const firstDay = dayOf(start?.at, now, zone);
  return {
    flowId: launch.flowId,
    draft: draftOf({ start: start ?? null, drip: drip ?? null }, now, zone),
    oncePerAddress: terms.oncePerAddress,
    end: notLaterThan ? `${dayAfter(firstDay, notLaterThan.days)}T${notLaterThan.time}` : null,
    canary: terms.canary ?? null,
    whoNot: readWhoNot({ ...exclude, inAnotherFlow: exclude.inAnotherFlow === true, condition }),
    typedValues: values === undefined ? {} : { [launch.flowId]: { typed: typedOf(values), rows: null } },
  };
}

/** The next time at which the clock shows it everywhere that it has to. */
function nextAt({ time, zone: which }: NonNullable<SavedTerms["startsAt"]>, now: number, zone: string): string {
  // The westernmost clock shows a time of day last.
  const last = which === "contact" ? "Etc/GMT+12" : zone;
  for (let days = 0; ; days += 1) {
    const { year, month, day } = wallTime(startOfDay(now, zone, days), zone);
    const at = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}T${time}`;
    if ((momentOfText(at, last) ?? 0) > now || days > 3) return at;
  }
}

/** The day of the calendar on which a send begins. */
const dayOf = (startsAt: string | undefined, now: number, zone: string): string => {
  if (startsAt !== undefined) return startsAt.slice(0, 10);
  const { year, month, day } = wallTime(now, zone);
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
};

const dayMs = 86_400_000;
const dayAfter = (day: string, days: number): string => new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);

function typedOf(values: NonNullable<SavedTerms["values"]>): Record<string, TypedValue> {
  const text = (value: unknown) =>
    value === true ? "yes" : value === false ? "no" : value === null || value === undefined ? "" : String(value);
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      isFromField(value)
        ? { way: "field", text: "", field: value.field, fallback: text(value.fallback) }
        : { way: "all", text: text(value), field: "", fallback: "" },
    ]),
  );
}

interface Chosen {
  audience: Audience;
  /** The time that was chosen to begin at, if one was. */
  draft: ScheduleDraft;
  drip: SavedTerms["drip"] | null;
  end: TypedEnd;
  canary: CanaryRequest | null;
  oncePerAddress: boolean;
  narrowing: Narrowing;
  launch: Launch;
}

/** What of a send can be saved; null where its contacts were picked or taken out one by one. */
export function termsOf(chosen: Chosen, now: number, zone: string): SavedTerms | null {
  const { audience, draft, drip, end, canary, oncePerAddress, narrowing, launch } = chosen;
  const { selection, matching } = audience;
  const filter = selection.type === "ids" ? matching : selection.excluded.length === 0 ? selection.filter : undefined;
  if (filter === undefined || (narrowing.exclude?.contacts?.length ?? 0) > 0) return null;
  const startsAt = draft.start === "at" && draft.at !== "" ? draft.at : undefined;
  const days = end === null ? 0 : Math.round((Date.parse(end.slice(0, 10)) - Date.parse(dayOf(startsAt, now, zone))) / dayMs);
  // Each option of a saved launch is named here, so that the compiler asks for one that is added.
  const terms: { [Key in keyof Required<SavedTerms>]: SavedTerms[Key] | undefined } = {
    filter,
    exclude: narrowing.exclude,
    condition: narrowing.condition,
    oncePerAddress,
    values: launch.values,
    drip: drip ?? undefined,
    startsAt: startsAt === undefined ? undefined : { time: startsAt.slice(11, 16), zone: draft.zone },
    notLaterThan: end === null ? undefined : { time: end.slice(11, 16), days },
    canary: canary ?? undefined,
  };
  return Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined)) as SavedTerms;
}
