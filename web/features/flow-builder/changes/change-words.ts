import type { FieldTest, TestGroup } from "#contract/field-tests.ts";
import type { FlowChange } from "#contract/flow-versions.ts";
import type { FlowNode } from "#contract/flows.ts";
import { record } from "#nodes/node-panel.tsx";
import { testListWords } from "#nodes/words/test-words.ts";
import { isolated } from "#ui/format.ts";
import { stepName } from "../outline/step-name.ts";
import { wordsOfKey } from "../panel/config-words.ts";

/** A change in a sentence; where a text was rewritten, with both texts, for their words to be compared. */
export interface ToldChange {
  words: string;
  texts?: { before: string; after: string; isHtml: boolean };
}

/** Says what differs between two contents of a flow, a sentence each, what was added and taken away first. */
export function changeWords(changes: readonly FlowChange[], before: readonly FlowNode[], after: readonly FlowNode[]): ToldChange[] {
  const nodes = new Map([...before, ...after].map((node) => [node.id, node]));
  const name = (id: string | undefined) => {
    const node = id === undefined ? undefined : nodes.get(id);
    return `“${isolated(node ? stepName(node) : (id ?? ""))}”`;
  };
  const order: FlowChange["kind"][] = ["name", "node_added", "node_removed", "node_changed", "edge_removed", "edge_added", "setting"];
  const sorted = changes.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const told = sorted.flatMap((change): ToldChange[] => {
    const words = sentenceOf(change, changes, name);
    if (words === undefined) return [];
    const texts = rewritten(change);
    return [texts && change.path ? { words: `${whereWords(change, change.path, name)} changed`, texts } : { words }];
  });
  const alike = Map.groupBy(told, ({ words }) => words);
  return [...alike.values()].map((all) => {
    const one = all[0] as ToldChange;
    // Steps may have the same name; that a line is told once for each of its exits says nothing new.
    const isCounted = all.length > 1 && / was (added|taken away)$/.test(one.words);
    return isCounted ? { ...one, words: `${one.words}, ${all.length} times` } : one;
  });
}

/** Both texts of what was rewritten. A name, a single word or a number is told in its sentence, which is shorter. */
function rewritten({ kind, path, from, to }: FlowChange): ToldChange["texts"] {
  if ((kind !== "node_changed" && kind !== "setting") || from === undefined || to === undefined) return undefined;
  const [before, after] = [inFull(from), inFull(to)];
  if (path === "data.label") return undefined;
  const isText = typeof from === "string" && typeof to === "string" && /\s/.test(before) && /\s/.test(after);
  if (!isText && Math.max(before.length, after.length) <= longestInSentence) return undefined;
  return { before, after, isHtml: path === "data.config.html" };
}

function whereWords({ kind, nodeId }: FlowChange, path: string, name: (id: string | undefined) => string): string {
  return kind === "setting" ? `The setting ${path}` : `${name(nodeId)}: ${placeWords(path)}`;
}

function sentenceOf(change: FlowChange, all: readonly FlowChange[], name: (id: string | undefined) => string): string | undefined {
  const { kind, nodeId, path = "", from, to, target } = change;
  if (kind === "name") return `The flow is called ${short(to)} instead of ${short(from)}`;
  if (kind === "node_added") return `${name(nodeId)} was added`;
  if (kind === "node_removed") return `${name(nodeId)} was taken away`;
  const where = whereWords(change, path, name);
  if (kind === "setting") return `${where} is ${short(to)}`;
  // Where a new step leads says nothing new; and an end that goes away is told by where the step leads now.
  if (kind === "edge_added") return isNew(all, nodeId) ? undefined : `${name(nodeId)} leads to ${name(target)}`;
  if (kind === "edge_removed") return undefined;
  if (to === undefined) return `${where} was taken away`;
  return from === undefined ? `${where} is now ${short(to)}` : `${where} is ${short(to)} instead of ${short(from)}`;
}

const isNew = (changes: readonly FlowChange[], id: string | undefined) =>
  changes.some(({ kind, nodeId }) => kind === "node_added" && nodeId === id);

/** "data.config.text" → "text": what a person sees as the name of the control. */
function placeWords(path: string): string {
  if (path === "type") return "the kind of step";
  if (path === "data.label") return "the name";
  if (path === "data.config.html") return "the text of the e-mail";
  if (path === "data.config" || path === "data") return "what is set up";
  return wordsOfKey(path.split(".")).toLowerCase();
}

/** Characters of a value that its sentence quotes. */
const longestInSentence = 60;

function short(value: unknown): string {
  const text = typeof value === "object" && !isTestList(value) ? JSON.stringify(value) : inFull(value);
  return `“${text.length > longestInSentence ? `${text.slice(0, longestInSentence - 3)}…` : text}”`;
}

/** A text as it is, tests in words, and any other settings as JSON with a line for each value. */
const inFull = (value: unknown): string =>
  typeof value === "string" ? value : isTestList(value) ? testListWords(value) : (JSON.stringify(value, null, 2) ?? "");

/** Tests of a step, and groups of them. Only what is set up tells itself in words. */
const isTestList = (value: unknown): value is (FieldTest | TestGroup)[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one) => {
    const { field, operator, tests } = record(one);
    return tests === undefined ? typeof field === "string" && typeof operator === "string" : isTestList(tests);
  });
