interface View {
  x: number;
  y: number;
  zoom: number;
}
interface Placed {
  position: { x: number; y: number };
  width?: number;
  height?: number;
}

/** The buttons above and below the drawing need that much room; at the sides it is only not to stick to the border. */
const margin = { x: 24, y: 60 } as const;

/**
 * The view moved as little as it takes to show the whole drawing, clear of the buttons that float over it. Where it does not
 * fit it stays as it is: whoever looks at a part of it has chosen that part.
 */
export function clearView(view: View, nodes: readonly Placed[], frame: { width: number; height: number }): View {
  if (nodes.length === 0) return view;
  const along = (axis: "x" | "y", side: "width" | "height"): number => {
    const first = Math.min(...nodes.map(({ position }) => position[axis])) * view.zoom + view[axis];
    const last = Math.max(...nodes.map((node) => node.position[axis] + (node[side] ?? 0))) * view.zoom + view[axis];
    const room = frame[side] - margin[axis];
    if (last - first > room - margin[axis]) return view[axis];
    return view[axis] + Math.max(0, margin[axis] - first) - Math.max(0, last - room);
  };
  return { x: along("x", "width"), y: along("y", "height"), zoom: view.zoom };
}
