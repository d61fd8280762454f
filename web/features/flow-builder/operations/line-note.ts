import type { FlowEdge } from "#contract/flows.ts";
import { record } from "#nodes/node-panel.tsx";
import type { Graph } from "./exits.ts";

/** As long as that of a step. */
export const longestNote = 2000;

/** What somebody noted on a line between two steps, as other tools keep it too. */
export const lineNote = ({ data }: FlowEdge): string | undefined => {
  const { note } = record(data);
  return typeof note === "string" && note.trim() !== "" ? note : undefined;
};

/** Notes something on a line. Without a text the note goes, and what else is kept with the line stays. */
export function putLineNote(graph: Graph, edgeId: string, text: string): void {
  const edge = graph.edges.find(({ id }) => id === edgeId);
  if (!edge) return;
  const { note: _before, ...others } = record(edge.data);
  const data = text.trim() === "" ? others : { ...others, note: text.slice(0, longestNote) };
  if (Object.keys(data).length > 0) edge.data = data;
  else delete edge.data;
}

/** What is seen of a note where there is room for one line. */
export const firstLine = (note: string): string => note.trim().split("\n")[0] ?? "";
