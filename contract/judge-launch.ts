import type { Problem } from "./api-errors.ts";
import { type FlowInput, type InputValue, isContactField, isNothing, readInputValue } from "./flow-inputs.ts";
import { type FromField, isFromField, type Launch, mostOwnValues } from "./launch-values.ts";
import { findNearest } from "./nearest-name.ts";

/** A value as a send keeps it. */
export type FrozenValue = InputValue | { field: string; fallback?: InputValue };

/** What was given for a send, read by the types of its flow: for all contacts, and for single ones by their ids. */
export interface FrozenLaunch {
  all: Record<string, FrozenValue>;
  own: ReadonlyMap<string, Record<string, InputValue>>;
}

/** What was handed over with a send, and to whom it goes. */
export interface Given extends Launch {
  /** Values of the same names fill what `values` leaves open. */
  triggerData?: Readonly<Record<string, unknown>> | undefined;
  /** The ids that were chosen; undefined where contacts were chosen by a filter. */
  ids?: readonly string[] | undefined;
}

/** So many problems are told of one send. */
const mostProblems = 1_000;

type Tell = (path: string, message: string, code: "wrong_value" | "unknown_value" | "value_needed" | "not_selected") => void;

/**
 * Judges the values of a send by what its flow asks for. Everything that is wrong is told at once, each at its place in the request.
 * The dialog and the server judge by this.
 */
export function judgeLaunch(inputs: readonly FlowInput[], given: Given): { frozen: FrozenLaunch; problems: Problem[] } {
  const problems: Problem[] = [];
  const tell: Tell = (path, message, code) => {
    if (problems.length < mostProblems) problems.push({ path, message, code });
  };
  const all = readAll(inputs, given, tell);
  const own = readOwn(inputs, given, tell);
  for (const input of inputs) demand(input, { all, own, given, tell });
  return { frozen: { all, own }, problems };
}

function readAll(inputs: readonly FlowInput[], { values = {}, triggerData = {} }: Given, tell: Tell): FrozenLaunch["all"] {
  const all: FrozenLaunch["all"] = {};
  for (const name of Object.keys(values)) {
    if (!inputs.some((input) => input.name === name)) tell(`values.${name}`, unknownName(name, inputs), "unknown_value");
  }
  for (const input of inputs) {
    const { name } = input;
    const isTrigger = isNothing(own(values, name));
    const value = isTrigger ? own(triggerData, name) : own(values, name);
    const path = `${isTrigger ? "triggerData" : "values"}.${name}`;
    if (isNothing(value)) continue;
    const read = isFromField(value) && !isTrigger ? readFromField(input, value, path, tell) : readOne(input, value, path, tell);
    if (read !== undefined) all[name] = read;
  }
  return all;
}

const own = (values: Readonly<Record<string, unknown>>, name: string) => (Object.hasOwn(values, name) ? values[name] : undefined);

function readOne(input: FlowInput, value: unknown, path: string, tell: Tell): FrozenValue | undefined {
  const read = readInputValue(input, value);
  if (read.problem !== undefined) tell(path, `${input.label}: ${read.problem}`, "wrong_value");
  else return input.type === "contact_field" ? { field: String(read.value) } : read.value;
  return undefined;
}

function readFromField(input: FlowInput, { field, fallback }: FromField, path: string, tell: Tell): FrozenValue | undefined {
  if (!isContactField(field)) tell(`${path}.field`, `${input.label}: “${field}” is not a field of a contact`, "wrong_value");
  if (isNothing(fallback)) return { field };
  const read = readInputValue(fallbackOf(input), fallback);
  if (read.problem !== undefined) tell(`${path}.fallback`, `${input.label}: ${read.problem}`, "wrong_value");
  return { field, ...(read.value !== undefined && { fallback: read.value }) };
}

/** What stands in for a missing field is a text and no field again. */
const fallbackOf = (input: FlowInput): Pick<FlowInput, "type" | "choices"> => (input.type === "contact_field" ? { type: "text" } : input);

function readOwn(inputs: readonly FlowInput[], { contactValues = [], ids }: Given, tell: Tell): FrozenLaunch["own"] {
  const byContact = new Map<string, Record<string, InputValue>>();
  if (contactValues.length === 0) return byContact;
  const chosen = ids && new Set(ids.map((id) => id.toLowerCase()));
  if (!chosen || chosen.size > mostOwnValues) {
    const how = chosen ? `Of more than ${mostOwnValues} contacts none` : "Of contacts that are chosen by a filter none";
    tell("contactValues", `${how} can have values of their own. Use a field of the contacts, or choose fewer.`, "not_selected");
    return byContact;
  }
  contactValues.forEach(({ contactId, values }, index) => {
    const id = contactId.toLowerCase();
    const path = `contactValues.${index}`;
    if (!chosen.has(id)) tell(`${path}.contactId`, "This contact is not among those who were chosen", "not_selected");
    if (byContact.has(id)) tell(`${path}.contactId`, "This contact has values already in an earlier row", "wrong_value");
    const row: Record<string, InputValue> = {};
    for (const [name, value] of Object.entries(values)) {
      const input = inputs.find((each) => each.name === name);
      if (!input) tell(`${path}.values.${name}`, unknownName(name, inputs), "unknown_value");
      else if (input.type === "contact_field") {
        if (!isNothing(value)) tell(`${path}.values.${name}`, `${input.label} is read from a field of each contact`, "wrong_value");
      } else if (!isNothing(value)) {
        const read = readInputValue(input, value);
        if (read.problem !== undefined) tell(`${path}.values.${name}`, `${input.label}: ${read.problem}`, "wrong_value");
        else row[name] = read.value;
      }
    }
    byContact.set(id, row);
  });
  return byContact;
}

/** Tells of an input that must have a value whom it has none for. */
function demand(
  input: FlowInput,
  { all, own: byContact, given, tell }: { all: FrozenLaunch["all"]; own: FrozenLaunch["own"]; given: Given; tell: Tell },
): void {
  const { name, label, required } = input;
  if (!required || !isNothing(input.default)) return;
  const value = own(all, name) as FrozenValue | undefined;
  const path = `values.${name}`;
  if (typeof value === "object") {
    if (value.fallback === undefined) tell(`${path}.fallback`, `${label}: say what stands in where the field is empty`, "value_needed");
    return;
  }
  // A value that could not be read was told as such.
  if (value !== undefined || wasGiven(name, given)) return;
  const rows = given.contactValues ?? [];
  if (rows.length === 0 || !given.ids) {
    tell(path, `${label} is needed`, "value_needed");
    return;
  }
  rows.forEach(({ values }, index) => {
    if (isNothing(own(values, name))) tell(`contactValues.${index}.values.${name}`, `${label} is needed`, "value_needed");
  });
  const without = new Set(given.ids.map((id) => id.toLowerCase())).size - byContact.size;
  if (without > 0) tell(path, `${label} is needed for ${without === 1 ? "one more contact" : `${without} more contacts`}`, "value_needed");
}

const wasGiven = (name: string, { values = {}, triggerData = {} }: Given): boolean =>
  !isNothing(own(values, name)) || !isNothing(own(triggerData, name));

function unknownName(name: string, inputs: readonly FlowInput[]): string {
  const near = findNearest(
    name,
    inputs.map((input) => input.name),
  );
  const asked = inputs.length === 0 ? "It asks for none." : `It asks for ${inputs.map((input) => input.name).join(", ")}.`;
  return `The flow asks for no value “${name}”. ${near === undefined ? asked : `Did you mean “${near}”?`}`;
}

/** What a flow asks for otherwise than it did when somebody looked. What it is called and explained by does not count. */
export function changedInputs(seen: readonly FlowInput[], now: readonly FlowInput[]): Problem[] {
  const problems: Problem[] = [];
  const tell = (name: string, message: string) => problems.push({ path: `seenInputs.${name}`, message, code: "input_changed" });
  for (const input of now) {
    const before = seen.find(({ name }) => name === input.name);
    if (!before) tell(input.name, `“${input.label}” was added${input.required ? " and is needed" : ""}.`);
    else if (before.type !== input.type) tell(input.name, `“${input.label}” takes another kind of value.`);
    else if (JSON.stringify(asAsked(before)) !== JSON.stringify(asAsked(input))) tell(input.name, `“${input.label}” was changed.`);
  }
  for (const input of seen) {
    if (!now.some(({ name }) => name === input.name)) tell(input.name, `“${input.label}” is not asked for any more.`);
  }
  return problems;
}

const asAsked = ({ required, choices, default: standard }: FlowInput) => [required, choices ?? [], standard ?? null];
