import { type Given, judgeLaunch } from "#contract/judge-launch.ts";
import type { TextSource } from "../execution/chunk.ts";
import { readers } from "../execution/node-context.ts";
import type { ReadyFlow } from "../flow/flow-graph.ts";
import { inputsOf, ownVariables } from "../flow/freeze-launch.ts";
import type { ContactFields } from "../flow/node-executor.ts";

/**
 * The contact with what the flow asks for, taken by its start as it would be if the contact came in now. What cannot be taken is a
 * missing value.
 */
export function withInputs(
  source: TextSource,
  { flow, contact, given }: { flow: ReadyFlow; contact: ContactFields; given: Given },
): TextSource {
  const inputs = inputsOf(flow);
  if (flow.problem !== undefined || inputs.length === 0) return source;
  const entry = flow.nodes.get(flow.entry);
  const { all, own } = judgeLaunch(inputs, given).frozen;
  const begun = { ...source, memory: { ...source.memory, variables: ownVariables(own.get(contact.id)) } };
  try {
    const outcome = entry?.execute({
      config: entry.config,
      contact,
      workspace: source.send.workspace,
      now: new Date(),
      waited: false,
      place: { flowId: "", draw: "", nodeId: entry.id, visit: 1, earlierVisits: 0 },
      child: undefined,
      answer: undefined,
      replies: [],
      given: all,
      ...readers(begun, contact),
    });
    if (outcome?.type === "next" && outcome.variables) return { ...begun, memory: { ...begun.memory, variables: outcome.variables } };
  } catch {
    // Something that the flow needs is not there yet. What is known of it is shown.
  }
  return begun;
}
