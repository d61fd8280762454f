import { splitField } from "#contract/field-path.ts";
import { isForbiddenName } from "#contract/paths.ts";
import type { MergeField } from "#contract/template.ts";
import { parseTemplate } from "#contract/template.ts";
import type { ChunkContact, TextSource } from "../execution/chunk.ts";
import type { MessageDraft } from "../flow/node-executor.ts";

/** The merge fields of a message. */
const fieldsOf = ({ subject = "", text, html = "" }: MessageDraft): MergeField[] =>
  [subject, text, html].flatMap((part) => parseTemplate(part).fields);

type Values = Record<string, unknown>;

/**
 * Gives values to fields of a message that nobody has given any: `{{ variables.code }}` reads "‹code›". `covers` says which.
 * A field that is written as a date or a number gets one, because a word would not be written.
 */
export function withStandIns(draft: MessageDraft, source: TextSource, covers: (field: MergeField) => boolean): TextSource {
  const trigger: Values = {};
  const variables: Values = {};
  const outputs: Values = {};
  const metadata: Values = { ...source.memory.contact?.fields.metadata };
  const inputs: Values = {};
  const ours: Ours = new Set();
  for (const field of fieldsOf(draft).filter(covers)) {
    const [first = "", ...rest] = field.path[0] === "contact" ? field.path.slice(1) : field.path;
    const room = { trigger, variables, input: inputs, steps: outputs, custom: metadata, metadata }[first];
    const value = standIn(field);
    if (room && rest.length > 0) put(room, rest, value, ours);
    // A name alone is a variable or a custom field; both read it.
    else if (rest.length === 0) put(metadata, [first], value, ours);
  }
  const { contact } = source.memory;
  return {
    ...source,
    row: { trigger },
    memory: {
      variables: withInputs(variables, inputs),
      outputs,
      contact: contact && { ...contact, fields: { ...contact.fields, metadata } },
    },
  };
}

/** Puts values where earlier steps and the start of the flow would have left them. A name alone is a variable. */
export function withGiven(source: TextSource, values: Readonly<Record<string, string>>): TextSource {
  const [trigger, variables, outputs]: [Values, Values, Values] = [{}, {}, {}];
  const inputs: Values = {};
  const ours: Ours = new Set();
  for (const [name, value] of Object.entries(values)) {
    const [first = "", ...rest] = splitField(name);
    if ([first, ...rest].some(isForbiddenName)) continue;
    const room = { trigger, variables, input: inputs, steps: outputs }[first];
    if (room && rest.length > 0) put(room, rest, value, ours);
    else if (rest.length === 0) put(variables, [first], value, ours);
  }
  return { ...source, row: { trigger }, memory: { ...source.memory, variables: withInputs(variables, inputs), outputs } };
}

/** What the flow asks for is kept among the variables. */
const withInputs = (variables: Values, inputs: Values): Values =>
  Object.keys(inputs).length === 0 ? variables : { ...variables, input: inputs };

function standIn({ path, filters }: MergeField): string | number {
  if (filters.some(({ name }) => name === "date")) return new Date().toISOString();
  if (filters.some(({ name }) => name === "number")) return 1234;
  return `‹${String(path.at(-1)).replaceAll("_", " ")}›`;
}

/** Objects that were made here. Others belong to a contact and are copied before they are changed, once and not for every value. */
type Ours = Set<object>;

/** Puts a value at a path, unless a name on the way has one already. */
function put(room: Values, [name = "", ...rest]: readonly string[], value: unknown, ours: Ours): void {
  if (rest.length === 0) {
    if (!Object.hasOwn(room, name)) room[name] = value;
    return;
  }
  const inner = Object.hasOwn(room, name) ? room[name] : {};
  if (typeof inner !== "object" || inner === null) return;
  const own = ours.has(inner) ? (inner as Values) : { ...(inner as Values) };
  ours.add(own);
  put(own, rest, value, ours);
  room[name] = own;
}

/** Somebody who has everything, for those who have no contacts yet. */
export const sampleContact = (): ChunkContact => ({
  fields: {
    id: "00000000-0000-4000-8000-000000000000",
    name: "Alex Sample",
    firstname: "Alex",
    lastname: "Sample",
    email: "alex@example.com",
    phone_number: "+12025550123",
    phone_e164: "+12025550123",
    lead_status: "New",
    conversation_status: "New",
    time_zone: null,
    metadata: {},
    sms_opted_out: false,
    email_opted_out: false,
    dnc: false,
    created_at: new Date(),
    updated_at: new Date(),
  },
  version: "",
  phoneCountry: "US",
  suppressedSms: null,
  suppressedEmail: null,
  refusedBefore: { sms: null, email: null },
});
