import type { FlowFolder } from "#contract/flow-folders.ts";
import type { FlowSummary } from "#contract/flows.ts";
import { foldName } from "#contract/fold.ts";
import { byFlowName } from "#web/entities/flows/flow-names.ts";

export const flowSorts = ["name", "steps", "active", "enrolled", "last_sent", "changed"] as const;
export type FlowSort = (typeof flowSorts)[number];

interface Question {
  search: string;
  /** The id of a folder, one of the shelves that is no folder, undefined for all flows. */
  folder: string | undefined;
  sort: FlowSort;
  direction: "asc" | "desc";
}

/** What is chosen like a folder and is none: flows in no folder, one's favourites, those that one opened, the archive, the bin. */
const shelves = ["none", "favourites", "opened", "archived", "deleted"] as const;
export const isShelf = (folder: string | undefined): boolean => shelves.some((shelf) => shelf === folder);

/** The flows that match, in the order asked for; those that one opened, the last one first. All flows are loaded, so no request is needed. */
export const orderFlows = (flows: readonly FlowSummary[], folders: readonly FlowFolder[], question: Question): FlowSummary[] => {
  const words = foldName(question.search).split(/\s+/).filter(Boolean);
  const isIn = placeTest(question.folder, folders);
  const found = flows.filter((flow) => words.every((word) => foldName(flow.name).includes(word)) && isIn(flow));
  if (question.folder === "opened") return found.sort((a, b) => time(b.openedAt) - time(a.openedAt));
  const turn = question.direction === "asc" ? 1 : -1;
  return found.sort((a, b) => turn * compare(a, b, question.sort) || byFlowName(a, b));
};

function placeTest(folder: string | undefined, folders: readonly FlowFolder[]): (flow: FlowSummary) => boolean {
  if (folder === undefined) return () => true;
  if (folder === "none") return ({ folderId }) => folderId === null;
  if (folder === "favourites") return ({ favourite }) => favourite;
  if (folder === "opened") return ({ openedAt }) => openedAt !== null;
  const inside = withSubfolders(folder, folders);
  return ({ folderId }) => folderId !== null && inside.has(folderId);
}

const compare = (a: FlowSummary, b: FlowSummary, sort: FlowSort): number => {
  switch (sort) {
    case "name":
      return byFlowName(a, b);
    case "steps":
      return a.stepCount - b.stepCount;
    case "active":
      return a.active - b.active;
    case "enrolled":
      return a.enrolled - b.enrolled;
    case "last_sent":
      return time(a.lastSentAt) - time(b.lastSentAt);
    case "changed":
      return time(a.updatedAt) - time(b.updatedAt);
  }
};

/** A flow that was never sent sorts before all others. */
const time = (at: string | null): number => (at === null ? 0 : Date.parse(at));

/** A folder and everything below it. The search also ends where folders lead round in a ring. */
export const withSubfolders = (id: string, folders: readonly FlowFolder[]): Set<string> => {
  const inside = new Set([id]);
  for (let before = 0; before !== inside.size; ) {
    before = inside.size;
    for (const folder of folders) if (folder.parentId !== null && inside.has(folder.parentId)) inside.add(folder.id);
  }
  return inside;
};

/** Folders as one flat list of choices, each named with its parents: "Sales / Spring". */
export const folderChoices = (folders: readonly FlowFolder[]): { value: string; label: string }[] => {
  const byId = new Map(folders.map((folder) => [folder.id, folder]));
  const pathOf = (folder: FlowFolder): string => {
    const names = [folder.name];
    const seen = new Set([folder.id]);
    for (let up = byId.get(folder.parentId ?? ""); up && !seen.has(up.id); up = byId.get(up.parentId ?? "")) {
      names.unshift(up.name);
      seen.add(up.id);
    }
    return names.join(" / ");
  };
  return folders.map((folder) => ({ value: folder.id, label: pathOf(folder) })).sort((a, b) => a.label.localeCompare(b.label));
};
