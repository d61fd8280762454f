import { type Exclusions, mostExcludedDays, Narrowing, narrowsNothing, plainNarrowing } from "#contract/who-not.ts";
import { upperFirst } from "#ui/format.ts";
import { exclusionWords } from "#web/entities/sends/who-not-words.ts";

/** The exclusions that count days. */
export type DaysKey = Exclude<keyof Exclusions, "inAnotherFlow" | "contacts">;

/** What was chosen and typed. Of what counts days: undefined where it is not asked, null while the field is empty. */
export interface WhoNotDraft extends Partial<Record<DaysKey, number | null>> {
  inAnotherFlow: boolean;
  /** The contacts that were taken out one by one. */
  contacts?: readonly string[] | undefined;
  /** Undefined: there is none. */
  condition: unknown;
}

export interface WhoNot {
  draft: WhoNotDraft;
  /** Whom the send leaves out; null while something typed is not allowed. */
  narrowing: Narrowing | null;
  /** What is wrong, by its place: "exclude.messagedDays", "condition.tests.0.value". */
  problems: ReadonlyMap<string, string>;
}

export function readWhoNot(draft: WhoNotDraft): WhoNot {
  const { inAnotherFlow, contacts, condition, ...days } = draft;
  const asked = Object.entries(days).filter(([, value]) => value !== undefined);
  const read = Narrowing.safeParse({
    exclude: { ...Object.fromEntries(asked), inAnotherFlow, ...(contacts && { contacts }) },
    ...(condition !== undefined && { condition }),
  });
  if (read.success) return { draft, narrowing: plainNarrowing(read.data), problems: new Map() };
  const problems = new Map<string, string>();
  for (const { path, message } of read.error.issues) {
    const place = path.join(".");
    if (!problems.has(place)) problems.set(place, path[0] === "exclude" ? `Type a number of days from 1 to ${mostExcludedDays}` : message);
  }
  return { draft, narrowing: null, problems };
}

export const nobodyLeftOut: WhoNot = { draft: { inAnotherFlow: false, condition: undefined }, narrowing: {}, problems: new Map() };

/** Whom the send leaves out, in one line. */
export function whoNotSummary({ narrowing }: WhoNot): string {
  if (narrowing === null) return "Something is missing";
  if (narrowsNothing(narrowing)) return "Everybody chosen gets it";
  const parts = [...exclusionWords(narrowing.exclude ?? {}), ...(narrowing.condition ? ["only who meets a condition"] : [])];
  return upperFirst(parts.join(", "));
}
