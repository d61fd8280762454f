import type { FlowNode } from "#contract/flows.ts";
import { findDefinition } from "#nodes/definitions.ts";

/** What an exit of a step is called. */
export function exitLabel(node: FlowNode, handle: string): string {
  const definition = findDefinition(node.type);
  const config = definition?.config.safeParse(node.data.config ?? {});
  const exits = config?.success ? definition?.exits(config.data as never) : undefined;
  return exits?.find((exit) => exit.handle === handle)?.label ?? handle;
}
