import type { ImportLine } from "#contract/flow-files.ts";
import type { Raw, RawReader } from "./raw-values.ts";

/** What is told about a step; the step is added by whoever translates it. */
export interface Note extends Omit<ImportLine, "nodeId" | "edgeId" | "step"> {
  /** It keeps the flow from being published until somebody says that it is decided. */
  holds?: true;
}

/** A step of the flow in the words of Sluice. */
export interface TranslatedStep {
  type: string;
  config: Raw;
  /** Exits by the names that connections may call them beside their own. */
  exits?: Readonly<Record<string, string>>;
  /** Steps that were named in the settings, where here a connection leads to them. */
  leads?: readonly { exit: string; target: string }[];
  /** An exit by which contacts went on to a step that the settings do not name. */
  mustLead?: { exit: string; message: string };
  /** It was switched off. */
  isOff?: boolean;
}

/** The steps in place of one, in the order in which contacts pass them, and what there is to tell. */
export interface Translation {
  steps: readonly [TranslatedStep, ...TranslatedStep[]];
  notes: readonly Note[];
}

export interface Surroundings {
  /** The ids of all nodes of the flow. */
  nodeIds: ReadonlySet<string>;
  /** The ids that nodes and connections have already. Those that are made of one join them, so that none is given twice. */
  taken: { nodes: Set<string>; edges: Set<string> };
}

/** Translates the settings of one kind of step. Undefined where they cannot be understood, which makes a placeholder. */
export type Translate = (settings: RawReader, around: Surroundings) => Translation | undefined;

export const step = (type: string, config: Raw, notes: readonly Note[] = [], more: Partial<TranslatedStep> = {}): Translation => ({
  steps: [{ type, config, ...more }],
  notes,
});

export const choice = (message: string): Note => ({ kind: "choice", message });
/** A choice about who is written to, when, or whether at all, where the step would run without it, and otherwise than meant. */
export const undecided = (message: string): Note => ({ ...choice(message), holds: true });
export const changed = (message: string, from?: string, to?: string): Note => ({
  kind: "changed",
  message,
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
});
export const withoutEffect = (message: string): Note => ({ kind: "without_effect", message });
