import QuickLRU from "quick-lru";
import { firstTimeZone } from "#contract/time-zones.ts";
import type { ContactFields, WorkspaceFields } from "./node-executor.ts";
import type { ReadField, Rendered, Template, TemplateTarget } from "./template.ts";
import { compileTemplate, renderTemplate } from "./template.ts";

/** Parsed templates by their text, because a chunk renders the same text up to 500 times. */
const compiled = new QuickLRU<string, Template>({ maxSize: 250 });

function compile(text: string): Template {
  const known = compiled.get(text);
  if (known) return known;
  const template = compileTemplate(text);
  compiled.set(text, template);
  return template;
}

/** Fills in the merge fields of a text. Dates are shown in the time zone of the contact, or else of the workspace. */
export function renderText(
  text: string,
  target: TemplateTarget,
  read: ReadField,
  who: { contact: ContactFields; workspace: WorkspaceFields },
): Rendered {
  const zone = firstTimeZone(who.contact.time_zone, who.workspace.timeZone);
  return renderTemplate(compile(text), target, read, { zone });
}
