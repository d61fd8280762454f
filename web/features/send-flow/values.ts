import { type FlowInput, isNothing } from "#contract/flow-inputs.ts";
import { judgeLaunch } from "#contract/judge-launch.ts";
import type { Launch } from "#contract/launch-values.ts";
import { plural } from "#ui/format.ts";

/** What was typed for one value: one for all contacts, or a field of each with what stands in for it. */
export interface TypedValue {
  way: "all" | "field";
  text: string;
  field: string;
  fallback: string;
}

/** What was typed for the values of a flow. `rows`: null while all contacts have the same ones. */
export interface ValuesDraft {
  typed: Readonly<Record<string, TypedValue>>;
  rows: Readonly<Record<string, Readonly<Record<string, string>>>> | null;
}

export const noValues: ValuesDraft = { typed: {}, rows: null };

export const typedFor = ({ typed }: ValuesDraft, input: FlowInput): TypedValue =>
  typed[input.name] ?? {
    way: input.type === "contact_field" ? "field" : "all",
    text: "",
    field: input.type === "contact_field" ? String(input.default ?? "") : "",
    fallback: "",
  };

export interface ReadValues {
  /** What is given; null while something typed cannot be taken or something needed is missing. */
  launch: Launch | null;
  /** What is wrong, by its place: "values.amount", "rows.<contact>.amount". */
  problems: ReadonlyMap<string, string>;
}

/** Reads what was typed by the rules of the server. A field left empty is not given. */
export function readValues(inputs: readonly FlowInput[], draft: ValuesDraft, ids: readonly string[] | null): ReadValues {
  const values: NonNullable<Launch["values"]> = {};
  for (const input of inputs) {
    const { way, text, field, fallback } = typedFor(draft, input);
    if (way === "all" && !isNothing(text)) values[input.name] = text;
    if (way === "field" && field !== "") values[input.name] = { field, ...(!isNothing(fallback) && { fallback }) };
  }
  const inRows = inputs.filter(({ type }) => type !== "contact_field");
  const rows = ids && draft.rows ? ids.map((contactId) => ({ contactId, values: valuesOfRow(draft.rows?.[contactId], inRows) })) : [];
  const contactValues = rows.filter((row) => Object.keys(row.values).length > 0);
  const launch: Launch = {
    ...(Object.keys(values).length > 0 && { values }),
    ...(contactValues.length > 0 && { contactValues }),
    seenInputs: [...inputs],
  };
  const found = judgeLaunch(inputs, { values, contactValues: rows, ids: ids ?? undefined }).problems;
  const problems = new Map<string, string>();
  for (const { path, message } of found) {
    const place = placeOf(path, rows);
    if (!problems.has(place)) problems.set(place, withoutLabel(message, inputs));
  }
  return { launch: problems.size === 0 ? launch : null, problems };
}

const valuesOfRow = (row: Readonly<Record<string, string>> | undefined, inputs: readonly FlowInput[]): Record<string, string> =>
  Object.fromEntries(inputs.flatMap(({ name }) => (isNothing(row?.[name]) ? [] : [[name, row?.[name] as string]])));

/** Rows are told by their contacts, because only some of them are sent. */
function placeOf(path: string, rows: readonly { contactId: string }[]): string {
  const [, index, name] = /^contactValues\.(\d+)\.(?:values\.)?(.+)$/.exec(path) ?? [];
  return index === undefined ? path : `rows.${rows[Number(index)]?.contactId}.${name}`;
}

/** Beside its field a problem need not name it. */
function withoutLabel(message: string, inputs: readonly FlowInput[]): string {
  for (const { label } of inputs) {
    if (message.startsWith(`${label}: `)) return message.slice(label.length + 2).replace(/^./, (first) => first.toUpperCase());
    if (message === `${label} is needed`) return "Needed";
  }
  return message;
}

/** What is given, in one line. */
export function valuesSummary(inputs: readonly FlowInput[], draft: ValuesDraft, { launch }: ReadValues): string {
  if (launch === null) return "Something is missing";
  const parts = inputs.flatMap((input) => {
    const { way, text, field } = typedFor(draft, input);
    if (way === "field") return field === "" ? [] : [`${input.label}: from each contact`];
    const shown = isNothing(text) ? String(input.default ?? "") : text;
    return shown === "" ? [] : [`${input.label}: ${shown.length > 30 ? `${shown.slice(0, 30)}…` : shown}`];
  });
  const own = launch.contactValues?.length ?? 0;
  return [...parts, ...(own > 0 ? [`${plural(own, "contact")} with values of their own`] : [])].join(" · ") || "Nothing is given";
}

/** Splits what was copied from a spreadsheet. A cell of several lines stands in quotes there. */
export function pastedCells(text: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/gy;
  const clean = text.replace(/(\r\n|\n|\r)$/, "");
  for (let found = cell.exec(clean); found; found = cell.exec(clean)) {
    const [, quoted, plain = "", end] = found;
    rows.at(-1)?.push((quoted?.replaceAll('""', '"') ?? plain).trim());
    if (end === "") break;
    if (end !== "\t") rows.push([]);
  }
  return rows;
}
