import { isDataKey } from "#contract/flows.ts";
import { findDefinition } from "../definitions.ts";
import { type CheckedNode, isId, isRecord, type Report } from "./checked-node.ts";

const leastRestSeconds = 60;

/** Every node by its id, each with what its definition says. A node that cannot be read is reported and left out. */
export function checkNodes(nodes: unknown[], report: Report): Map<string, CheckedNode> {
  const checked = new Map<string, CheckedNode>();
  nodes.forEach((node, index) => {
    if (!isRecord(node) || !isId(node.id, 100)) {
      report("malformed", `Node ${index + 1} has no id, or one longer than 100 characters.`);
      return;
    }
    const { id } = node;
    if (checked.has(id)) {
      report("duplicate_node", `Two nodes have the id "${id}".`, { nodeId: id });
      return;
    }
    checked.set(id, checkNode(id, node, report));
  });
  checkKeys(nodes, report);
  return checked;
}

/** Later nodes read results as `steps.<key>`, so a key names one node. */
function checkKeys(nodes: unknown[], report: Report): void {
  const seen = new Set<string>();
  for (const node of nodes) {
    if (!isRecord(node) || !isId(node.id, 100) || !isRecord(node.data)) continue;
    const { key } = node.data;
    const where = { nodeId: node.id };
    if (key === undefined || key === null || key === "") continue;
    if (typeof key !== "string" || !isDataKey(key)) {
      report("bad_key", "A data key has up to 40 small letters, digits and underscores, and begins with a letter.", where);
    } else if (seen.has(key)) report("bad_key", `Two nodes have the data key "${key}".`, where);
    else seen.add(key);
  }
}

function checkNode(id: string, node: Record<string, unknown>, report: Report): CheckedNode {
  const where = { nodeId: id };
  const type = typeof node.type === "string" ? node.type : "";
  const definition = findDefinition(type);
  const unchecked: CheckedNode = { id, type, definition, exits: undefined, jumps: {}, rests: false };
  if (!definition) {
    report("unknown_node_type", type === "" ? "This node has no type." : `There is no node type "${type.slice(0, 100)}".`, where);
    return unchecked;
  }
  if (node.data !== undefined && node.data !== null && !isRecord(node.data)) {
    report("malformed", "The data of this node is not an object.", where);
    return unchecked;
  }
  const config = isRecord(node.data) ? node.data.config : undefined;
  const parsed = definition.config.safeParse(config ?? {});
  if (parsed.success) {
    const rests = (definition.leastWaitSeconds?.(parsed.data) ?? 0) >= leastRestSeconds;
    return {
      id,
      type,
      definition,
      exits: definition.exits(parsed.data),
      jumps: definition.jumps?.(parsed.data) ?? {},
      rests,
      starts: definition.startsFlow?.(parsed.data),
    };
  }
  if (config === undefined || config === null) {
    report("missing_config", `"${definition.label}" is not set up yet.`, where);
  } else {
    for (const { path, message } of parsed.error.issues) {
      report("bad_config", `${definition.label}: ${path.length === 0 ? "" : `${path.join(".")}: `}${message}`, where);
    }
  }
  return unchecked;
}
