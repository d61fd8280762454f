import type { Selection } from "#contract/contacts.ts";
import type { FieldTest } from "#contract/field-tests.ts";
import type { FlowNode } from "#contract/flows.ts";
import type { Launch } from "#contract/launch-values.ts";
import type { DraftMessagePreview, PreviewedContact } from "#contract/message-previews.ts";
import type { Reason } from "#contract/reasons.ts";
import type { NodeContext, Outcome, Output } from "./flow/node-executor.ts";

export interface PreviewMessageInput extends Pick<Launch, "values" | "contactValues"> {
  workspaceId: string;
  flowId: string;
  nodeId: string;
  selection: Selection;
}

/** What is taken away from a message, node types tell. */
export type WrittenPreview = Omit<DraftMessagePreview, "removed">;

/** A message as it is being written. */
export interface DraftMessageInput {
  workspaceId: string;
  flowId: string;
  node: FlowNode;
}

export interface JudgeTestsInput {
  workspaceId: string;
  who: "newest" | (string & {});
  tests: readonly FieldTest[];
}

/** Without a contact where there is none. */
export interface JudgedTests {
  contactId: string | null;
  contactName: string | null;
  newer: string | null;
  older: string | null;
  /** In the order of the tests, with the value that was found. `held` is null where it would have been too much to compare. */
  verdicts: { held: boolean | null; actual: unknown }[];
}

export interface PreviewStepInput extends DraftMessageInput {
  who: PreviewedContact;
  /** What earlier steps and the start of the flow would have left, by name. */
  values?: Readonly<Record<string, string>>;
}

/** A step at a contact, outside of any execution. Without a contact where it is made up; `newer` and `older` are its neighbours. */
export interface StepPreview {
  contactId: string | null;
  contactName: string | null;
  newer: string | null;
  older: string | null;
  type: string;
  execute(context: NodeContext<unknown>): Outcome;
  /** What the executor is given if the contact comes to the step now, before anything of the flow has run for it. */
  context: NodeContext<unknown>;
}

/** What a step would do to a contact now: what the history would keep, or why it could not be done. */
export interface ResultPreview extends Pick<StepPreview, "contactId" | "contactName" | "newer" | "older"> {
  result: Output;
  reason: Reason | null;
  problem: string | null;
}
