import type { FlowNode } from "#contract/flows.ts";
import type { PreviewContact } from "../message/use-preview-contact.ts";
import { MomentsView } from "./moments-view.tsx";

interface StepPreviewProps {
  flowId: string;
  node: FlowNode;
  chosen: PreviewContact;
}

/** What a step would do for the chosen contact; nothing for types of which that is not told. */
export function StepPreview(props: StepPreviewProps) {
  switch (props.node.type) {
    case "delay":
    case "time_window":
      return <MomentsView {...props} />;
    default:
      return null;
  }
}
