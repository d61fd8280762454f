import { type FieldTest, groupFits } from "#contract/field-tests.ts";
import { judgeTest } from "#contract/judge-test.ts";
import type { ChunkExecution } from "./chunk.ts";
import { readers } from "./node-context.ts";

/** Whether the flow of an execution ends for its contact now, by the rule that its start holds. */
export function leavesByRule(execution: ChunkExecution, now: number): boolean {
  const { flow, send, memory } = execution;
  if (flow.problem !== undefined || flow.leavesIf === undefined || !memory.contact) return false;
  const contact = memory.contact.fields;
  const context = { contact, now: new Date(now), workspace: send.workspace, ...readers(execution, contact) };
  try {
    return groupFits(flow.leavesIf, (test: FieldTest) => judgeTest(test, context).held) === true;
  } catch {
    // A test that cannot be judged ends nothing. Where its work was too much, the step that comes next fails and says so.
    return false;
  }
}
