import type { Graph } from "./exits.ts";

/** Switches steps off, or on again where all of them are off. The start cannot be switched off. */
export function switchSteps(graph: Graph, ids: readonly string[]): void {
  const chosen = graph.nodes.filter(({ id, type }) => ids.includes(id) && type !== "start");
  const isOff = chosen.every(({ data }) => data.off === true);
  for (const { data } of chosen) {
    if (isOff) delete data.off;
    else data.off = true;
  }
}
