import QuickLRU from "quick-lru";
import { firstTimeZone } from "#contract/time-zones.ts";
import type { WorkBudget } from "#contract/work-budget.ts";
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

/**
 * Fills in the merge fields of a text, and counts them as work. Dates are shown in the time zone of the contact, or else of the workspace.
 *
 * @throws WorkLimitExceeded where the execution has filled in or compared too much
 */
export function renderText(
  text: string,
  target: TemplateTarget,
  read: ReadField,
  who: { contact: ContactFields; workspace: WorkspaceFields; work: WorkBudget },
): Rendered {
  const zone = firstTimeZone(who.contact.time_zone, who.workspace.timeZone);
  return renderTemplate(compile(text), target, read, { zone, work: who.work });
}
