import { Box } from "@chakra-ui/react";
import { Background, MarkerType, MiniMap, ReactFlow, type ReactFlowInstance, ReactFlowProvider } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useMemo, useRef } from "react";
import type { FlowGraph, FlowProblem } from "#contract/flows.ts";
import { useColorMode } from "#ui/color-mode.tsx";
import { DrawingControls } from "./drawing-controls.tsx";
import { drawingStyles } from "./drawing-styles.ts";
import type { ExecutionPath } from "./execution-path.ts";
import { type CardNode, NodeCard } from "./node-card.tsx";
import { openingView } from "./opening-view.ts";
import { type CardEdge, RoutedEdge } from "./routed-edge.tsx";
import { type DrawnEdge, toDrawing } from "./to-drawing.ts";

export interface FlowDrawingProps {
  /** The name of the drawing for a screen reader: "Welcome Flow". */
  label: string;
  graph: FlowGraph;
  problems?: readonly FlowProblem[];
  /** The path of one execution. Its nodes are numbered and tinted, and the rest is muted. */
  path?: ExecutionPath;
  /** The drawing stands in a page that scrolls, so the wheel scrolls the page. */
  embedded?: boolean;
}

// These are constants, because a new object on each render makes React Flow mount every node again.
const nodeTypes = { card: NodeCard };
const edgeTypes = { routed: RoutedEdge };
/** React Flow's own words promise that a step can be selected, moved and deleted. */
const words = {
  "node.a11yDescription.default": "A step of the flow. The Tab key leads to the next one.",
  "node.a11yDescription.keyboardDisabled": "A step of the flow. The Tab key leads to the next one.",
  "edge.a11yDescription.default": "The way from one step to the next.",
};
const zoom = { min: 0.1, max: 2 };

/** Shows a flow as a picture in which nothing can be moved. */
export function FlowDrawing(props: FlowDrawingProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ label, graph, problems, path, embedded = false }: FlowDrawingProps) {
  const { mode } = useColorMode();
  const frame = useRef<HTMLDivElement>(null);
  const drawing = useMemo(() => toDrawing(graph, problems ?? [], path), [graph, problems, path]);
  const edges = useMemo(() => drawing.edges.map(toEdge), [drawing.edges]);
  const open = (instance: ReactFlowInstance<CardNode, CardEdge>) => {
    const size = frame.current?.getBoundingClientRect();
    if (size && size.width > 0) void instance.setViewport(openingView(drawing, { width: size.width, height: size.height }));
  };
  return (
    <Box ref={frame} css={drawingStyles} data-path={path ? "" : undefined}>
      <ReactFlow<CardNode, CardEdge>
        aria-label={`Drawing of ${label}`}
        ariaLabelConfig={words}
        // React Flow puts this word on its root as a class, and our tokens listen to it.
        colorMode={mode}
        nodes={drawing.nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onInit={open}
        minZoom={zoom.min}
        maxZoom={zoom.max}
        nodesDraggable={false}
        nodesConnectable={false}
        elementsSelectable={false}
        edgesFocusable={false}
        deleteKeyCode={null}
        panOnScroll={!embedded}
        zoomOnScroll={false}
        preventScrolling={!embedded}
        zoomOnDoubleClick={false}
      >
        <Background gap={16} size={1} />
        {!embedded && (
          <MiniMap className="map" pannable zoomable ariaLabel="Small map of the flow" nodeClassName={(node) => node.className ?? ""} />
        )}
        <DrawingControls frame={frame} />
      </ReactFlow>
    </Box>
  );
}

const arrow = { plain: "border-control", travelled: "accent-solid", untravelled: "border-emphasized" } as const;

const toEdge = (edge: DrawnEdge): CardEdge => ({
  id: edge.id,
  source: edge.source,
  target: edge.target,
  sourceHandle: edge.sourceHandle,
  type: "routed",
  data: { route: edge.route },
  label: edge.label,
  labelBgPadding: [6, 3],
  labelBgBorderRadius: 4,
  className: edge.look,
  // Edges of the path lie above the edges that cross them.
  zIndex: edge.look === "travelled" ? 1 : 0,
  markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16, color: `var(--chakra-colors-${arrow[edge.look]})` },
  ariaLabel: edge.label
    ? `${edge.label}: from ${edge.sourceLabel} to ${edge.targetLabel}`
    : `From ${edge.sourceLabel} to ${edge.targetLabel}`,
});
