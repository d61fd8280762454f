import { Graph, layout as layOut } from "@dagrejs/dagre";
import { type Box, bend, type Line, type Point } from "./edge-path.ts";
import { rankFromStart } from "./rank-from-start.ts";

export interface LayoutInput {
  /** `part` 0 is the flow; the others are the pieces that are not connected with it. */
  boxes: readonly { id: string; width: number; height: number; part: number }[];
  /** A stem leads from a card to the head of one of its exits. The links of a box are in the order of its exits. */
  links: readonly { id: string; from: string; to: string; isStem: boolean }[];
}

export interface Layout {
  /** The middle of each box. */
  centres: Map<string, Point>;
  /** The corners of each line. */
  lines: Map<string, Point[]>;
  /** The lane of what is not connected. */
  lane: { x: number; y: number; width: number; height: number } | null;
}

const gap = { across: 40, down: 40, line: 28 } as const;
/** The lane stands this far from the flow, and its steps this far from its border; above them stands its name. */
const lane = { away: 96, padding: 24, title: 28 } as const;

/** Gives every box a place and every line its corners. The same flow is laid out the same way wherever and whenever it is. */
export const layoutOf = ({ boxes, links }: LayoutInput): Layout => {
  const partOf = new Map(boxes.map(({ id, part }) => [id, part]));
  const parts = [...Map.groupBy(boxes, ({ part }) => part)].sort(([a], [b]) => a - b);
  const within = Map.groupBy(links, ({ from, to }) => (partOf.get(from) === partOf.get(to) ? partOf.get(from) : undefined));
  const result: Layout = { centres: new Map(), lines: new Map(), lane: null };
  let right = 0;
  let below = 0;
  for (const [number, members] of parts) {
    const part = layOutPart(members, within.get(number) ?? []);
    const isLoose = number > 0;
    const top = below === 0 ? lane.title + lane.padding : below + gap.down;
    const by = isLoose ? { x: right + lane.away + lane.padding, y: top } : { x: 0, y: 0 };
    for (const [id, at] of part.centres) result.centres.set(id, moved(at, by));
    for (const [id, corners] of part.lines)
      result.lines.set(
        id,
        corners.map((at) => moved(at, by)),
      );
    if (isLoose) {
      below = by.y + part.height;
      const width = Math.max(result.lane?.width ?? 0, part.width + 2 * lane.padding);
      result.lane = { x: right + lane.away, y: 0, width, height: below + lane.padding };
    } else right = part.width;
  }
  const sizes = new Map(boxes.map((box) => [box.id, box]));
  for (const { id, from, to } of within.get(undefined) ?? []) {
    const start = lowerEdge(result.centres.get(from) as Point, (sizes.get(from)?.height ?? 0) / 2);
    const end = lowerEdge(result.centres.get(to) as Point, -(sizes.get(to)?.height ?? 0) / 2);
    result.lines.set(id, acrossTheAlley(start, end, right + lane.away / 2));
  }
  return result;
};

const moved = ({ x, y }: Point, by: Point): Point => ({ x: x + by.x, y: y + by.y });
const lowerEdge = ({ x, y }: Point, half: number): Point => ({ x, y: y + half });

/** From a step that nothing leads to into the flow: out of the lane, along it, and in above the target. */
const acrossTheAlley = (start: Point, end: Point, alley: number): Point[] => [
  start,
  { x: start.x, y: start.y + gap.down / 2 },
  { x: alley, y: start.y + gap.down / 2 },
  { x: alley, y: end.y - gap.down / 2 },
  { x: end.x, y: end.y - gap.down / 2 },
  end,
];

const layOutPart = (boxes: LayoutInput["boxes"], links: LayoutInput["links"]) => {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({
    rankdir: "TB",
    // The library also calls a function here, which its types do not tell.
    ranker: rankFromStart as unknown as string,
    // A head that says "Ends here" is taller, and the pills of a step stand in one row all the same.
    rankalign: "top",
    nodesep: gap.across,
    ranksep: gap.down,
    edgesep: gap.line,
  });
  // The library keeps the order in which boxes and links are added, but only of names that are no whole numbers.
  const names = new Map(boxes.map(({ id }, index) => [id, `box ${index}`]));
  const nameOf = (id: string) => names.get(id) as string;
  for (const { id, width, height } of boxes) graph.setNode(nameOf(id), { width, height });
  const between = links.filter(({ from, to }) => from !== to);
  for (const { id, from, to, isStem } of between) {
    // Without a weight of its own a head would drift down to where its line leads.
    graph.setEdge(nameOf(from), nameOf(to), { weight: isStem ? 20 : 1, width: 0, height: 0 }, id);
  }
  // The heuristic would save crossings at the price of the order of exits, which is how people read them.
  layOut(graph, { disableOptimalOrderHeuristic: true });
  const placed = new Map(boxes.map(({ id, width, height }): [string, Box] => [id, { ...centreOf(graph.node(nameOf(id))), width, height }]));
  const lines = links.map(({ id, from, to }): Line => {
    const points = from === to ? [] : (graph.edge(nameOf(from), nameOf(to), id).points as Point[]).slice(1, -1);
    return { id, from, to, points };
  });
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return { centres: placed, lines: bend(lines, placed, gap.down), width, height };
};

const centreOf = ({ x, y }: { x?: number; y?: number }): Point => ({ x: x ?? 0, y: y ?? 0 });
