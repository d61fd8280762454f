import type { FlowNode } from "#contract/flows.ts";
import { findDefinition } from "../definitions.ts";
import { textsAt } from "./texts-at.ts";

/** The secrets that a graph names, each with the node and the place of its configuration. */
export function namedSecrets(nodes: readonly FlowNode[]): { nodeId: string; field: string; name: string }[] {
  return nodes.flatMap(({ id: nodeId, type, data }) =>
    textsAt(data.config, findDefinition(type)?.names?.secrets ?? []).flatMap(({ at: field, text }) =>
      [...text.matchAll(/\{\{\s*secrets\.([a-zA-Z][a-zA-Z0-9_]{0,59})\s*\}\}/g)].map(([, name = ""]) => ({ nodeId, field, name })),
    ),
  );
}
