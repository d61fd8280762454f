import { Box } from "@chakra-ui/react";
import type { ComponentType, ReactNode } from "react";
import type { CatalogueField } from "#contract/fields.ts";
import type { DraftMessagePreview, MessageSurvey } from "#contract/message-previews.ts";
import type { TestShares, TestVerdicts } from "#contract/test-shares.ts";
import type { MergeFields } from "#ui/merge-fields/merge-fields.ts";

/** Where a setting stands: `["branches", 0, "label"]`. */
export type Path = readonly (string | number)[];

/** A field that a test may name. */
export interface TestField {
  path: string;
  label: string;
  group: string;
  kind: CatalogueField["kind"];
  /** Values in use, the most frequent first. */
  choices?: readonly string[];
  /** What values are called where they are no words, such as those of exits. */
  choiceNames?: Readonly<Record<string, string>>;
}

/** A flow that a step may name. */
export interface FlowChoice {
  id: string;
  name: string;
  canStart: boolean;
  /** Whether something of it is edited and not published. */
  hasDraft: boolean;
  /** How many people are in it now. */
  active: number;
  /** It is the flow in which the step stands. */
  isThis: boolean;
}

/** What the settings of a step may name, and what is wrong with them. */
export interface PanelFacts {
  flows: readonly FlowChoice[];
  /** Whether the list of flows is there, so that a flow that is not in it is gone. */
  flowsStatus: "pending" | "error" | "ready";
  /** The steps before this one, for going back. */
  steps: readonly { id: string; label: string }[];
  /** Names of fields to offer where a step names one without braces. */
  fields: readonly string[];
  /** The fields that a test of the step may look at, in the order of their groups. */
  testFields: readonly TestField[];
  /** The secrets that a step may name; none where the person may not see their names. */
  secrets?: readonly { name: string }[];
  /** The fields that a text of the step may hold. */
  mergeFields: MergeFields;
  /** The places that hold merge fields, with `*` for the items of lists: `branches.*.label`. */
  templates: readonly string[];
  problemAt(path: Path): string | undefined;
  disabled: boolean;
}

/** What a message that is being written becomes, for the panels of steps that send one. */
export interface MessageFacts {
  /** For the chosen contact; the last answer while a new one is awaited. */
  preview: DraftMessagePreview | undefined;
  /** For the newest contacts. */
  survey: MessageSurvey | undefined;
  /** The message as it leaves for the chosen contact, and the choice of whom. */
  view: ReactNode;
}

/** How the tests of a step come out today. */
export interface TestFacts {
  /** How many contacts each branch takes; of a step with one group of tests there is one. */
  shares: { status: "pending" | "error" | "ready"; answer: TestShares | undefined };
  /** What is missing in the first branch that cannot be counted, because it is not set up: its place. */
  unsetFrom: number | undefined;
  /** How the test at a place comes out for the contact of the preview. */
  verdictAt(path: Path): TestVerdicts["verdicts"][number] | undefined;
  /** What the contact is called; undefined where there is none. */
  contactName: string | undefined;
  /** The choice of whom the tests are asked. */
  chooser: ReactNode;
}

/** What a hand-made panel is given. Its values are as typed so far, so any of them may be missing or not allowed yet. */
export interface NodePanelProps {
  value: Readonly<Record<string, unknown>>;
  /**
   * Puts a value at a place; undefined takes the setting away. Values that follow each other at one place are taken back
   * together, as what is typed; `whole` is one that is taken back alone.
   */
  set(path: Path, value: unknown, whole?: "whole"): void;
  facts: PanelFacts;
  message?: MessageFacts | undefined;
  /** What the step would do for the chosen contact, drawn by the builder; only of types of which that can be told. */
  preview?: ReactNode;
  tests?: TestFacts | undefined;
  /** The control that the schema yields for a setting, with everything inside it. A panel makes by hand only what is better so. */
  control(key: string): ReactNode;
}
export type NodePanel = ComponentType<NodePanelProps>;

/**
 * Marks where a setting has its control, so that a problem leads there. Generated controls have their mark already. A test
 * holds that every setting of every panel has one.
 */
export function Place({ at, children }: { at: Path; children: ReactNode }) {
  return <Box data-setting={at.join(".")}>{children}</Box>;
}

export const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** A value with another one at a place inside of it. Undefined takes a key, or an item of a list, away. */
export function putAt(value: unknown, [part, ...rest]: Path, next: unknown): unknown {
  if (part === undefined) return next;
  if (typeof part === "number") {
    const items: unknown[] = Array.isArray(value) ? [...value] : [];
    items[part] = putAt(items[part], rest, next);
    return items.filter((item) => item !== undefined);
  }
  const { [part]: before, ...others } = record(value);
  const inner = putAt(before, rest, next);
  if (inner === undefined) return others;
  return Object.hasOwn(record(value), part) ? { ...record(value), [part]: inner } : { ...others, [part]: inner };
}
