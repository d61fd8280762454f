import { Box, Skeleton } from "@chakra-ui/react";
import { Background, MiniMap, ReactFlow, type ReactFlowInstance, ReactFlowProvider, useStore } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useMemo, useRef } from "react";
import type { FlowGraph, FlowNode, FlowProblem } from "#contract/flows.ts";
import { useColorMode } from "#ui/color-mode.tsx";
import { type Folding, FoldingContext } from "../fold/folding-context.ts";
import { canvasStyles } from "./canvas-styles.ts";
import { Card, ReadContext } from "./card.tsx";
import { DrawingControls } from "./drawing-controls.tsx";
import { type CanvasEditor, EditingLayer, useCanvasEditing } from "./editing/canvas-editing.tsx";
import { EditingContext } from "./editing/editing-context.ts";
import type { ExecutionPath } from "./execution-path.ts";
import { ExitHead } from "./exit-head.tsx";
import { FlowLine, type LineEdge } from "./flow-line.tsx";
import { LooseLane } from "./loose-lane.tsx";
import { openingView } from "./opening-view.ts";
import type { StepMark } from "./step-mark.tsx";
import { type CanvasNode, type Drawing, keepUnchanged, toDrawing } from "./to-drawing.ts";
import { useClearView } from "./use-clear-view.ts";
import { useKeepCentre } from "./use-keep-centre.ts";
import { useLayout } from "./use-layout.ts";
import { useLookAt } from "./use-look-at.ts";

export interface FlowCanvasProps {
  /** The name of the drawing for a screen reader: "Welcome Flow". */
  label: string;
  graph: FlowGraph;
  problems?: readonly FlowProblem[];
  /** By the rows of branches that are folded, the steps that are not drawn. */
  hidden?: ReadonlyMap<string, readonly string[]>;
  /** The path of one execution. Its nodes are numbered and tinted, and the rest is muted. */
  path?: ExecutionPath;
  /** How steps differ, where two versions are compared. All others are muted. */
  marks?: ReadonlyMap<string, StepMark>;
  /** The step that is brought into the middle. */
  lookAt?: string | undefined;
  /** Opens the message of a step. Where it is left out, messages cannot be read. */
  onRead?: (node: FlowNode) => void;
  /** The drawing stands in a page that scrolls, so the wheel scrolls the page. */
  embedded?: boolean;
  /** It opens with everything in sight, however small: what the steps are called stands beside it. */
  whole?: boolean;
  /** What is drawn can be changed here. */
  editor?: CanvasEditor;
  /** Branches can be folded here; `hidden` tells which are. */
  folding?: Folding;
}

// These are constants, because a new object on each render makes React Flow mount every node again.
const nodeTypes = { card: Card, head: ExitHead, lane: LooseLane };
const edgeTypes = { line: FlowLine };
/** React Flow's own words promise that a step can be selected, moved and deleted. */
const words = {
  "node.a11yDescription.default": "A step of the flow. The Tab key leads to the next one.",
  "node.a11yDescription.keyboardDisabled": "A step of the flow. The Tab key leads to the next one.",
  "edge.a11yDescription.default": "The way from one step to the next.",
};
const zoom = { min: 0.1, max: 2 };
/** Below this only the icon and the name of a step can be read, so they alone are shown. */
const farAway = 0.45;
const stepsWithMap = 25;
/** A drawing of as many steps is mounted whole, so that Tab and a screen reader reach every one of them. */
const stepsMounted = 60;
const none: readonly FlowProblem[] = [];

/** Shows a flow as a picture, in which steps can be dragged and added where there is an editor. */
export function FlowCanvas(props: FlowCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ label, graph, problems = none, hidden, path, onRead, embedded = false, whole = false, ...more }: FlowCanvasProps) {
  const { editor, folding, marks, lookAt } = more;
  const { mode } = useColorMode();
  const frame = useRef<HTMLDivElement>(null);
  const laidOut = useLayout(graph, editor !== undefined, hidden);
  const isFar = useStore(({ transform }) => transform[2] < farAway);
  const last = useRef<Drawing | null>(null);
  const drawing = useMemo(() => {
    if (laidOut) last.current = keepUnchanged(last.current, toDrawing(laidOut.plan, laidOut.layout, problems, path, marks));
    return last.current;
  }, [laidOut, problems, path, marks]);
  const editing = useCanvasEditing(editor, frame, drawing);
  useKeepCentre(frame, drawing !== null);
  useClearView(frame, hidden, drawing);
  useLookAt(lookAt, drawing);
  const read = useMemo(() => {
    if (!onRead) return undefined;
    return (id: string) => {
      const node = graph.nodes.find((one) => one.id === id);
      if (node) onRead(node);
    };
  }, [onRead, graph]);
  if (!laidOut || !drawing) return <Skeleton height="full" minH="48" borderRadius="0" />;
  const open = (instance: ReactFlowInstance<CanvasNode, LineEdge>) => {
    const size = frame.current?.getBoundingClientRect();
    if (size && size.width > 0)
      void instance.setViewport(openingView(drawing, size, { smallest: whole ? zoom.min : undefined, isEdited: editor !== undefined }));
  };
  const steps = laidOut.plan.looks.size;
  return (
    <EditingContext value={editing?.context}>
      <FoldingContext value={folding}>
        <ReadContext value={read}>
          <Box ref={frame} css={canvasStyles} data-path={path ? "" : undefined} data-far={isFar ? "" : undefined} {...editing?.handlers}>
            <ReactFlow<CanvasNode, LineEdge>
              aria-label={`Drawing of ${label}`}
              ariaLabelConfig={words}
              // React Flow puts this word on its root as a class, and our tokens listen to it.
              colorMode={mode}
              nodes={drawing.nodes}
              edges={drawing.edges}
              nodeTypes={nodeTypes}
              edgeTypes={edgeTypes}
              onInit={open}
              {...(read && { onNodeClick: (_, node) => node.type === "card" && node.data.look.channel && read(node.id) })}
              minZoom={zoom.min}
              maxZoom={zoom.max}
              nodesDraggable={false}
              nodesConnectable={false}
              nodesFocusable={editor === undefined}
              elementsSelectable={false}
              edgesFocusable={false}
              disableKeyboardA11y={editor !== undefined}
              onlyRenderVisibleElements={steps > stepsMounted}
              deleteKeyCode={null}
              selectionKeyCode={null}
              panOnScroll={!embedded}
              zoomOnScroll={false}
              preventScrolling={!embedded}
              zoomOnDoubleClick={false}
            >
              <Background gap={16} size={1} />
              {!embedded && steps >= stepsWithMap && (
                <MiniMap className="map" pannable zoomable ariaLabel="Small map of the flow" nodeClassName={mapClass} />
              )}
              <DrawingControls frame={editor?.keysFrom ?? frame} arrowsTaken={editor !== undefined} />
              {editing && <EditingLayer />}
            </ReactFlow>
          </Box>
        </ReadContext>
      </FoldingContext>
    </EditingContext>
  );
}

const mapClass = (node: CanvasNode): string => `on-map-${node.type} ${node.className ?? ""}`;
