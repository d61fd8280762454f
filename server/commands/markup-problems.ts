import type { FlowNode, FlowProblem } from "#contract/flows.ts";
import { findDefinition } from "#nodes/definitions.ts";
import { type CleanHtml, cleanEmailHtml } from "#nodes/send-email/email-html.ts";

/** What is taken away from the HTML of a step before it is sent. */
export function removedFrom({ type, data }: Pick<FlowNode, "type" | "data">): CleanHtml["removed"] {
  const html = data?.config?.html;
  return findDefinition(type)?.channel === "email" && typeof html === "string" ? cleanEmailHtml(html).removed : [];
}

/** Tells of every e-mail what of it is not sent. What would do harm is refused by the check of the graph already. */
export function checkMarkup(nodes: readonly FlowNode[]): FlowProblem[] {
  return nodes.flatMap((node): FlowProblem[] => {
    const removed = removedFrom(node).map(({ what, count }) => (count > 1 ? `${what} (${count} times)` : what));
    if (removed.length === 0) return [];
    const label = findDefinition(node.type)?.label ?? node.type;
    const message = `${label}: html: This is taken away before it is sent: ${removed.join(", ")}.`;
    return [{ severity: "warning", code: "html_cleaned", message, nodeId: node.id, field: "html" }];
  });
}
