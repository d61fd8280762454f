import { findDefinition } from "../definitions.ts";
import { readRaw } from "./raw-values.ts";
import type { RawAction } from "./read-step.ts";
import { respellNames } from "./respell.ts";
import { changed, choice, type Note, type Surroundings, type TranslatedStep, withoutEffect } from "./translation.ts";
import { findTranslation } from "./translations.ts";

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
  const unread = reader.unread();
  for (const key of Object.keys(action.beside)) if (!unread.includes(key)) read.add(key);
  const [first, ...others] = made.steps.map((step): ToldStep => {
    const { config, notes } = respellNames(step.type, step.config);
    return { ...step, config, notes };
  });
  const told = [renamed(action.type, made.steps[0].type), ...made.notes, ...(first?.notes ?? []), ...ignored(unread)];
  return first && [{ ...first, notes: told }, ...others];
}

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
