import type { LucideIcon } from "lucide-react";
import type { z } from "zod";
import type { NodeDefinition } from "#contract/node-definition.ts";

/** How a node type looks to a person. */
export interface NodeForm<Definition extends NodeDefinition = NodeDefinition> {
  Icon: LucideIcon;
  /** What this node does, in a line: read on its card, in the history and before a send. */
  summary(config: z.output<Definition["config"]>): string;
}
