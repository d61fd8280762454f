import { putAt, record } from "#nodes/node-panel.tsx";
import type { DraftContent } from "../draft/content.ts";
import { type Found, isReplaceable } from "./find-in-flow.ts";

const longest = { name: 200, note: 2000 } as const;

/** Writes another text wherever it was found and may be replaced. */
export function replaceFound(draft: DraftContent, found: readonly Found[], length: number, by: string): void {
  // From the end, so that the places before it stay where they are.
  for (const one of found.toReversed()) if (isReplaceable(one)) replaceOne(draft, one, length, by);
}

function replaceOne(draft: DraftContent, { nodeId, place, from }: Found, length: number, by: string): void {
  const write = (text: string) => text.slice(0, from) + by + text.slice(from + length);
  const node = draft.nodes.find(({ id }) => id === nodeId);
  if (!node) return;
  if (place.in === "name" && node.data.label !== undefined) node.data.label = write(node.data.label).slice(0, longest.name);
  if (place.in === "note" && node.data.note !== undefined) node.data.note = write(node.data.note).slice(0, longest.note);
  if (place.in === "setting") {
    const path = place.at.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    const text = path.reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], node.data.config);
    if (typeof text === "string") node.data.config = record(putAt(node.data.config, path, write(text)));
  }
  if (place.in === "line_note") {
    const edge = draft.edges.find(({ id }) => id === place.edgeId);
    const { note } = record(edge?.data);
    if (edge && typeof note === "string") edge.data = { ...record(edge.data), note: write(note).slice(0, longest.note) };
  }
}
