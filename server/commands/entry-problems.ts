import type { FlowNode, FlowProblem } from "#contract/flows.ts";
import { matchesGroup } from "#db/queries/test-group-filter.ts";
import { start } from "#nodes/start/definition.ts";
import { fieldWords } from "#nodes/words/field-words.ts";

/**
 * Whom a flow lets in is asked of all contacts in one statement. Tests that cannot be asked so would let nobody in, so they are
 * told before the flow is published.
 */
export function checkEntry(nodes: readonly FlowNode[]): FlowProblem[] {
  return nodes.flatMap((node): FlowProblem[] => {
    if (node.type !== start.type) return [];
    const { enterIf } = start.config.safeParse(node.data.config ?? {}).data ?? {};
    const asked = enterIf && matchesGroup(enterIf);
    if (!Array.isArray(asked)) return [];
    const names = [...new Set(asked.map(({ test }) => fieldWords(test.field)))];
    return [
      {
        severity: "error",
        code: "entry_not_asked",
        message: `Who may enter cannot be decided by this test of ${names.join(", ")}. Use a test that also filters contacts, or put a Condition behind the start.`,
        nodeId: node.id,
        field: "enterIf.tests",
      },
    ];
  });
}
