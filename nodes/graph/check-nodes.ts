import type { z } from "zod";
import { customKey } from "#contract/custom-fields.ts";
import { isDataKey } from "#contract/flows.ts";
import { sayIssue } from "#contract/issue-words.ts";
import { findNearest } from "#contract/nearest-name.ts";
import { findDefinition, nodeDefinitions } from "../definitions.ts";
import { type CheckedNode, isId, isRecord, type Report } from "./checked-node.ts";
import { undecidedOf } from "./undecided.ts";

const leastRestSeconds = 60;

/** Every node by its id, each with what its definition says. A node that cannot be read is reported and left out. */
export function checkNodes(nodes: unknown[], report: Report): Map<string, CheckedNode> {
  const checked = new Map<string, CheckedNode>();
  nodes.forEach((node, index) => {
    if (!isRecord(node) || !isId(node.id, 100)) {
      report("malformed", `Step ${index + 1} has no id, or one longer than 100 characters.`);
      return;
    }
    const { id } = node;
    if (checked.has(id)) {
      const fix = { kind: "rename_twins", label: "Give them different ids" } as const;
      report("duplicate_node", `Two steps have the id "${id}".`, { nodeId: id, fix });
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
  const taken = new Set(nodes.map((node) => (isRecord(node) && isRecord(node.data) ? node.data.key : undefined)));
  for (const node of nodes) {
    if (!isRecord(node) || !isId(node.id, 100) || !isRecord(node.data)) continue;
    const { key } = node.data;
    const where = { nodeId: node.id };
    if (key === undefined || key === null || key === "") continue;
    const isKey = typeof key === "string" && isDataKey(key);
    if (isKey && !seen.has(key)) {
      seen.add(key);
      continue;
    }
    const free = freeKey(String(key), taken);
    const fix = { kind: "set_key", label: `Call it ${free}`, value: free } as const;
    if (isKey) report("bad_key", `Two steps have the data key "${key}".`, { ...where, fix });
    else report("bad_key", "A data key has up to 40 small letters, digits and underscores, and begins with a letter.", { ...where, fix });
  }
}

/** A key like the one that was typed which no other node has. */
function freeKey(typed: string, taken: Set<unknown>): string {
  const plain = (customKey(typed.slice(0, 60)) ?? "").replace(/[^a-z0-9_]/g, "").replace(/^[^a-z]+/, "");
  const base = plain.slice(0, 35) || "step";
  let free = base;
  for (let count = 2; taken.has(free); count += 1) free = `${base}_${count}`;
  taken.add(free);
  return free;
}

function checkNode(id: string, node: Record<string, unknown>, report: Report): CheckedNode {
  const where = { nodeId: id };
  const type = typeof node.type === "string" ? node.type : "";
  const definition = findDefinition(type);
  const data = isRecord(node.data) ? node.data : {};
  const key = typeof data.key === "string" && isDataKey(data.key) ? data.key : undefined;
  const unchecked: CheckedNode = { id, type, definition, exits: undefined, jumps: {}, rests: false, config: data.config, key };
  if (!definition) {
    const near = findNearest(type, Object.keys(nodeDefinitions));
    const fix = near && ({ kind: "set_type", label: `Make it “${findDefinition(near)?.label}”`, value: near } as const);
    const message = type === "" ? "This step has no type." : `There is no step of the type "${type.slice(0, 100)}".`;
    report("unknown_node_type", message, { ...where, ...(fix && { fix }) });
    return unchecked;
  }
  if (node.data !== undefined && node.data !== null && !isRecord(node.data)) {
    report("malformed", "The data of this step is not an object.", where);
    return unchecked;
  }
  for (const question of undecidedOf(data)) {
    report("undecided", question, { ...where, fix: { kind: "decide", label: "This is decided", value: question } });
  }
  const { config } = data;
  const parsed = definition.config.safeParse(config ?? {}, { error: sayIssue });
  if (parsed.success) {
    const isOff = data.off === true;
    const rests = !isOff && (definition.leastWaitSeconds?.(parsed.data) ?? 0) >= leastRestSeconds;
    return {
      ...unchecked,
      exits: definition.exits(parsed.data),
      jumps: definition.jumps?.(parsed.data) ?? {},
      rests,
      isOff,
      parsed: parsed.data,
      starts: isOff ? undefined : definition.startsFlow?.(parsed.data),
    };
  }
  if (config === undefined || config === null) {
    report("missing_config", `"${definition.label}" is not set up yet.`, where);
  } else {
    for (const issue of parsed.error.issues) {
      const field = issue.path.join(".");
      const { code, suggestion } = ofNames(issue);
      const place = { ...where, ...(field !== "" && { field }), ...(suggestion !== undefined && { suggestion }) };
      // A single field is named alone; in a text only the part in braces would be exchanged, and that part cannot be read.
      const fix = code === "unknown_field" && suggestion !== undefined && { kind: "set", label: `Use ${suggestion}`, value: suggestion };
      report(code, `${definition.label}: ${field === "" ? "" : `${field}: `}${issue.message}`, {
        ...place,
        ...(fix && { fix: fix as never }),
      });
    }
  }
  return unchecked;
}

/** Schemas say by `params` which of their issues are about names of fields. */
function ofNames(issue: z.core.$ZodIssue): { code: "bad_config" | "bad_merge_field" | "unknown_field"; suggestion?: string } {
  const { code, suggestion } = (issue.code === "custom" ? issue.params : undefined) ?? {};
  const isName = code === "bad_merge_field" || code === "unknown_field";
  return { code: isName ? code : "bad_config", ...(typeof suggestion === "string" && { suggestion }) };
}
