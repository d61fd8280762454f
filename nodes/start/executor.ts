import { type FlowInput, type InputValue, isContactField, isNothing, readInputValue } from "#contract/flow-inputs.ts";
import type { NodeExecutor } from "#engine/flow/node-executor.ts";
import { NonRetriableError, next, setVariables } from "#engine/flow/node-executor.ts";
import type { start } from "./definition.ts";

/** The name of the variable that holds them, by which texts read `input.amount`. */
const held = "input";

/**
 * Takes what the flow asks for, once for each contact, so that it stays what it was when the contact came in. Nothing else is left to
 * decide: the rule by which contacts enter was applied when the contact was enrolled.
 */
export const executeStart: NodeExecutor<typeof start> = ({ config, read, given = {} }) => {
  const inputs = config.inputs ?? [];
  if (inputs.length === 0) return next();
  const values: Record<string, InputValue> = {};
  const standIns: string[] = [];
  const without: string[] = [];
  for (const input of inputs) {
    const { value, isStandIn } = takeOne(input, { read, given });
    if (value === undefined) without.push(input.name);
    else values[input.name] = value;
    if (isStandIn) standIns.push(input.name);
  }
  const lacking = inputs.filter(({ name, required }) => required && without.includes(name)).map(({ label }) => `“${label}”`);
  if (lacking.length > 0) {
    throw new NonRetriableError(`The flow needs ${lacking.join(", ")}, and nothing that fits was given or stands there.`, "input_missing");
  }
  return setVariables({ [held]: values }, { ...(standIns.length > 0 && { standIns }), ...(without.length > 0 && { without }) });
};

interface Sources {
  read(field: string): unknown;
  given: Readonly<Record<string, unknown>>;
}

/** The value of this contact, or that of the send, or what another flow handed over, or the default. */
function takeOne(input: FlowInput, { read, given }: Sources): { value: InputValue | undefined; isStandIn: boolean } {
  const ofContact = read(`${held}.${input.name}`);
  if (!isNothing(ofContact)) return { value: ofContact as InputValue, isStandIn: false };
  const ofSend = Object.hasOwn(given, input.name) ? given[input.name] : undefined;
  const handed = isNothing(ofSend) ? read(`trigger.${input.name}`) : ofSend;
  const first = takeFrom(input, handed, read);
  if (first !== undefined) return { value: first, isStandIn: false };
  const fallback = isPlace(ofSend) ? fitting(input, ofSend.fallback) : undefined;
  const value = fallback ?? takeFrom(input, input.default, read);
  return { value, isStandIn: value !== undefined && !isNothing(handed) };
}

const isPlace = (value: unknown): value is { field: string; fallback?: unknown } =>
  typeof value === "object" && value !== null && "field" in value && typeof value.field === "string";

/** What stands in the field, where it names one, or else the value itself. */
function takeFrom(input: FlowInput, given: unknown, read: Sources["read"]): InputValue | undefined {
  if (isPlace(given)) return fitting(input, read(given.field));
  if (input.type === "contact_field" && typeof given === "string" && isContactField(given)) return fitting(input, read(given));
  return fitting(input, given);
}

/** What is read for a field chosen at launch is a text, whatever it is. */
function fitting(input: FlowInput, value: unknown): InputValue | undefined {
  if (isNothing(value)) return undefined;
  return readInputValue(input.type === "contact_field" ? { type: "text" } : input, value).value;
}
