import { readPhone } from "#channels/sms/phone.ts";
import type { ReadyNode } from "../flow/flow-graph.ts";
import type { ContactFields, NodeContext } from "../flow/node-executor.ts";
import { renderText } from "../flow/render-template.ts";
import type { ChunkExecution } from "./chunk.ts";
import { readField, sourcesOf } from "./field-reader.ts";

/** What a node may see of an execution that stands at it. */
export function buildContext(execution: ChunkExecution, node: ReadyNode, contact: ContactFields, now: number): NodeContext<unknown> {
  const { send } = execution;
  const waited = execution.resumed !== null;
  return {
    config: node.config,
    contact,
    workspace: send.workspace,
    now: new Date(now),
    waited,
    waiting: waited ? execution.waiting : undefined,
    drawnFrom: execution.drawnFrom,
    place: {
      flowId: send.flowId,
      executionId: execution.id,
      nodeId: node.id,
      visit: waited ? execution.visit : execution.visit + 1,
      // The visit at which it waited is among those that were counted.
      earlierVisits: Math.max(0, (execution.visitsOf?.get(node.id) ?? 0) - (waited ? 1 : 0)),
    },
    child: execution.child,
    answer: execution.call?.answer && { answer: execution.call.answer, tries: execution.attempt },
    ...readers(execution, contact),
  };
}

/** The ways in which a node reads data, with the contact as it is taken to be. */
export function readers(execution: ChunkExecution, contact: ContactFields): Pick<NodeContext, "read" | "fill" | "readPhone"> {
  const { workspace } = execution.send;
  const sources = sourcesOf(execution, contact);
  return {
    read: (field) => readField(sources, field.split(".")),
    fill: (text, target = "text") => renderText(text, target, (path) => readField(sources, path), { contact, workspace }),
    readPhone: (typed) => readPhone(typed, workspace.country),
  };
}
