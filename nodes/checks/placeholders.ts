import type { CheckedNode, Report } from "../graph/checked-node.ts";
import { textsAt } from "../graph/texts-at.ts";
import { noFlow } from "../values/no-flow.ts";

/** Words that authors put where something is still to be written, and addresses that are nobody's. */
const leftovers = /\b(todo|fixme|tbd|lorem ipsum|xxx+)\b|\bexample\.(com|org|net)\b/i;

/** Tells what a new step came with, or its author put there for the time being, and that contacts would get. */
export function checkPlaceholders(nodes: ReadonlyMap<string, CheckedNode>, report: Report, { advises }: { advises: boolean }): void {
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
    }
  }
}
