import type { FlowNode } from "#contract/flows.ts";
import type { Place } from "./operations/exits.ts";

/** What is asked before the flow is changed: a type, whether to end there, a place, a step to go on at, a way to keep, another type, what may be lost, a note, or whether to publish. */
export type Question =
  | { what: "type"; places: readonly Place[] }
  | { what: "end"; places: readonly Place[]; node: FlowNode }
  | { what: "place"; ids: readonly string[] }
  | { what: "target"; place: Place }
  | { what: "way"; ids: readonly string[] }
  | { what: "replacement"; nodeId: string }
  | { what: "losses"; nodeId: string; type: string }
  | { what: "line_note"; edgeId: string }
  | { what: "publish" };
