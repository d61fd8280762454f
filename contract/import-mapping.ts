import { contactFields, exportedFields, fileName, importableFields } from "./contact-fields.ts";
import { type ConsentTarget, consentInHeader, isConsentTarget, readConsents, refusalTargets } from "./csv/consent.ts";
import { unguarded } from "./csv/formula-guard.ts";
import { headerText, plainWords } from "./csv/headers.ts";
import type { ImportColumn, ImportTarget } from "./import-settings.ts";

/** Columns that only say what kind of value the next one holds ("Phone 1 - Label"), or nothing at all. */
const labelOfValue = /^(e mail|phone|address|website|relation|event|im|custom field|organization) \d+ (label|type)$/;

/** The name of a column of mobile numbers, in whatever words: "Téléphone mobile", "Person - Phone - Mobile". */
const isMobileNumber = (name: string): boolean =>
  /(?<!\p{L})(?:sms|mobil\p{L}*|movil|portable|celular|cell|cellphone|cellulare|handy\p{L}*|gsm|komorkowy|telemovel)(?!\p{L})/u.test(
    name,
  ) && !/(?<!\p{L})(?:app|os|device|provider|carrier|network|country|type|label|operator|plan|anbieter|netz)(?!\p{L})/u.test(name);

/** Without the words that say whose value it is, or which of several: "Person - Email - Work", "Client Name", "Phone (home)". */
const withoutWhose = (name: string): string =>
  name
    .replace(/^(?:primary contact|person|client|customer|contact|billing|patient|guest|member|student|kunde|kunden|cliente)s? (?=.)/, "")
    .replace(/^(?:primary|main) (?=.)/, "")
    .replace(/(?<=.) (?:work|home|other|primary|main|private|privat|geschaftlich|dienstlich|address home|address work)$/, "");

/**
 * Guesses the target of each column of a file. A guess drops nobody's data: a column that is not recognised is kept under
 * its own name. Of several columns for one field, the one whose name stands first in the field's `headers` gets it. Every
 * column that speaks of consent is taken as such, unless most of its values say something else than yes, no or a date.
 */
export function guessColumns(header: readonly string[], rows: readonly (readonly string[])[] = []): ImportColumn[] {
  if (isOwnExport(header)) return header.map((cell) => ({ header: headerText(cell), target: ownTarget(cell) }));
  const names = header.map(plainWords);
  const targets = names.map((name, index): ImportTarget => {
    if (labelOfValue.test(name)) return "ignore";
    const consent = consentInHeader(header[index] ?? "");
    return consent !== undefined && isConsentTarget(consent) && answers(consent, index) ? consent : "metadata";
  });
  for (const field of importableFields) {
    const found = field === "phone" ? (findMobile() ?? find(field, names)) : find(field, names);
    const taken = found ?? find(field, names.map(withoutWhose)) ?? find(field, names, isNumberByName);
    if (taken !== undefined) targets[taken] = fileName(field);
  }
  partNames(names, targets);
  return header.map((cell, index) => ({ header: headerText(cell), target: targets[index] ?? "metadata" }));

  /** The column that is not taken yet and has the best of the field's names. */
  function find(field: (typeof importableFields)[number], among: readonly string[], may = fits): number | undefined {
    return contactFields[field].headers
      .map((name) => among.findIndex((candidate, index) => candidate === name && targets[index] === "metadata" && may(field, index)))
      .find((index) => index >= 0);
  }

  /** The first column of mobile numbers: text messages reach no landline, whatever stands before it. */
  function findMobile(): number | undefined {
    const index = names.findIndex((name, at) => targets[at] === "metadata" && isMobileNumber(name) && fits("phone", at));
    return index < 0 ? undefined : index;
  }

  /** A column of numbers has the digits of a number in most of what is filled in: "Mobile" may be a device. */
  function fits(field: (typeof importableFields)[number], index: number): boolean {
    if (field !== "phone") return true;
    const values = rows.flatMap((cells) => cells[index]?.trim() || []);
    return values.filter((value) => /(?:\p{Nd}\P{Nd}{0,3}){5}/u.test(value)).length * 2 >= values.length;
  }

  /** A column whose name says that it has numbers is taken without a usable one in it, so that each unusable value is told. */
  function isNumberByName(_field: (typeof importableFields)[number], index: number): boolean {
    const name = names[index] as string;
    return !isMobileNumber(name) || /(?:number|nummer|numero)/.test(name);
  }

  /** Whether most values of the column answer yes, no or when. Few that do not are told by their rows. */
  function answers(target: ConsentTarget, index: number): boolean {
    const values = rows.flatMap((cells) => cells[index]?.trim() || []);
    return values.filter((value) => readConsents(target, value) === undefined).length * 2 <= values.length;
  }
}

/** What stands for a whole name alone, and for the last name beside a column of first names: "Vorname;Name". */
const lastBesideFirst: ReadonlySet<string> = new Set(["name", "naam"]);
/** What stands for a whole name alone, and for the first name beside a column of last names: "Nome;Cognome". */
const wholeAlone: ReadonlySet<string> = new Set(["nome"]);

/** A word may mean one part of a name or the whole of it. The other columns say which. */
function partNames(names: readonly string[], targets: ImportTarget[]): void {
  const [first, last, whole] = (["firstname", "lastname", "name"] as const).map((target) => targets.indexOf(target)) as [
    number,
    number,
    number,
  ];
  if (first >= 0 && last < 0 && whole >= 0 && lastBesideFirst.has(names[whole] as string)) targets[whole] = "lastname";
  else if (first >= 0 && last < 0 && whole < 0 && wholeAlone.has(names[first] as string)) targets[first] = "name";
}

const ownNames: ReadonlySet<string> = new Set(exportedFields.map(fileName));
const ownOnly = ["conversation_status", ...refusalTargets];
const alwaysExported = ["id", "firstname", "lastname", "phone_number"];

/** Our own export has our ids, and names that no other system gives its columns. */
export const isOwnExport = (header: readonly string[]): boolean =>
  alwaysExported.every((name) => header.includes(name)) && ownOnly.some((name) => header.includes(name));

const ownPrefix = "metadata.";

/** The header of a custom field in our export: its own name, unless that is the name of a column of ours. */
export const ownHeader = (field: string): string =>
  ownNames.has(field) || field === "id" || field === "metadata" || field === "" || field.startsWith(ownPrefix)
    ? `${ownPrefix}${field}`
    : field;

/** The column or custom field that a header of our own export names. */
export function ownName(header: string): string {
  const name = unguarded(header);
  return name.startsWith(ownPrefix) ? name.slice(ownPrefix.length) : name;
}

function ownTarget(cell: string): ImportTarget {
  if (cell === "id") return "contact_id";
  if (cell === "created_at" || cell === "updated_at") return "ignore";
  return ownNames.has(cell) ? (cell as ImportTarget) : "metadata";
}
