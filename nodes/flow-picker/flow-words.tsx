import { plural } from "#ui/format.ts";
import type { FlowChoice } from "../node-panel.tsx";

/** Whether a flow can be started, in a word. */
export const flowState = ({ canStart, hasDraft }: Pick<FlowChoice, "canStart" | "hasDraft">): string =>
  canStart ? (hasDraft ? "Live, with unpublished changes" : "Live") : "Not published";

/** Says how many people are in a flow now. */
export const insideWords = (active: number): string =>
  active === 0 ? "Nobody is in it now" : `${plural(active, "person", "people")} in it now`;
