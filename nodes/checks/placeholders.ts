import type { FieldCatalogue } from "#contract/fields.ts";
import type { CheckedNode, Report } from "../graph/checked-node.ts";
import { textsAt } from "../graph/texts-at.ts";
import { noFlow } from "../values/no-flow.ts";
import { findForeignFields } from "./foreign-fields.ts";

interface PlaceholderOptions {
  advises: boolean;
  /** What the contacts of the workspace have, where that is known. */
  catalogue?: FieldCatalogue | undefined;
}

/** Words that authors put where something is still to be written, and addresses that are nobody's. */
const leftovers = /\b(todo|fixme|tbd|lorem ipsum|xxx+)\b|\bexample\.(com|org|net)\b/i;

/** Tells what a new step came with, or its author put there for the time being, and that contacts would get. */
export function checkPlaceholders(
  nodes: ReadonlyMap<string, CheckedNode>,
  report: Report,
  { advises, catalogue }: PlaceholderOptions,
): void {
  const custom = new Map(catalogue?.items.flatMap(({ group, label, path }) => (group === "custom" ? [[label, path] as const] : [])));
  for (const { id: nodeId, definition, config } of nodes.values()) {
    if (!definition) continue;
    const { templates = [], flows = [] } = definition.names ?? {};
    for (const { at, text } of textsAt(config, flows)) {
      if (text === noFlow) report("flow_missing", "No flow is chosen yet.", { nodeId, field: at });
    }
    if (!advises) continue;
    const defaults = new Map(textsAt(definition.defaults, templates).map(({ at, text }) => [at, text]));
    for (const { at, text } of textsAt(config, templates)) {
      const left = leftovers.exec(text)?.[0];
      const isNew = text.trim() !== "" && defaults.get(at) === text && at !== "subject";
      if (left !== undefined) report("placeholder_left", `“${left}” still stands in the text.`, { nodeId, field: at });
      else if (isNew) report("placeholder_left", "This is still the text of a new step.", { nodeId, field: at });
      const { found, rewritten } = findForeignFields(text, custom);
      const unclear = found.filter(({ own }) => own === undefined);
      const own = [...new Set(found.flatMap((each) => each.own ?? []))];
      if (own.length > 0) {
        const label = own.length > 2 ? `Use the ${own.length} fields that are meant` : `Use ${own.join(" and ")}`;
        const clear = found.filter((each) => each.own !== undefined);
        report("placeholder_left", foreignWords(clear), { nodeId, field: at, fix: { kind: "set", label, value: rewritten } });
      }
      if (unclear.length > 0) report("placeholder_left", foreignWords(unclear), { nodeId, field: at });
    }
  }
}

/** Says what stands in the text as another product writes its fields, of many the first two. */
function foreignWords(found: readonly { raw: string }[]): string {
  const [first, second] = found.map(({ raw }) => `“${raw.slice(0, 60)}”`);
  const others = found.length > 2 ? `, ${second} and ${found.length - 2} more` : ` and ${second}`;
  const which =
    second === undefined
      ? `${first} is no field here, and is sent as it stands.`
      : `${first}${others} are no fields here, and are sent as they stand.`;
  return `${which} A field is written {{ firstname }}.`;
}
