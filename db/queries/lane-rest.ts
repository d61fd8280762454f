/** A lane takes every n-th chunk of its send, beginning at its own. */
export interface LaneShape {
  chunkSize: number;
  lanes: number;
  /** How many are enrolled so far. */
  enrolled: number;
}

/** How many executions a lane has before it that nobody has taken, when it stands at `from`. */
export function laneRest(from: number, { chunkSize, lanes, enrolled }: LaneShape): number {
  if (from >= enrolled) return 0;
  const chunk = Math.floor(from / chunkSize);
  const here = Math.min((chunk + 1) * chunkSize, enrolled) - from;
  const last = Math.floor((enrolled - 1) / chunkSize);
  const further = Math.floor((last - chunk) / lanes);
  if (further === 0) return here;
  // All further chunks are full but perhaps the very last, if it falls to this lane.
  const isOfThisLane = (last - chunk) % lanes === 0;
  const missing = isOfThisLane ? (last + 1) * chunkSize - enrolled : 0;
  return here + further * chunkSize - missing;
}
