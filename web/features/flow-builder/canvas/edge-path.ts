export interface Point {
  x: number;
  y: number;
}
/** A box by its middle. */
export interface Box extends Point {
  width: number;
  height: number;
}
/** `points` are where the line passes, one for each gap between rows and one for each row that it goes through. */
export interface Line {
  id: string;
  from: string;
  to: string;
  points: readonly Point[];
}

/** A line that is nearly straight is drawn straight. */
const nearly = 14;

/** A piece of a line that lies level in the gap between two rows. */
interface Level {
  from: string;
  to: string;
  start: number;
  end: number;
  /** The middle of the gap. */
  gap: number;
  lane: number;
  y: number;
}

/**
 * The corners of lines that go down and across only. In each gap between two rows they turn on lanes of their own, so
 * that two lines never look like one. The lines of one source and those of one target share a lane: they are meant to
 * look like one.
 */
export const bend = (lines: readonly Line[], boxes: ReadonlyMap<string, Box>, gapHeight: number): Map<string, Point[]> => {
  const drawn = lines.map((line) => {
    const from = boxes.get(line.from) as Box;
    const to = boxes.get(line.to) as Box;
    if (line.from === line.to) return { line, ends: [], levels: [], loop: loopBeside(from) };
    const { start, end } = endsOf(from, to);
    // Of the points every second one lies in a row, between two boxes. The others lie in the gaps, where the line turns.
    const gaps = line.points.filter((_, index) => index % 2 === 0).map(({ y }) => y);
    const columns = straightened([start.x, ...line.points.filter((_, index) => index % 2 === 1).map(({ x }) => x), end.x]);
    const levels = gaps.map((gap, index): Level => {
      const [a, b] = [columns[index] as number, columns[index + 1] as number];
      return { from: line.from, to: line.to, start: a, end: b, gap, lane: 0, y: gap };
    });
    return { line, ends: [{ x: columns[0] as number, y: start.y }, end], levels, loop: undefined };
  });
  giveLanes(
    drawn.flatMap(({ levels }) => levels.filter(({ start, end }) => start !== end)),
    gapHeight,
  );
  return new Map(
    drawn.map(({ line, ends: [first, last], levels, loop }) => {
      if (loop || !first || !last) return [line.id, loop ?? []];
      const turns = levels
        .filter(({ start, end }) => start !== end)
        .flatMap(({ start, end, y }) => [
          { x: start, y },
          { x: end, y },
        ]);
      return [line.id, [first, ...turns, last]];
    }),
  );
};

/** A line leaves at the bottom and arrives at the top, in the middle. One that leads back goes up beside the middle. */
const endsOf = (from: Box, to: Box): { start: Point; end: Point } => {
  if (to.y > from.y) return { start: { x: from.x, y: from.y + from.height / 2 }, end: { x: to.x, y: to.y - to.height / 2 } };
  const aside = (box: Box) => box.x + Math.min(80, box.width / 3);
  return { start: { x: aside(from), y: from.y - from.height / 2 }, end: { x: aside(to), y: to.y + to.height / 2 } };
};

const loopBeside = ({ x, y, width }: Box): Point[] => {
  const right = x + width / 2;
  return [
    { x: right, y: y + 12 },
    { x: right + 18, y: y + 12 },
    { x: right + 18, y: y - 12 },
    { x: right, y: y - 12 },
  ];
};

/** The end stays where it is, so that lines which meet do so in one point. */
const straightened = (columns: number[]): number[] => {
  for (let index = columns.length - 2; index >= 0; index--) {
    const next = columns[index + 1] as number;
    if (Math.abs((columns[index] as number) - next) < nearly) columns[index] = next;
  }
  return columns;
};

const giveLanes = (levels: readonly Level[], gapHeight: number): void => {
  for (const [gap, mine] of Map.groupBy(levels, (level) => Math.round(level.gap))) {
    // Of the lines that go left the leftmost turns first, and of those that go right the rightmost: so none crosses
    // another on its way out.
    const order = (level: Level) => (level.end < level.start ? level.start : -level.start);
    const placed: Level[] = [];
    for (const level of mine.toSorted((a, b) => order(a) - order(b))) {
      const near = placed.filter((other) => overlap(level, other));
      const kin = near.find((other) => other.from === level.from || other.to === level.to);
      level.lane = kin?.lane ?? Math.max(-1, ...near.map((other) => other.lane)) + 1;
      placed.push(level);
    }
    const lanes = Math.max(...mine.map(({ lane }) => lane)) + 1;
    for (const level of mine) level.y = gap + gapHeight * ((level.lane + 1) / (lanes + 1) - 0.5);
  }
};

const overlap = (a: Level, b: Level): boolean =>
  Math.max(Math.min(a.start, a.end), Math.min(b.start, b.end)) <= Math.min(Math.max(a.start, a.end), Math.max(b.start, b.end));

/** The line as an SVG path with rounded corners. */
export const roundedPath = (points: readonly Point[], radius = 10): string =>
  points
    .map((point, index) => {
      const before = points[index - 1];
      const next = points[index + 1];
      if (!before) return `M ${point.x} ${point.y}`;
      if (!next) return `L ${point.x} ${point.y}`;
      const [a, b] = [towards(point, before, radius), towards(point, next, radius)];
      return `L ${a.x} ${a.y} Q ${point.x} ${point.y} ${b.x} ${b.y}`;
    })
    .join(" ");

/** A point at most `radius` from `from` on the way to `to`, and never past the half of it: two corners may be close. */
const towards = (from: Point, to: Point, radius: number): Point => {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const part = length === 0 ? 0 : Math.min(radius, length / 2) / length;
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
};
