import type { Launch } from "#contract/launch-values.ts";
import { isFromField } from "#contract/launch-values.ts";
import type { SavedLaunch, SavedTerms } from "#contract/saved-launches.ts";
import type { Narrowing } from "#contract/who-not.ts";
import { draftOf, newDraft, type ScheduleDraft } from "#web/entities/schedule/schedule-draft.ts";
import { momentOfText, startOfDay, wallTime } from "#web/entities/schedule/zoned-time.ts";
import type { Audience } from "./audience.ts";
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
  whoNot: WhoNot;
  typedValues: Record<string, ValuesDraft>;
}

/** What the dialog begins with. */
export function beginningOf(preset: Preset | null, now: number, zone: string): Beginning {
  if (preset === null) return { flowId: null, draft: newDraft(now, zone), oncePerAddress: true, whoNot: nobodyLeftOut, typedValues: {} };
  const { launch, terms } = preset;
  const { exclude = {}, condition, drip, startsAt, values } = terms;
  const start = startsAt && { at: nextAt(startsAt, now, zone), zone: startsAt.zone };
  return {
    flowId: launch.flowId,
    draft: draftOf({ start: start ?? null, drip: drip ?? null }, now, zone),
    oncePerAddress: terms.oncePerAddress,
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
  oncePerAddress: boolean;
  narrowing: Narrowing;
  launch: Launch;
}

/** What of a send can be saved; null where its contacts were picked or taken out one by one. */
export function termsOf({ audience: { selection, matching }, draft, drip, oncePerAddress, narrowing, launch }: Chosen): SavedTerms | null {
  const filter = selection.type === "ids" ? matching : selection.excluded.length === 0 ? selection.filter : undefined;
  if (filter === undefined || (narrowing.exclude?.contacts?.length ?? 0) > 0) return null;
  const time = draft.start === "at" ? draft.at.slice(11, 16) : "";
  return {
    filter,
    ...narrowing,
    oncePerAddress,
    ...(launch.values && { values: launch.values }),
    ...(drip && { drip }),
    ...(time !== "" && { startsAt: { time, zone: draft.zone } }),
  };
}
