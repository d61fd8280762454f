import { contactNames } from "#contract/contact-fields.ts";
import { splitField, writeFieldPath } from "#contract/field-path.ts";
import { parseTemplate } from "#contract/template.ts";
import { findDefinition } from "../definitions.ts";
import { plainField } from "../values/field-name.ts";
import { isRecord } from "./checked-node.ts";
import { textsAt, valuesAt } from "./texts-at.ts";

/** What of a contact a graph names beyond the columns that every contact has. */
export interface NamedFields {
  /** Custom fields, as paths such as `custom.plan`. */
  fields: string[];
  tags: string[];
}

/** The custom fields and tags that the nodes of a stored graph read or write. A name of no column and no variable is a custom field. */
export function namedFields(nodes: readonly unknown[]): NamedFields {
  const [fields, tags, variables] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const bare = new Set<string>();
  const see = (path: readonly string[]) => {
    const [first = "", second, ...rest] = path[0] === "contact" ? path.slice(1) : path;
    if (second === undefined) {
      if (first !== "" && !contactNames.includes(first)) bare.add(first);
    } else if (first === "custom" || first === "metadata") fields.add(writeFieldPath([first, second, ...rest]));
  };
  for (const node of nodes) {
    const definition = isRecord(node) && typeof node.type === "string" ? findDefinition(node.type) : undefined;
    const config = isRecord(node) && isRecord(node.data) ? node.data.config : undefined;
    const { templates = [], fields: places = [], values = [], variables: set = [] } = definition?.names ?? {};
    for (const { text } of textsAt(config, set)) variables.add(text);
    for (const { text } of textsAt(config, templates)) for (const { path } of parseTemplate(text).fields) see(path);
    for (const { text } of textsAt(config, places)) see(splitField(plainField(text)));
    for (const { value } of valuesAt(config, values)) {
      if (!isRecord(value) || typeof value.field !== "string") continue;
      const path = splitField(plainField(value.field));
      if (path.at(-1) !== "tags") see(path);
      else for (const tag of [value.value].flat()) if (typeof tag === "string" && tag !== "") tags.add(tag);
    }
  }
  for (const name of bare) if (!variables.has(name)) fields.add(writeFieldPath(["custom", name]));
  return { fields: [...fields].filter((field) => !/^(custom|metadata)[.]tags$/.test(field)).sort(), tags: [...tags].sort() };
}
