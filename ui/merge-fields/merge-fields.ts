import type { MergeField } from "#contract/template.ts";

/** A field that can be put into a text, with what is known of it. */
export interface MergeFieldOption {
  /** The name as it stands between the braces. */
  path: string;
  label: string;
  group: string;
  kind: "text" | "number" | "boolean" | "date" | "choice" | "data";
  /** Its value for the contact of the preview, as it is stored. */
  value?: string;
  /** How often it has no value, in words: "missing for 12 %". A field without this is always there. */
  missing?: string;
  /** What else is good to know: "set on every way to this step". */
  note?: string;
}

/** The fields that a text may hold. */
export interface MergeFields {
  options: readonly MergeFieldOption[];
  status: "pending" | "error" | "ready";
  retry(): void;
  /** Of whom the figures are, where not of all contacts: "Counted over the 10,000 newest contacts". */
  counted?: string;
  /** The field that a name means, by whatever spelling of it. */
  find(path: readonly string[]): MergeFieldOption | undefined;
  /** The name that was probably meant by one that can hardly have a value. */
  suggest(field: MergeField): string | undefined;
}

export const noMergeFields: MergeFields = {
  options: [],
  status: "ready",
  retry: () => {},
  find: () => undefined,
  suggest: () => undefined,
};

/** What is proposed to stand in for a missing value. */
export const proposedDefault = (path: string): string => (["firstname", "name"].includes(path) ? "there" : "");

/** The options that fit what was typed, those first whose name begins with it. */
export function matchingOptions(options: readonly MergeFieldOption[], typed: string): MergeFieldOption[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return [...options];
  const rank = ({ label, path }: MergeFieldOption): number => {
    const [name, own] = [label.toLowerCase(), path.toLowerCase()];
    if (own === wanted) return 0;
    if (name.startsWith(wanted) || own.startsWith(wanted)) return 1;
    return name.includes(wanted) || own.includes(wanted) ? 2 : 3;
  };
  return options
    .map((option) => ({ option, place: rank(option) }))
    .filter(({ place }) => place < 3)
    .sort((a, b) => a.place - b.place)
    .map(({ option }) => option);
}
