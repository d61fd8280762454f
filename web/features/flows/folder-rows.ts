import type { FlowFolder } from "#contract/flow-folders.ts";
import type { FlowSummary } from "#contract/flows.ts";
import { withSubfolders } from "./flow-order.ts";

/** A folder in the tree of them, in the order in which they are read. */
export interface FolderRow {
  folder: FlowFolder;
  /** From 1. */
  level: number;
  position: number;
  siblings: number;
  hasFolders: boolean;
  /** The flows in it and in the folders inside. */
  flows: number;
}

/** The folders as a tree, without what stands in those that are closed. Folders that lead round in a ring are shown once each. */
export function folderRows(folders: readonly FlowFolder[], flows: readonly FlowSummary[], closed: ReadonlySet<string>): FolderRow[] {
  const known = new Set(folders.map(({ id }) => id));
  const inside = Map.groupBy(folders, ({ parentId }) => (parentId !== null && known.has(parentId) ? parentId : null));
  const rows: FolderRow[] = [];
  const seen = new Set<string>();
  const add = (parentId: string | null, level: number) => {
    const here = (inside.get(parentId) ?? []).toSorted((a, b) => a.name.localeCompare(b.name));
    for (const [index, folder] of here.entries()) {
      if (seen.has(folder.id)) continue;
      seen.add(folder.id);
      const within = withSubfolders(folder.id, folders);
      rows.push({
        folder,
        level,
        position: index + 1,
        siblings: here.length,
        hasFolders: inside.has(folder.id),
        flows: flows.filter(({ folderId }) => folderId !== null && within.has(folderId)).length,
      });
      if (!closed.has(folder.id)) add(folder.id, level + 1);
    }
  };
  add(null, 1);
  return rows;
}
