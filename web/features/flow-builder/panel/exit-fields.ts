import { writeFieldPath } from "#contract/field-path.ts";
import type { FlowNode } from "#contract/flows.ts";
import type { TestField } from "#nodes/node-panel.tsx";
import { ofSteps } from "#web/entities/fields/field-groups.ts";
import { exitsOf } from "../operations/exits.ts";
import { stepName } from "../outline/step-name.ts";

/** By which exit earlier steps were left, for tests. A step is read by its data key, and one with a single exit tells nothing. */
export const exitFields = (earlier: readonly FlowNode[]): TestField[] =>
  earlier.flatMap((node): TestField[] => {
    const exits = exitsOf(node);
    if (!node.data.key || exits.length < 2) return [];
    return [
      {
        path: writeFieldPath(["steps", node.data.key, "exit"]),
        label: `${stepName(node)}: exit`,
        group: ofSteps,
        kind: "choice",
        choices: exits.map(({ handle }) => handle),
        choiceNames: Object.fromEntries(exits.map(({ handle, label }) => [handle, label])),
      },
    ];
  });
