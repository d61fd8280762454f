import type { Node, NodeProps } from "@xyflow/react";
import { CircleAlert, Eye, Flag, StickyNote, TriangleAlert } from "lucide-react";
import { createContext, memo, useContext } from "react";
import type { StepStatus } from "#contract/executions.ts";
import type { FlowProblem } from "#contract/flows.ts";
import type { NodeDescription } from "#nodes/describe-node.tsx";
import { plural } from "#ui/format.ts";
import { EditableCard } from "./editing/editable-card.tsx";
import { EditingContext } from "./editing/editing-context.ts";
import { FoldButton } from "./fold-button.tsx";
import { LineEnds } from "./line-ends.tsx";
import { MarkBadge, type StepMark } from "./step-mark.tsx";
import { CardNumbers } from "./step-numbers.tsx";

export interface CardData extends Record<string, unknown> {
  look: NodeDescription;
  /** Executions pass it. */
  isOff: boolean;
  note: string | undefined;
  visit: { order: number[]; status: StepStatus } | undefined;
  problems: FlowProblem[];
  /** The number of edges that lead here. */
  arrivals: number;
  /** The summary stands on a head below. */
  saysItBelow: boolean;
  /** Whether the branches of the step are folded; undefined where it has none that could be. */
  folds: "open" | "folded" | undefined;
  /** How the step differs where two versions are compared; undefined where none are. */
  mark: StepMark | "same" | undefined;
}
export type CardNode = Node<CardData, "card">;

const stepWords: Record<StepStatus, string> = {
  running: "running",
  waiting: "waiting",
  completed: "completed",
  skipped: "skipped",
  failed: "failed",
};

/** Opens the message of the node with this id; undefined where messages cannot be read. */
export const ReadContext = createContext<((nodeId: string) => void) | undefined>(undefined);

/** Shows the name of a step and one line that says what it does. The style sheet of the canvas gives the colours. */
export const Card = memo(function Card({ id, data }: NodeProps<CardNode>) {
  const isEditable = useContext(EditingContext) !== undefined;
  return isEditable ? (
    <EditableCard id={id} isEntry={data.look.isEntry} name={data.look.label} {...signs(data)}>
      <Inside id={id} {...data} />
    </EditableCard>
  ) : (
    <ReadableCard id={id} {...data} />
  );
});

const signs = ({ look, isOff, problems, mark }: CardData) => ({
  "data-mark": mark,
  "data-off": isOff ? "" : undefined,
  "data-unknown": look.known ? undefined : "",
  "data-problem": problems.length > 0 ? gravityOf(problems) : undefined,
});

function ReadableCard({ id, ...data }: CardData & { id: string }) {
  const read = useContext(ReadContext);
  const isReadable = data.look.channel !== null && read !== undefined;
  return (
    <div className="card" {...signs(data)} data-message={isReadable ? "" : undefined}>
      <Inside id={id} {...data} />
    </div>
  );
}

function Inside({ id, look, isOff, note, visit, problems, arrivals, saysItBelow, folds, mark }: CardData & { id: string }) {
  const read = useContext(ReadContext);
  const isMessage = look.channel !== null && read !== undefined;
  return (
    <>
      <LineEnds />
      <span className="tile">
        <look.Icon aria-hidden size={16} strokeWidth={1.75} />
      </span>
      <span className="words">
        <span className="name" title={look.label} dir="auto">
          {look.label}
        </span>
        {isOff && <span className="state">Switched off</span>}
        {!isOff && !saysItBelow && (
          <span className="summary" title={look.summary} dir="auto">
            {look.summary}
          </span>
        )}
      </span>
      {note !== undefined && (
        <span className="note" title={note}>
          <StickyNote aria-hidden size={14} strokeWidth={1.75} />
        </span>
      )}
      {isMessage && (
        <button
          type="button"
          className="read"
          aria-label={`Read the message of ${look.label}`}
          title="Read the message"
          onClick={(event) => {
            event.stopPropagation();
            read(id);
          }}
        >
          <Eye aria-hidden size={16} strokeWidth={1.75} />
        </button>
      )}
      {folds && <FoldButton isFolded={folds === "folded"} what="what follows" onPress={(folding) => folding.foldStep(id)} />}
      {arrivals > 1 && <span className="arrivals">from {arrivals}</span>}
      {look.isGoal && (
        <span className="flag">
          <Flag aria-hidden size={12} /> Draws people here
        </span>
      )}
      {visit && (
        <span className="order" title={`Step ${visit.order.join(", ")}: ${stepWords[visit.status]}`}>
          {visit.order.length > 3 ? `${visit.order.length}×` : visit.order.join(", ")}
        </span>
      )}
      {problems.length > 0 && <ProblemMark problems={problems} />}
      {mark !== undefined && mark !== "same" && <MarkBadge mark={mark} />}
      <CardNumbers id={id} label={look.label} />
    </>
  );
}

const gravityOf = (problems: readonly FlowProblem[]) =>
  (["error", "warning"] as const).find((gravity) => problems.some(({ severity }) => severity === gravity)) ?? "hint";

function ProblemMark({ problems }: { problems: readonly FlowProblem[] }) {
  const [first] = problems;
  if (first && problems.every(({ severity }) => severity === "hint")) return <span className="problem">{first.message}</span>;
  const gravity = gravityOf(problems);
  const count = problems.filter(({ severity }) => severity === gravity).length;
  const [Sign, word] = gravity === "error" ? [CircleAlert, "problem"] : [TriangleAlert, "warning"];
  return (
    <span className="problem" title={problems.map((problem) => problem.message).join("\n")}>
      <Sign aria-hidden size={12} /> {plural(count, word)}
    </span>
  );
}
