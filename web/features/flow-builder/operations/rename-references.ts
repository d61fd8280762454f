import { parseFieldPath, writeFieldPath } from "#contract/field-path.ts";
import type { FlowNode } from "#contract/flows.ts";
import { renameFields } from "#contract/template.ts";
import { findDefinition } from "#nodes/definitions.ts";
import { textsAt } from "#nodes/graph/texts-at.ts";

interface NewNames {
  /** New ids of nodes by their old ones. */
  ids: ReadonlyMap<string, string>;
  /** New data keys by their old ones. */
  keys: ReadonlyMap<string, string>;
}

/** The configuration of a node in which the nodes and results that were renamed have their new names. */
export function renameReferences({ type, data }: Pick<FlowNode, "type" | "data">, { ids, keys }: NewNames): FlowNode["data"]["config"] {
  const { config } = data;
  const names = findDefinition(type)?.names;
  if (!config || !names) return config;
  const renamed = structuredClone(config);
  const step = (path: readonly string[]) => {
    const [first, key = "", ...rest] = path;
    const next = first === "steps" ? keys.get(key) : undefined;
    return next === undefined ? undefined : ["steps", next, ...rest];
  };
  const change = (places: readonly string[] | undefined, to: (text: string) => string | undefined) => {
    for (const { at, text } of textsAt(config, places ?? [])) {
      const next = to(text);
      if (next !== undefined) setAt(renamed, at.split("."), next);
    }
  };
  change(names.nodes, (id) => ids.get(id));
  if (keys.size > 0) {
    change(names.templates, (text) => renameFields(text, step));
    change(names.fields, (text) => {
      const next = step(parseFieldPath(text) ?? []);
      return next && writeFieldPath(next);
    });
  }
  return renamed;
}

/** Puts a value at a place of a configuration that has one there. */
export function setAt(config: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let inner = config;
  for (const name of path.slice(0, -1)) inner = inner[name] as Record<string, unknown>;
  inner[path.at(-1) as string] = value;
}
