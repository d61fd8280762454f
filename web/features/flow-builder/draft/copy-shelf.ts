import type { DraftContent } from "./content.ts";
import type { Overlap } from "./merge-drafts.ts";

/** What was edited and is not saved, as it is kept in this browser. */
export interface LocalCopy {
  /** The page that keeps it. Each time that a flow is opened is a page of its own. */
  tab: string;
  /** When it was written, milliseconds. */
  at: number;
  /** What the server had. */
  base: DraftContent;
  content: DraftContent;
  /** What waited for a choice between two editors, and whether it was taken away here. */
  waiting: readonly { kind: Overlap["kind"]; id: string; isGone: boolean; by?: string | null | undefined }[];
}

/** The place of one flow's copy. What it gives back was written by any version of this page, so it is read with care. */
export interface CopyShelf {
  read(): Promise<unknown>;
  write(copy: LocalCopy): Promise<void>;
  remove(): Promise<void>;
}

const name = "copies";
let opened: Promise<IDBDatabase> | undefined;

const open = () => {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open("sluice-drafts", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
};

/** A browser that keeps nothing, as in a private window, has no copy; what is not saved is then lost with the page. */
async function act(mode: IDBTransactionMode, what: (copies: IDBObjectStore) => IDBRequest): Promise<unknown> {
  try {
    const database = await open();
    return await new Promise((resolve, reject) => {
      const request = what(database.transaction(name, mode).objectStore(name));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } catch {
    return undefined;
  }
}

/** By the person too, because several may use one browser. */
export const shelfOf = (userId: string, flowId: string): CopyShelf => {
  const key = `${userId} ${flowId}`;
  return {
    read: () => act("readonly", (copies) => copies.get(key)),
    write: async (copy) => void (await act("readwrite", (copies) => copies.put(copy, key))),
    remove: async () => void (await act("readwrite", (copies) => copies.delete(key))),
  };
};
