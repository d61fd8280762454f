import type { FieldTest, TestGroup } from "#contract/field-tests.ts";
import type { FlowChange } from "#contract/flow-versions.ts";
import type { FlowNode } from "#contract/flows.ts";
import { record } from "#nodes/node-panel.tsx";
import { testListWords } from "#nodes/words/test-words.ts";
import { stepName } from "../outline/step-name.ts";
import { wordsOfKey } from "../panel/config-words.ts";

/** Says what differs between two contents of a flow, a sentence each, what was added and taken away first. */
export function changeWords(changes: readonly FlowChange[], before: readonly FlowNode[], after: readonly FlowNode[]): string[] {
  const nodes = new Map([...before, ...after].map((node) => [node.id, node]));
  const name = (id: string | undefined) => {
    const node = id === undefined ? undefined : nodes.get(id);
    return node ? `“${stepName(node)}”` : `“${id ?? ""}”`;
  };
  const order: FlowChange["kind"][] = ["name", "node_added", "node_removed", "node_changed", "edge_removed", "edge_added", "setting"];
  const sorted = changes.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return [...new Set(sorted.flatMap((change) => sentenceOf(change, changes, name) ?? []))];
}

function sentenceOf(
  { kind, nodeId, path = "", from, to, target }: FlowChange,
  all: readonly FlowChange[],
  name: (id: string | undefined) => string,
): string | undefined {
  if (kind === "name") return `The flow is called ${short(to)} instead of ${short(from)}`;
  if (kind === "node_added") return `${name(nodeId)} was added`;
  if (kind === "node_removed") return `${name(nodeId)} was taken away`;
  if (kind === "setting") return `The setting ${path} is ${short(to)}`;
  // Where a new step leads says nothing new; and an end that goes away is told by where the step leads now.
  if (kind === "edge_added") return isNew(all, nodeId) ? undefined : `${name(nodeId)} leads to ${name(target)}`;
  if (kind === "edge_removed") return undefined;
  const place = placeWords(path);
  if (to === undefined) return `${name(nodeId)}: ${place} was taken away`;
  return from === undefined
    ? `${name(nodeId)}: ${place} is now ${short(to)}`
    : `${name(nodeId)}: ${place} is ${short(to)} instead of ${short(from)}`;
}

const isNew = (changes: readonly FlowChange[], id: string | undefined) =>
  changes.some(({ kind, nodeId }) => kind === "node_added" && nodeId === id);

/** "data.config.text" → "text": what a person sees as the name of the control. */
function placeWords(path: string): string {
  if (path === "type") return "the kind of step";
  if (path === "data.label") return "the name";
  if (path === "data.config" || path === "data") return "what is set up";
  return wordsOfKey(path.split(".")).toLowerCase();
}

function short(value: unknown): string {
  const text = typeof value === "string" ? value : isTestList(value) ? testListWords(value) : JSON.stringify(value);
  return `“${text.length > 60 ? `${text.slice(0, 57)}…` : text}”`;
}

/** Tests of a step, and groups of them. Only what is set up tells itself in words. */
const isTestList = (value: unknown): value is (FieldTest | TestGroup)[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one) => {
    const { field, operator, tests } = record(one);
    return tests === undefined ? typeof field === "string" && typeof operator === "string" : isTestList(tests);
  });
