import { splitField } from "#contract/field-path.ts";
import type { ProblemFix } from "#contract/flow-problems.ts";
import type { FlowNode, FlowProblem } from "#contract/flows.ts";
import { parseTemplate } from "#contract/template.ts";
import { undecidedOf } from "#nodes/graph/undecided.ts";
import { putAt, record } from "#nodes/node-panel.tsx";
import type { DraftContent } from "../draft/content.ts";
import { connect, newNode } from "../operations/change-graph.ts";
import { exitOfEdge } from "../operations/exits.ts";
import { insertNode } from "../operations/insert.ts";
import { removeSteps } from "../operations/remove.ts";

/** Carries out what makes a problem go away, on a draft. Where the place is gone by now, nothing happens. */
export function applyFix(draft: DraftContent, problem: FlowProblem, fix: ProblemFix): void {
  const nodeId = ("nodeId" in fix ? fix.nodeId : undefined) ?? problem.nodeId;
  const node = draft.nodes.find(({ id }) => id === nodeId);
  switch (fix.kind) {
    case "set":
      putConfig(node, fix.field ?? problem.field ?? "", fix.value);
      break;
    case "remove":
      putConfig(node, problem.field ?? "", undefined);
      break;
    case "replace_field": {
      const before = valueAt(node?.data.config, problem.field ?? "");
      if (typeof before === "string") putConfig(node, problem.field ?? "", replaceField(before, fix.value));
      break;
    }
    case "set_key":
      // Two nodes may have the same key, and then the later one is renamed.
      if (node) node.data.key = fix.value;
      break;
    case "set_type":
      if (node) node.type = fix.value;
      break;
    case "decide":
      if (node) decide(node, fix.value);
      break;
    case "delete_step":
      if (node) removeSteps(draft, [node.id]);
      break;
    case "delete_edge":
      removeEdge(draft, problem.edgeId);
      break;
    case "add_step":
      if (node) {
        const added = newNode(fix.value.type);
        added.data.config = structuredClone(fix.value.config);
        insertNode(draft, { source: node.id, exit: fix.value.exit }, added);
      }
      break;
    case "add_start":
      if (node) {
        const start = newNode("start");
        draft.nodes.unshift(start);
        connect(draft, { source: start.id, exit: "next" }, node.id);
      }
      break;
    case "go_to":
      putGoTo(draft, problem, fix.value);
      break;
    case "rename_twins":
      renameTwins(draft.nodes);
      renameTwins(draft.edges);
      break;
    case "open":
      break;
  }
}

function decide({ data }: FlowNode, question: string): void {
  const left = undecidedOf(data).filter((one) => one !== question);
  if (left.length > 0) data.undecided = left;
  else delete data.undecided;
}

const pathOf = (field: string) => (field === "" ? [] : field.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part)));

function putConfig(node: FlowNode | undefined, field: string, value: unknown): void {
  if (node) node.data.config = record(putAt(node.data.config ?? {}, pathOf(field), value));
}

const valueAt = (config: unknown, field: string): unknown =>
  pathOf(field).reduce<unknown>((value, part) => (Array.isArray(value) ? value[Number(part)] : record(value)[String(part)]), config);

/** Replaces the path of a merge field wherever it stands in a text; its filters stay behind the new one. */
export function replaceField(text: string, { from, to }: { from: string; to: string }): string {
  return text.replace(/\{\{(\s*)([^}|]*?)(\s*)(?=\||\}\})/g, (whole, before: string, name: string, after: string) =>
    isSamePath(name, from) ? `{{${before}${to}${after}` : whole,
  );
}

function isSamePath(name: string, from: string): boolean {
  if (name === from) return true;
  const path = parseTemplate(`{{ ${name} }}`).fields[0]?.path;
  return path !== undefined && path.join("\n") === splitField(from).join("\n");
}

/** A “Go to” stands where the line was, and goes back to where the line led. */
function putGoTo(draft: DraftContent, { edgeId }: FlowProblem, { times, pauseSeconds }: { times: number; pauseSeconds: number }): void {
  const edge = draft.edges.find(({ id }) => id === edgeId);
  const source = draft.nodes.find(({ id }) => id === edge?.source);
  if (!edge || !source) return;
  const goTo = newNode("go_to");
  goTo.data.config = { target: edge.target, times, pauseSeconds };
  const exit = exitOfEdge(source, edge);
  draft.nodes.push(goTo);
  connect(draft, { source: source.id, exit }, goTo.id);
}

/** Of several edges with one id, the last is the one that was told. */
function removeEdge({ edges }: DraftContent, edgeId: string | undefined): void {
  const index = edges.findLastIndex(({ id }) => id === edgeId);
  if (index !== -1) edges.splice(index, 1);
}

function renameTwins(list: { id: string }[]): void {
  const taken = new Set(list.map(({ id }) => id));
  const seen = new Set<string>();
  for (const item of list) {
    let free = item.id;
    for (let count = 2; seen.has(item.id) && taken.has(free); count += 1) free = `${item.id}_${count}`;
    if (free !== item.id) item.id = free;
    taken.add(free);
    seen.add(free);
  }
}
