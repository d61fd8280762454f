import { parseTemplate } from "#contract/template.ts";
import type { MergeFields } from "#ui/merge-fields/merge-fields.ts";
import { fieldGroups, ofLaunch, ofSteps } from "#web/entities/fields/field-groups.ts";

const ofRun: ReadonlySet<string> = new Set([ofSteps, ofLaunch, fieldGroups.trigger]);

/** All texts of the settings of a step, however deep they stand. */
function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

/**
 * The names in the texts of a step whose values only a run of the flow knows, each with a word that stands in for it:
 * `variables.code` reads "‹code›".
 */
export function namesOfRun(config: unknown, fields: MergeFields): Record<string, string> {
  const named = textsOf(config).flatMap((text) => parseTemplate(text).fields);
  return Object.fromEntries(
    named.flatMap(({ path }) => {
      const found = fields.find(path);
      return found && ofRun.has(found.group) ? [[found.path, `‹${String(path.at(-1)).replaceAll("_", " ")}›`]] : [];
    }),
  );
}
