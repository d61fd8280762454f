import { Handle, type Node, type NodeProps, type Position } from "@xyflow/react";
import { TriangleAlert } from "lucide-react";
import { memo } from "react";
import type { StepStatus } from "#contract/executions.ts";
import type { FlowProblem } from "#contract/flows.ts";
import type { NodeDescription } from "#nodes/describe-node.tsx";

export interface CardData extends Record<string, unknown> {
  look: NodeDescription;
  visit: { order: number[]; status: StepStatus } | undefined;
  dimmed: boolean;
  problems: FlowProblem[];
  /** The handles of the exits that have an edge, from left to right. */
  exits: string[];
}
export type CardNode = Node<CardData, "card">;

const stepWords: Record<StepStatus, string> = {
  running: "running",
  waiting: "waiting",
  completed: "completed",
  skipped: "skipped",
  failed: "failed",
};

/** Shows the name of a node and one line that says what it does. The style sheet of the drawing gives the colours. */
export const NodeCard = memo(({ data, sourcePosition, targetPosition }: NodeProps<CardNode>) => {
  const { look, visit, problems, exits } = data;
  return (
    <div className="card" data-unknown={look.known ? undefined : ""} data-problem={problems.length > 0 ? "" : undefined}>
      {targetPosition && <Handle type="target" position={targetPosition} isConnectable={false} />}
      <span className="tile">
        <look.Icon aria-hidden size={16} strokeWidth={1.75} />
      </span>
      <span className="words">
        <span className="name" title={look.label}>
          {look.label}
        </span>
        <span className="summary" title={look.summary}>
          {look.summary}
        </span>
      </span>
      {visit && (
        <span className="order" title={`Step ${visit.order.join(", ")}: ${stepWords[visit.status]}`}>
          {visit.order.length > 3 ? `${visit.order.length}×` : visit.order.join(", ")}
        </span>
      )}
      {problems.length > 0 && (
        <span className="problem" title={problems.map((problem) => problem.message).join("\n")}>
          <TriangleAlert aria-hidden size={14} />
        </span>
      )}
      {sourcePosition &&
        exits.map((exit, index) => (
          <Handle
            key={exit}
            id={exit}
            type="source"
            position={sourcePosition}
            isConnectable={false}
            style={along(sourcePosition, (index + 1) / (exits.length + 1))}
          />
        ))}
    </div>
  );
});
NodeCard.displayName = "NodeCard";

/** The place of an exit on its side of the card. Edges of different exits must not begin as one line. */
const along = (position: Position, share: number) => (position === "right" ? { top: `${share * 100}%` } : { left: `${share * 100}%` });
