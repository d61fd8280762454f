import { readOwnPath } from "./paths.ts";

const longestKey = 40;
const letters: Record<string, string> = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ł: "l", þ: "th", ı: "i" };

/**
 * The key by which a flow may name a custom field that is called by its label: "Company Name" is `company_name`, "Straße"
 * is `strasse`, "2nd phone" is `field_2nd_phone`. Undefined where the label holds nothing that such a key is made of, as "会社名" does; it is named in brackets.
 */
export function customKey(label: string): string | undefined {
  const key = label
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[ßæœøđðłþı]/g, (letter) => letters[letter] as string)
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+/, "")
    .replace(/^(?=\d)/, "field_")
    .slice(0, longestKey)
    .replace(/_+$/, "");
  return key === "" ? undefined : key;
}

type Metadata = Readonly<Record<string, unknown>>;

/** The labels of each contact's custom fields by their keys. A pass reads many fields of the same contact. */
const labelsByKey = new WeakMap<Metadata, ReadonlyMap<string, readonly string[]>>();

function labelsOf(metadata: Metadata): ReadonlyMap<string, readonly string[]> {
  const known = labelsByKey.get(metadata);
  if (known) return known;
  const labels = new Map<string, string[]>();
  for (const label of Object.keys(metadata)) {
    const key = customKey(label);
    if (key === undefined) continue;
    const others = labels.get(key);
    if (others) others.push(label);
    else labels.set(key, [label]);
  }
  labelsByKey.set(metadata, labels);
  return labels;
}

/**
 * The custom field of a contact that a name means: the one that is called exactly so, or else the one whose key it is.
 * Undefined where two fields have that key, because neither may be guessed.
 */
export function findCustomField(metadata: Metadata, name: string): string | undefined {
  if (Object.hasOwn(metadata, name)) return name;
  const labels = labelsOf(metadata).get(name) ?? [];
  return labels.length === 1 ? labels[0] : undefined;
}

/** The value of `custom.<name>` and what is below it. */
export function readCustomField(metadata: Metadata, [name, ...rest]: readonly string[]): unknown {
  const label = name === undefined ? undefined : findCustomField(metadata, name);
  return label === undefined ? undefined : readOwnPath(metadata, [label, ...rest]);
}
