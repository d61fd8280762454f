import { splitField, writeFieldPath } from "#contract/field-path.ts";
import type { FlowNode, FlowProblem } from "#contract/flows.ts";
import { findDefinition } from "#nodes/definitions.ts";
import { textsAt, valuesAt } from "#nodes/graph/texts-at.ts";
import { record } from "#nodes/node-panel.tsx";
import type { DraftContent } from "../draft/content.ts";
import { namedPaths } from "../operations/readers.ts";
import { stepName } from "../outline/step-name.ts";

/** Where a text was found. `step`: the step as a whole, which a word such as `is:problem` asks for. */
export type FoundPlace =
  | { in: "step" | "id" | "key" | "name" | "note" }
  /** `at`: the place in the settings. `isText`: it is written for people, so it may be replaced. */
  | { in: "setting"; at: string; isText: boolean }
  | { in: "line_note"; edgeId: string };

export interface Found {
  nodeId: string;
  place: FoundPlace;
  text: string;
  /** Where in the text it begins. */
  from: number;
}

export interface FindQuery {
  words: string;
  /** All of these must hold for a step. */
  filters: readonly { kind: "is" | "type" | "uses"; value: string }[];
}

/** Reads what somebody typed: `uses:firstname type:sms hello`. */
export function readQuery(typed: string): FindQuery {
  const filters: FindQuery["filters"][number][] = [];
  const words = typed.replaceAll(/(?:^|\s)(is|type|uses):(\S+)/gi, (_, kind: string, value: string) => {
    filters.push({ kind: kind.toLowerCase() as "is", value: value.toLowerCase() });
    return "";
  });
  return { words: words.trim().toLowerCase(), filters };
}

/** Every place of a flow at which a query is found, step by step in this order of their ids. */
export function findInFlow(content: DraftContent, query: FindQuery, problems: readonly FlowProblem[], order: readonly string[]): Found[] {
  const { words, filters } = query;
  if (words === "" && filters.length === 0) return [];
  const wrong = new Set(problems.flatMap(({ nodeId, severity }) => (nodeId !== undefined && severity !== "hint" ? [nodeId] : [])));
  const rank = new Map(order.map((id, index) => [id, index]));
  const fits = (node: FlowNode) =>
    filters.every(({ kind, value }) => {
      if (kind === "type") return `${node.type} ${findDefinition(node.type)?.label ?? ""}`.toLowerCase().includes(value);
      if (kind === "uses") return usedBy(node).some((name) => name === value || name.startsWith(`${value}.`) || name.endsWith(`.${value}`));
      return value === "off" ? node.data.off === true : value === "problem" && wrong.has(node.id);
    });
  return content.nodes
    .filter(fits)
    .toSorted((a, b) => (rank.get(a.id) ?? order.length) - (rank.get(b.id) ?? order.length))
    .flatMap((node) => {
      if (words === "") return [{ nodeId: node.id, place: { in: "step" as const }, text: stepName(node), from: 0 }];
      return textsOf(node, content.edges).flatMap(({ place, text }) =>
        beginnings(text, words).map((from) => ({ nodeId: node.id, place, text, from })),
      );
    });
}

export const isReplaceable = ({ place }: Found): boolean =>
  place.in === "name" || place.in === "note" || place.in === "line_note" || (place.in === "setting" && place.isText);

function textsOf(node: FlowNode, edges: DraftContent["edges"]): { place: FoundPlace; text: string }[] {
  const { label, note, key, config } = node.data;
  const templates = new Set(textsAt(config, findDefinition(node.type)?.names?.templates ?? []).map(({ at }) => at));
  return [
    // A step without a name of its own is called by its type.
    label ? { place: { in: "name" } as const, text: label } : { place: { in: "step" } as const, text: stepName(node) },
    ...(note ? [{ place: { in: "note" } as const, text: note }] : []),
    ...everyText(config).map(({ at, text }) => ({ place: { in: "setting" as const, at, isText: templates.has(at) }, text })),
    ...(key ? [{ place: { in: "key" } as const, text: key }] : []),
    { place: { in: "id" } as const, text: node.id },
    ...edges.flatMap(({ id, source, data }) => {
      const text = record(data).note;
      return source === node.id && typeof text === "string" ? [{ place: { in: "line_note" as const, edgeId: id }, text }] : [];
    }),
  ];
}

/** Every text and number in a configuration, with its place. */
function everyText(value: unknown, at: readonly string[] = []): { at: string; text: string }[] {
  if (typeof value === "string" || typeof value === "number") return [{ at: at.join("."), text: String(value) }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => everyText(inner, [...at, key]));
}

/** Lower case may be longer than what it comes from, so only texts of one length are compared by place. */
function beginnings(text: string, words: string): number[] {
  const folded = text.toLowerCase();
  const inText = folded.length === text.length ? folded : text;
  const found: number[] = [];
  for (let from = inText.indexOf(words); from !== -1; from = inText.indexOf(words, from + words.length)) found.push(from);
  return found;
}

/** The fields that a step names: in texts, in tests and in what it changes. */
function usedBy(node: FlowNode): string[] {
  const changed = valuesAt(node.data.config, findDefinition(node.type)?.names?.values ?? []).flatMap(({ value }) => {
    const { field } = record(value);
    return typeof field === "string" ? [splitField(field)] : [];
  });
  return [...namedPaths(node), ...changed].map((path) => writeFieldPath(path).toLowerCase());
}
