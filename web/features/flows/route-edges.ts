import type { Point } from "./layered-layout.ts";
import { cardSize } from "./layout-graph.ts";

export interface EdgeRoute {
  /** The corners from the lower side of the source to the upper side of the target. All angles are right angles. */
  points: Point[];
  /** The place of the label. */
  label: Point;
}

interface Routed {
  source: string;
  target: string;
  /** The exit of the source, counted from the left, and the number of its exits. */
  exit: number;
  exits: number;
}

const { width, height, rowGap } = cardSize;
const laneGap = 14;

/**
 * Routes lines so that none runs behind a card. Between two rows lines run level, each branch of a node at its own
 * height so that no two of them look like one. Past a row they run where the layout left room. A line that leads back up
 * goes round on the right.
 */
export const routeEdges = (
  edges: readonly Routed[],
  positions: ReadonlyMap<string, Point>,
  bends: ReadonlyMap<number, Point[]>,
): EdgeRoute[] => {
  const right = Math.max(0, ...[...positions.values()].map((place) => place.x + width));
  let lanes = 0;
  return edges.map((edge, index) => {
    const from = positions.get(edge.source) ?? { x: 0, y: 0 };
    const to = positions.get(edge.target) ?? { x: 0, y: 0 };
    const start = { x: from.x + (width * (edge.exit + 1)) / (edge.exits + 1), y: from.y + height };
    const end = { x: to.x + width / 2, y: to.y };
    const passed = bends.get(index);
    if (passed === undefined || end.y <= start.y) return upward(start, end, right + 24 + laneGap * lanes++);
    const points = [start];
    let x = start.x;
    for (const [at, stop] of [...passed, end].entries()) {
      const level = stop.y - rowGap + (at === 0 ? firstLevel(edge, stop.x - x) : rowGap / 2);
      points.push({ x, y: level }, { x: stop.x, y: level });
      x = stop.x;
    }
    points.push(end);
    const [, before, after] = points;
    return { points: corners(points), label: middle(before as Point, after as Point) };
  });
};

/**
 * How far below its node a branch turns. Of the branches that go left the leftmost turns first, and of those that go
 * right the rightmost, so that no branch crosses another on its way out.
 */
const firstLevel = ({ exit, exits }: Routed, sideways: number): number => {
  const place = sideways < 0 ? exit : exits - 1 - exit;
  return (rowGap * (place + 1)) / (exits + 1);
};

const upward = (start: Point, end: Point, lane: number): EdgeRoute => {
  const below = start.y + rowGap / 2;
  const above = end.y - rowGap / 2;
  const points = [start, { x: start.x, y: below }, { x: lane, y: below }, { x: lane, y: above }, { x: end.x, y: above }, end];
  return { points, label: middle({ x: start.x, y: below }, { x: lane, y: below }) };
};

const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/** Removes points that are not corners. */
const corners = (points: Point[]): Point[] =>
  points.filter((point, index) => {
    const before = points[index - 1];
    const after = points[index + 1];
    if (!before || !after) return true;
    const straight = (before.x === point.x && point.x === after.x) || (before.y === point.y && point.y === after.y);
    return !straight;
  });

/** The line as an SVG path with rounded corners. */
export const roundedPath = (points: readonly Point[], radius = 6): string => {
  const [first] = points;
  if (!first) return "";
  let path = `M ${first.x} ${first.y}`;
  for (let index = 1; index < points.length; index++) {
    const point = points[index] as Point;
    const next = points[index + 1];
    if (!next) {
      path += ` L ${point.x} ${point.y}`;
      continue;
    }
    const before = towards(point, points[index - 1] as Point, radius);
    const after = towards(point, next, radius);
    path += ` L ${before.x} ${before.y} Q ${point.x} ${point.y} ${after.x} ${after.y}`;
  }
  return path;
};

/** A point at most `radius` from `from` on the way to `to`, and never past the half of it: two corners may be close. */
const towards = (from: Point, to: Point, radius: number): Point => {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const part = length === 0 ? 0 : Math.min(radius, length / 2) / length;
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
};
