import { CircleHelp, type LucideIcon } from "lucide-react";
import type { FlowNode } from "#contract/flows.ts";
import type { Channel } from "#contract/messages.ts";
import type { NodeExit } from "#contract/node-definition.ts";
import { findDefinition, type NodeType } from "./definitions.ts";
import { nodeForms } from "./forms.tsx";
import type { NodeForm } from "./node-form.tsx";
import { waysOf } from "./ways-of.ts";

export interface NodeDescription {
  /** False for a type that this version does not have. Such a node is shown and marked, never dropped. */
  known: boolean;
  Icon: LucideIcon;
  /** The name that its author gave it, or else the name of its type. */
  label: string;
  /** One line that says what the node does. */
  summary: string;
  /** Empty when the type is unknown. */
  exits: readonly NodeExit[];
  /** The channel of the message that it sends; null for a node that sends none. */
  channel: Channel | null;
  /** By exit, the id of the node to which it leads without an edge. */
  jumps: Readonly<Record<string, string>>;
  /** Executions begin here. */
  isEntry: boolean;
  isGoal: boolean;
}

const notSetUp = "Not set up yet";

/** Describes a stored node for people, whatever state it is in. `nameOf` gives the names of the nodes that it leads to by a jump. */
export const describeNode = (
  node: Pick<FlowNode, "type" | "data">,
  nameOf: (nodeId: string) => string = (nodeId) => nodeId,
): NodeDescription => {
  const definition = findDefinition(node.type);
  const label = node.data.label?.trim();
  if (!definition) {
    const summary = `Unknown type of step “${node.type}”`;
    const nowhere = { exits: [], jumps: {}, isEntry: false, isGoal: false, channel: null };
    return { known: false, Icon: CircleHelp, label: label || node.type, summary, ...nowhere };
  }
  const form: NodeForm = nodeForms[node.type as NodeType];
  const config = definition.config.safeParse(node.data.config ?? {});
  const summary = config.success ? form.summary(config.data, nameOf) : notSetUp;
  return {
    known: true,
    Icon: form.Icon,
    label: label || definition.label,
    // A node called "Wait 1 day" would otherwise say so twice.
    summary: summary === label ? definition.label : summary,
    ...waysOf(node.type, node.data.config),
    channel: definition.channel ?? null,
    isEntry: definition.category === "entry",
    isGoal: definition.isGoal === true,
  };
};

/** The icon of a type, for records that name a type without its settings. */
export const nodeIcon = (type: string): LucideIcon => (findDefinition(type) ? nodeForms[type as NodeType].Icon : CircleHelp);

/** The name of a type, for records of nodes that have no name of their own. */
export const nodeTypeLabel = (type: string): string => findDefinition(type)?.label ?? type;
