import { cardSize } from "./plan-drawing.ts";

interface Placed {
  nodes: readonly { id: string; position: { x: number; y: number }; width?: number; height?: number }[];
  /** The node that is shown when the whole drawing would be too small to read. */
  focusId: string | null;
}

const readable = 0.75;
const margin = 32;
/** The buttons over a drawing that can be changed need more room above and below it. */
const marginOfEditor = 60;

/**
 * The view with which a drawing opens. It shows everything where that can be read, at most in natural size. Otherwise it
 * is readable and shows the start, or the present node of the execution, near the top, because 500 nodes fitted into a
 * phone are a grey smear.
 */
export const openingView = (
  { nodes, focusId }: Placed,
  frame: { width: number; height: number },
  { smallest = readable, isEdited = false }: { smallest?: number | undefined; isEdited?: boolean } = {},
): { x: number; y: number; zoom: number } => {
  if (nodes.length === 0) return { x: 0, y: 0, zoom: 1 };
  const left = Math.min(...nodes.map((node) => node.position.x));
  const top = Math.min(...nodes.map((node) => node.position.y));
  const width = Math.max(...nodes.map((node) => node.position.x + (node.width ?? 0))) - left;
  const height = Math.max(...nodes.map((node) => node.position.y + (node.height ?? 0))) - top;
  const above = isEdited ? marginOfEditor : margin;
  const fitting = Math.min(1, (frame.width - 2 * margin) / width, (frame.height - 2 * above) / height);
  if (fitting >= smallest) {
    return {
      x: (frame.width - width * fitting) / 2 - left * fitting,
      y: (frame.height - height * fitting) / 2 - top * fitting,
      zoom: fitting,
    };
  }
  const focus = nodes.find((node) => node.id === focusId) ?? nodes[0];
  const room = frame.width - 2 * margin;
  const zoom = Math.min(1, room / width >= readable ? room / width : Math.max(readable, room / (cardSize.width * 2.5)));
  const middle = (focus?.position.x ?? 0) + cardSize.width / 2;
  const x = frame.width / 2 - middle * zoom;
  const y = frame.height / 3 - (focus?.position.y ?? 0) * zoom;
  return { x: kept(x, left * zoom, width * zoom, frame.width), y: kept(y, top * zoom, height * zoom, frame.height, above), zoom };
};

/** Moves the view so that no more empty space than the margin is shown beyond either end. A drawing that fits is centred. */
const kept = (offset: number, start: number, length: number, frame: number, beside = margin): number => {
  if (length <= frame - 2 * beside) return (frame - length) / 2 - start;
  return Math.min(beside - start, Math.max(frame - beside - length - start, offset));
};
