import type { FlowNode } from "#contract/flows.ts";
import { record } from "#nodes/node-panel.tsx";
import { ownFields } from "#nodes/webhook/output.ts";
import type { MergeFields } from "#ui/merge-fields/merge-fields.ts";
import type { PreviewContact } from "../message/use-preview-contact.ts";
import { MomentsView } from "./moments-view.tsx";
import { nameFor } from "./parse-answer.ts";
import { ResultView } from "./result-view.tsx";
import { WebhookTester } from "./webhook-tester.tsx";

interface StepPreviewProps {
  flowId: string;
  node: FlowNode;
  chosen: PreviewContact;
  disabled: boolean;
  /** The names under which later steps read results of other steps. */
  keys: readonly string[];
  /** What the texts of the step may name. */
  fields: MergeFields;
  edit(recipe: (found: FlowNode) => void): void;
}

/** What a step would do for the chosen contact; nothing for types of which that is not told. */
export function StepPreview({ keys, fields, edit, ...props }: StepPreviewProps) {
  switch (props.node.type) {
    case "delay":
    case "time_window":
      return <MomentsView {...props} />;
    case "update_contact":
    case "consent":
    case "set_variable":
      return <ResultView {...props} fields={fields} />;
    case "webhook":
      return <WebhookTester {...props} onKeep={(path) => keep(path, { node: props.node, keys, edit })} />;
    default:
      return null;
  }
}

/** Keeps a value of the answer, once. Later steps read it by the name of the step, so a step without one gets it. */
function keep(path: string, { node, keys, edit }: Pick<StepPreviewProps, "node" | "keys" | "edit">): string {
  const { fields } = record(node.data.config);
  const kept = (Array.isArray(fields) ? fields : []).map(record);
  const known = kept.find((field) => field.path === path && typeof field.name === "string" && field.name !== "");
  const name = known ? String(known.name) : nameFor(path, [...kept.map((field) => String(field.name)), ...ownFields]);
  const key = node.data.key || nameFor("webhook", keys);
  edit((found) => {
    found.data.key = key;
    if (!known) found.data.config = { ...found.data.config, fields: [...kept, { name, path }] };
  });
  return `steps.${key}.${name}`;
}
