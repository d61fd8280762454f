import { findDefinition } from "../definitions.ts";
import { readRaw } from "./raw-values.ts";
import type { RawAction } from "./read-step.ts";
import { respellNames } from "./respell.ts";
import { changed, choice, type Note, type Surroundings, type TranslatedStep, undecided, withoutEffect } from "./translation.ts";
import { findTranslation } from "./translations.ts";
import { isDecisive, isSilent, readSwitch, type Switch, undecidedRest } from "./undecided.ts";

export interface ToldStep extends TranslatedStep {
  notes: readonly Note[];
}

export interface TranslatedActions {
  steps: readonly [ToldStep, ...ToldStep[]];
  /** Keys beside the settings that stand in the configuration now. */
  read: ReadonlySet<string>;
}

/** Undefined where the only action has no counterpart here. Of several, those without one become placeholders among the others. */
export function translateActions(
  [first, ...others]: readonly [RawAction, ...RawAction[]],
  around: Surroundings,
): TranslatedActions | undefined {
  const read = new Set<string>();
  const only = others.length === 0 ? translateAction(first, around, read) : undefined;
  if (others.length === 0) return only && { steps: only, read };
  const one = (action: RawAction) => translateAction(action, around, read) ?? ([toPlaceholder(action)] as const);
  const [head, ...more] = one(first);
  return { steps: [head, ...more, ...others.flatMap(one)], read };
}

function translateAction(action: RawAction, around: Surroundings, read: Set<string>): readonly [ToldStep, ...ToldStep[]] | undefined {
  const reader = readRaw(action.settings, action.beside);
  const made = findTranslation(action.type)?.(reader, around);
  if (!made) return undefined;
  const { type } = made.steps[0];
  const { isOff, notes: aboutSwitch } = tellSwitch(type, readSwitch(reader));
  const unread = reader.unread();
  const decisive = harmless.has(type) ? [] : unread.filter((key) => !isSilent(key) && (everyKeyCounts.has(type) || isDecisive(key)));
  for (const key of Object.keys(action.beside)) if (!unread.includes(key)) read.add(key);
  const [first, ...others] = made.steps.map((step): ToldStep => {
    const { config, notes } = respellNames(step.type, step.config);
    return { ...step, config, notes, ...(isOff && { isOff }) };
  });
  const told = [
    renamed(action.type, made.steps[0].type),
    ...made.notes,
    ...(first?.notes ?? []),
    ...aboutSwitch,
    ...undecidedRest("It", decisive),
    ...ignored(unread.filter((key) => !decisive.includes(key))),
  ];
  return first && [{ ...first, notes: told }, ...others];
}

/** Steps of which each setting says who goes on, and when. */
const everyKeyCounts: ReadonlySet<string> = new Set(["delay", "condition"]);
/** Steps that write to nobody and hold nobody up, and the start, by which nobody enters who was not chosen here. */
const harmless: ReadonlySet<string> = new Set(["start", "end", "webhook"]);

/** What there is to tell of a step that was switched off. The start cannot be. */
export function tellSwitch(type: string, { isOff, unclear }: Switch): { isOff: boolean; notes: Note[] } {
  const question =
    unclear === undefined ? [] : [undecided(`“${unclear}” may switch it off. Here it is on: switch it off where that is meant.`)];
  if (!isOff || type === "start") return { isOff: false, notes: question };
  return {
    isOff: true,
    notes: branching.has(type)
      ? [
          undecided(
            "It was switched off, and is so here. Contacts pass a step that is off by its first exit: see whether that is the way they went.",
          ),
        ]
      : [changed("It was switched off, and is so here. Contacts pass it, and nothing of it happens.")],
  };
}
const branching: ReadonlySet<string> = new Set(["condition", "split", "wait_for_reply", "wait_until", "time_window"]);

function renamed(from: string, to: string): Note {
  const label = findDefinition(to)?.label ?? to;
  return from === to
    ? changed(`The settings of “${label}” are spelled otherwise here.`)
    : changed(`It is called “${label}” here.`, from, to);
}

/** What is kept and read by nothing. */
export const ignored = (keys: readonly string[]): Note[] =>
  keys.length === 0 ? [] : [withoutEffect(`Nothing here reads: ${keys.slice(0, 20).join(", ")}${keys.length > 20 ? " …" : ""}.`)];

export const toPlaceholder = (action: RawAction): ToldStep => ({
  type: action.type.slice(0, 100) || "unknown",
  config: { ...action.beside, ...action.settings },
  notes: [placeholder(action.type)],
});

export const placeholder = (type: string): Note =>
  choice(
    `${type === "" ? "It does not say what it does." : `There is no step like “${type.slice(0, 100)}” here.`} It is kept as it came in, and keeps the flow from being published: replace or delete it.`,
  );
