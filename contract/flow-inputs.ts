import { z } from "zod";
import { contactNames } from "./contact-fields.ts";
import { GivenDay } from "./date-bounds.ts";
import { splitField } from "./field-path.ts";
import { foldName } from "./fold.ts";
import { isForbiddenName } from "./paths.ts";
import { requiredText } from "./required-text.ts";
import { unstorablePart } from "./storable.ts";

/** The kinds of values that a flow may ask for when it is sent. */
export const inputTypes = ["text", "number", "date", "choice", "yes_no", "contact_field"] as const;
export type InputType = (typeof inputTypes)[number];

export const inputLimits = { inputs: 20, choices: 50, label: 100, help: 300, text: 2_000 } as const;

export type InputValue = string | number | boolean;
const Given = z.union([z.string(), z.number(), z.boolean()]);

/** Texts read the value as {{ input.name }}. */
const Name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, "A name has up to 40 small letters, digits and underscores, and begins with a letter")
  .refine((name) => !isForbiddenName(name), "This name is reserved");

/**
 * A value that a flow asks for when it is sent. `contact_field`: whoever sends chooses a field, and the value is what stands in
 * it for each contact.
 */
export const FlowInput = z
  .strictObject({
    name: Name,
    label: requiredText(inputLimits.label, "Needed"),
    help: z.string().max(inputLimits.help).optional(),
    type: z.enum(inputTypes),
    required: z.boolean().default(false),
    /** What may be chosen, of a choice. */
    choices: z.array(requiredText(200, "Needed")).max(inputLimits.choices).optional(),
    /** What it is where nothing is given; of a field, its name. */
    default: Given.optional(),
  })
  .superRefine((input, context): void => {
    const tell = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
    if (input.type === "choice") {
      if ((input.choices ?? []).length === 0) tell(["choices"], "A choice needs at least one value to choose");
      const seen = new Set<string>();
      (input.choices ?? []).forEach((choice, index) => {
        const folded = foldName(choice);
        if (seen.has(folded)) tell(["choices", index], `“${choice}” is there already`);
        seen.add(folded);
      });
    }
    if (input.default === undefined || input.default === "") return;
    const read = readInputValue(input, input.default);
    if (read.problem !== undefined) tell(["default"], read.problem);
  });
export type FlowInput = z.infer<typeof FlowInput>;

export const FlowInputs = z
  .array(FlowInput)
  .max(inputLimits.inputs, `A flow asks for ${inputLimits.inputs} values at most`)
  .superRefine((inputs, context): void => {
    const seen = new Set<string>();
    inputs.forEach(({ name }, index) => {
      if (seen.has(name)) context.addIssue({ code: "custom", path: [index, "name"], message: `Another value has the name “${name}”` });
      seen.add(name);
    });
  });

/** Whether a name is that of a field in which a contact can have a value. */
export function isContactField(field: string): boolean {
  if (contactNames.includes(field)) return true;
  const [first, ...rest] = splitField(field);
  return (first === "custom" || first === "metadata") && rest.length > 0 && rest.every((name) => name !== "" && !isForbiddenName(name));
}

export type ReadValue = { value: InputValue; problem?: undefined } | { problem: string; value?: undefined };

/** Whether nothing was given. A yes or no is never nothing. */
export const isNothing = (given: unknown): boolean =>
  given === undefined || given === null || (typeof given === "string" && given.trim() === "");

const cut = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/**
 * Reads a value as one that an input takes: as it was typed, pasted from a sheet, sent by a program, or as it stands in a field of
 * a contact. The browser and the server read it by this.
 */
export function readInputValue(input: Pick<FlowInput, "type" | "choices">, given: unknown): ReadValue {
  const plain = given instanceof Date && !Number.isNaN(given.getTime()) ? given.toISOString() : given;
  if (typeof plain !== "string" && typeof plain !== "number" && typeof plain !== "boolean") return { problem: "This is no single value" };
  const text = String(plain).trim();
  if (text === "") return { problem: "Needed" };
  if (text.length > inputLimits.text) return { problem: `At most ${inputLimits.text.toLocaleString("en")} characters` };
  if (unstorablePart(text) !== undefined) return { problem: "It holds a character that cannot be stored" };
  switch (input.type) {
    case "text":
      return { value: text };
    case "number":
      return readNumber(typeof plain === "boolean" ? undefined : plain, text);
    case "date":
      return readDay(text);
    case "choice": {
      const choices = input.choices ?? [];
      const found = choices.find((choice) => choice === text) ?? choices.find((choice) => foldName(choice) === foldName(text));
      return found === undefined ? { problem: `“${cut(text)}” is none of the choices` } : { value: found };
    }
    case "yes_no":
      return readYesNo(text);
    case "contact_field":
      return isContactField(text) ? { value: text } : { problem: `“${cut(text)}” is not a field of a contact` };
  }
}

const number = /^[+-]?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d{1,15})?$/;

function readNumber(given: string | number | undefined, text: string): ReadValue {
  if (typeof given === "number") return Number.isFinite(given) ? { value: given } : { problem: "This is not a number" };
  if (given !== undefined && number.test(text)) return { value: Number(text.replaceAll(",", "")) };
  const isOtherWay = /^[+-]?\d+,\d+$/.test(text);
  return { problem: `“${cut(text)}” is not a number${isOtherWay ? ". Write it with a point, as in 1.5" : ""}` };
}

/** A moment, as many fields hold one, is its day. */
function readDay(text: string): ReadValue {
  const day = /^\d{4}-\d{2}-\d{2}(?=$|[T ])/.exec(text)?.[0];
  if (day !== undefined && GivenDay.safeParse(day).success) return { value: day };
  return { problem: `“${cut(text)}” is not a date. Write it as 2026-12-31` };
}

function readYesNo(text: string): ReadValue {
  const word = text.toLowerCase();
  if (["yes", "true", "1", "y"].includes(word)) return { value: true };
  if (["no", "false", "0", "n"].includes(word)) return { value: false };
  return { problem: `“${cut(text)}” is neither yes nor no` };
}

/** A value of the type, for who only looks at a flow. */
export function sampleOf({ type, choices, label }: FlowInput): InputValue {
  switch (type) {
    case "number":
      return 1234;
    case "date":
      return new Date().toISOString().slice(0, 10);
    case "choice":
      return choices?.[0] ?? `‹${label}›`;
    case "yes_no":
      return true;
    default:
      return `‹${label}›`;
  }
}
