import { statusNamed } from "#contract/lead-statuses.ts";
import { findNearest } from "#contract/nearest-name.ts";
import type { CheckedNode, Report } from "./checked-node.ts";
import { statusesIn } from "./named-statuses.ts";

/** Warns of lead statuses that a node tests or sets and the workspace's list does not have. Contacts may have such a value. */
export function checkStatuses(nodes: ReadonlyMap<string, CheckedNode>, list: readonly { name: string }[], report: Report): void {
  const names = list.map(({ name }) => name);
  for (const { id: nodeId, definition, config } of nodes.values()) {
    for (const { at, item, name } of definition ? statusesIn(definition, config) : []) {
      if (statusNamed(list, name)) continue;
      const suggestion = findNearest(name, names);
      const hint = suggestion === undefined ? "" : ` Did you mean “${suggestion}”?`;
      const message = `${definition?.label}: “${name.slice(0, 100)}” is not in the list of lead statuses.${hint}`;
      const fix = { kind: "set", label: `Use “${suggestion}”`, field: item, value: suggestion } as const;
      report("unlisted_status", message, { nodeId, field: at, ...(suggestion !== undefined && { suggestion, fix }) });
    }
  }
}
