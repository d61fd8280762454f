import { readPhone } from "#channels/sms/phone.ts";
import { splitField } from "#contract/field-path.ts";
import type { ReadyNode } from "../flow/flow-graph.ts";
import type { ContactFields, NodeContext } from "../flow/node-executor.ts";
import { renderText } from "../flow/render-template.ts";
import type { ChunkExecution, TextSource } from "./chunk.ts";
import { readField, sourcesOf } from "./field-reader.ts";

/** Builds what a node may see of an execution that stands at it. */
export function buildContext(execution: ChunkExecution, node: ReadyNode, contact: ContactFields, now: number): NodeContext<unknown> {
  const { send } = execution;
  const waited = execution.cursor.resumed !== null;
  return {
    config: node.config,
    contact,
    workspace: send.workspace,
    now: new Date(now),
    waited,
    waiting: waited ? execution.cursor.waiting : undefined,
    drawnFrom: execution.cursor.drawnFrom,
    given: send.given,
    place: {
      flowId: send.flowId,
      draw: drawOf(execution),
      nodeId: node.id,
      visit: waited ? execution.cursor.visit : execution.cursor.visit + 1,
      // The visit at which it waited was counted too.
      earlierVisits: Math.max(0, (execution.memory.visitsOf?.get(node.id) ?? 0) - (waited ? 1 : 0)),
    },
    child: execution.cursor.child,
    answer: execution.cursor.call?.answer && { answer: execution.cursor.call.answer, tries: execution.cursor.attempt },
    replies: repliesTo(execution),
    ...readers(execution, contact),
  };
}

/**
 * A send holds a contact once, and its id is known before it begins. A flow that was started by another may hold a contact again and
 * again, and each time draws anew.
 */
export const drawOf = ({ id, send, row: { contactId, depth } }: ChunkExecution) =>
  depth === 0 && contactId !== null ? `${send.id}/${contactId}` : id;

/** Of what the contact wrote, what came after the last message of this execution had left. */
const repliesTo = ({ memory: { replies, lastMessageVisit } }: ChunkExecution) =>
  replies.filter(({ afterVisit }) => afterVisit >= lastMessageVisit);

/** The functions by which a node reads data of the execution and of this contact. */
export function readers(execution: TextSource, contact: ContactFields): Pick<NodeContext, "read" | "fill" | "readPhone" | "work"> {
  const { work } = execution;
  const { workspace } = execution.send;
  const sources = sourcesOf(execution, contact);
  return {
    read: (field) => readField(sources, splitField(field)),
    work,
    fill: (text, target = "text") => renderText(text, target, (path) => readField(sources, path), { contact, workspace, work }),
    readPhone: (typed) => readPhone(typed, workspace.country),
  };
}
