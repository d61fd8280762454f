import type { Node } from "@xyflow/react";
import { Unlink } from "lucide-react";

export type LaneNode = Node<Record<string, never>, "lane">;

/** The ground under the steps that nothing leads to. */
export function LooseLane() {
  return (
    <div className="lane">
      <Unlink aria-hidden size={14} /> Not connected
    </div>
  );
}
