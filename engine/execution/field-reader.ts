import { contactName, contactNames, spellings } from "#contract/contact-fields.ts";
import { readCustomField } from "#contract/custom-fields.ts";
import { readOwnPath } from "#contract/paths.ts";
import type { ContactFields, WorkspaceFields } from "../flow/node-executor.ts";
import type { TextSource } from "./chunk.ts";

export interface FieldSources {
  contact: ContactFields;
  trigger: Readonly<Record<string, unknown>>;
  workspace: WorkspaceFields;
  variables: Readonly<Record<string, unknown>> | null;
  outputs: Readonly<Record<string, unknown>> | null;
}

/** The data that an execution may read. `contact` is passed apart, because an effect may read a fresher one. */
export function sourcesOf({ send, row: { trigger }, memory: { variables, outputs } }: TextSource, contact: ContactFields): FieldSources {
  return { contact, trigger, workspace: send.workspace, variables, outputs };
}

type ReadColumn = (contact: ContactFields) => unknown;
const spelled = new Map<string, string>(spellings);

function columnOf(name: string): ReadColumn {
  const field = spelled.get(name) ?? name;
  // As every table shows it: a contact with only a first and a last name has a name too.
  if (field === "name") return contactName;
  if (field === "phone") return (contact) => contact.phone_e164 ?? contact.phone_number;
  return (contact) => contact[field as keyof ContactFields];
}

/** The names by which a flow may read a column of the contact, with the spellings that people know from other products. */
const columns: Record<string, ReadColumn> = Object.fromEntries(contactNames.map((name) => [name, columnOf(name)]));

/**
 * The value of `firstname`, `contact.firstname`, `metadata.plan`, `contact.custom.plan`, `variables.code`,
 * `steps.order.total`, `trigger.order.id`, `input.amount` or `workspace.name`. A bare name that is no column is a field of metadata, else a
 * variable, and else the custom field whose key it is. Only what the data itself holds is found, never what it inherits from
 * the language.
 */
export function readField(sources: FieldSources, path: readonly string[]): unknown {
  const [first = "", ...rest] = path;
  switch (first) {
    case "trigger":
      return readOwnPath(sources.trigger, rest);
    case "workspace":
      return rest.length === 1 && rest[0] === "name" ? sources.workspace.name : undefined;
    case "variables":
      return readOwnPath(sources.variables, rest);
    case "input":
      // What was given when the flow was sent is kept among the variables.
      return rest.length === 0 ? readBare(sources, path) : readOwnPath(sources.variables, path);
    case "steps":
      return readOwnPath(sources.outputs, rest);
    case "custom":
      if (rest.length > 0) return readContact(sources.contact, path);
      return readOwnPath(sources.contact.metadata, path) ?? readOwnPath(sources.variables, path);
    case "contact":
      return rest[0] === "contact" ? undefined : readContact(sources.contact, rest);
    default:
      if (rest.length > 0 || first === "metadata" || Object.hasOwn(columns, first)) return readContact(sources.contact, path);
      return readBare(sources, path);
  }
}

const readBare = ({ contact: { metadata }, variables }: FieldSources, path: readonly string[]): unknown =>
  readOwnPath(metadata, path) ?? readOwnPath(variables, path) ?? readCustomField(metadata, path);

function readContact(contact: ContactFields, path: readonly string[]): unknown {
  const [first = "", ...rest] = path;
  if (first === "metadata") return readOwnPath(contact.metadata, rest);
  if (first === "custom") return readCustomField(contact.metadata, rest);
  if (rest.length > 0 || !Object.hasOwn(columns, first)) return undefined;
  return columns[first]?.(contact);
}
