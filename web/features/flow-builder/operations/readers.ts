import { parseFieldPath } from "#contract/field-path.ts";
import type { FlowNode } from "#contract/flows.ts";
import { parseTemplate } from "#contract/template.ts";
import { findDefinition } from "#nodes/definitions.ts";
import { textsAt } from "#nodes/graph/texts-at.ts";
import type { Graph } from "./exits.ts";

/** The steps that read results of a step which it, as it is set up, does not leave. */
export function readersOf({ nodes }: Graph, { id, type, data }: FlowNode): { nodeId: string; name: string }[] {
  const { key } = data;
  const definition = findDefinition(type);
  if (!key || !definition) return [];
  const left = new Set([
    ...Object.keys(definition.output.shape),
    ...textsAt(data.config, definition.names?.outputs ?? []).map(({ text }) => text),
  ]);
  return nodes.flatMap((node) => {
    if (node.id === id) return [];
    const names = namedPaths(node).flatMap(([first, step, name]) =>
      first === "steps" && step === key && name !== undefined ? [name] : [],
    );
    return [...new Set(names)].filter((name) => !left.has(name)).map((name) => ({ nodeId: node.id, name }));
  });
}

/** Every field that a step names, in its texts or without braces. */
export function namedPaths({ type, data }: Pick<FlowNode, "type" | "data">): (readonly string[])[] {
  const { templates = [], fields = [] } = findDefinition(type)?.names ?? {};
  return [
    ...textsAt(data.config, templates).flatMap(({ text }) => parseTemplate(text).fields.map(({ path }) => path)),
    ...textsAt(data.config, fields).map(({ text }) => parseFieldPath(text) ?? []),
  ];
}
