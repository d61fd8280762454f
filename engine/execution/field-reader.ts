import { contactName, flowFields, spellings } from "#contract/contact-fields.ts";
import { readOwnPath } from "#contract/paths.ts";
import type { ContactFields, WorkspaceFields } from "../flow/node-executor.ts";
import type { ChunkExecution } from "./chunk.ts";

export interface FieldSources {
  contact: ContactFields;
  trigger: Readonly<Record<string, unknown>>;
  workspace: WorkspaceFields;
  variables: Readonly<Record<string, unknown>> | null;
  outputs: Readonly<Record<string, unknown>> | null;
}

/** The data that an execution may read. `contact` is passed apart, because an effect may read a fresher one. */
export function sourcesOf(
  { send, row: { trigger }, memory: { variables, outputs } }: ChunkExecution,
  contact: ContactFields,
): FieldSources {
  return { contact, trigger, workspace: send.workspace, variables, outputs };
}

type ReadColumn = (contact: ContactFields) => unknown;
const column = (name: string): ReadColumn => {
  const key = name as keyof ContactFields;
  return (contact) => contact[key];
};

/** The names by which a flow may read a column of the contact, with the spellings that people know from other products. */
const columns: Record<string, ReadColumn> = {
  ...Object.fromEntries(["id", ...flowFields].map((name) => [name, column(name)])),
  ...Object.fromEntries(spellings.map(([spelling, field]) => [spelling, column(field)])),
  phone: (contact) => contact.phone_e164 ?? contact.phone_number,
  // As every table shows it: a contact with only a first and a last name has a name too.
  name: contactName,
  full_name: contactName,
};

/**
 * The value of `firstname`, `contact.firstname`, `metadata.plan`, `contact.metadata.plan`, `variables.code`,
 * `steps.order.total`, `trigger.order.id` or `workspace.name`. A bare name that is no column is a field of metadata, and
 * else a variable. Only what the data itself holds is found, never what it inherits from the language.
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
    case "steps":
      return readOwnPath(sources.outputs, rest);
    case "contact":
      return rest[0] === "contact" ? undefined : readContact(sources.contact, rest);
    default:
      if (rest.length > 0 || first === "metadata" || Object.hasOwn(columns, first)) return readContact(sources.contact, path);
      return readOwnPath(sources.contact.metadata, path) ?? readOwnPath(sources.variables, path);
  }
}

function readContact(contact: ContactFields, path: readonly string[]): unknown {
  const [first = "", ...rest] = path;
  if (first === "metadata") return readOwnPath(contact.metadata, rest);
  if (rest.length > 0 || !Object.hasOwn(columns, first)) return undefined;
  return columns[first]?.(contact);
}
