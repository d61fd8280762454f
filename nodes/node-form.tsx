import type { LucideIcon } from "lucide-react";
import type { z } from "zod";
import type { NodeDefinition } from "#contract/node-definition.ts";

/** The look of a node type in the browser. */
export interface NodeForm<Definition extends NodeDefinition = NodeDefinition> {
  Icon: LucideIcon;
  /**
   * One line that says what this node does. It is shown on its card, in the history and before a send. `nameOf` gives
   * the name of another node by its id.
   */
  summary(config: z.output<Definition["config"]>, nameOf: (nodeId: string) => string): string;
}
