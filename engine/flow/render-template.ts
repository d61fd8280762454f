import { IANAZone } from "luxon";
import type { ContactFields, WorkspaceFields } from "./node-executor.ts";
import type { ReadField, Rendered, Template, TemplateTarget } from "./template.ts";
import { compileTemplate, renderTemplate } from "./template.ts";

/** Templates by their text: a chunk renders the same one 500 times. */
const compiled = new Map<string, Template>();
const keptTemplates = 500;

function compile(text: string): Template {
  const known = compiled.get(text);
  if (known) return known;
  const template = compileTemplate(text);
  if (compiled.size >= keptTemplates) compiled.clear();
  compiled.set(text, template);
  return template;
}

/** Fills in the merge fields of a text; dates are shown as the contact's clocks show them. */
export function renderText(
  text: string,
  target: TemplateTarget,
  read: ReadField,
  who: { contact: ContactFields; workspace: WorkspaceFields },
): Rendered {
  const own = who.contact.time_zone;
  const zone = own !== null && IANAZone.isValidZone(own) ? own : who.workspace.timeZone;
  return renderTemplate(compile(text), target, read, { zone });
}
