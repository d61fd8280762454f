import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { CopyShelf, LocalCopy } from "./copy-shelf.ts";
import { createDraftStore, type DraftStore } from "./draft-store.ts";
import { keepLocalCopies } from "./local-copy.ts";

const beginning = {
  flowId: "0198f5a0-0000-7000-8000-0000000000f1",
  name: "Flow",
  settings: {},
  nodes: ["a", "b"].map((id) => ({ id, type: "send_sms", position: { x: 0, y: 0 }, data: { config: { text: id } } })),
  edges: [],
  isDraft: false,
  revision: "1",
  problems: [],
  live: "live",
  liveChanged: false,
  updatedAt: null,
  updatedByName: null,
};

let kept: unknown;
const shelf: CopyShelf = {
  read: async () => kept,
  write: async (copy) => {
    kept = structuredClone(copy);
  },
  remove: async () => {
    kept = undefined;
  },
};
const open = () => createDraftStore(structuredClone(beginning));
const write = (store: DraftStore, at: number, text: string) =>
  store.getState().edit("write", (draft) => {
    const node = draft.nodes[at];
    if (node) node.data.config = { text };
  });
const texts = (store: DraftStore) => store.getState().content.nodes.map(({ data }) => data.config?.text);
/** A page that wrote and went away before anything was saved. */
async function leaveUnsaved(text = "unsaved"): Promise<LocalCopy> {
  const store = open();
  await keepLocalCopies(store, shelf, "earlier").find();
  write(store, 0, text);
  await vi.advanceTimersByTimeAsync(300);
  return kept as LocalCopy;
}

beforeEach(() => {
  kept = undefined;
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe("what is edited", () => {
  test("is kept a moment later, and no longer once the server has it", async () => {
    const store = open();
    const copies = keepLocalCopies(store, shelf);
    expect(await copies.find()).toBeUndefined();
    write(store, 0, "new");
    await vi.advanceTimersByTimeAsync(300);
    expect(kept).toMatchObject({ base: { name: "Flow" }, content: { nodes: [{ data: { config: { text: "new" } } }, {}] } });
    expect(await copies.find()).toBeUndefined();
    store.getState().accept({ saved: store.getState().content });
    await vi.advanceTimersByTimeAsync(300);
    expect(kept).toBeUndefined();
  });

  test("does not take the place of what another page has left, until it is said what becomes of that", async () => {
    const earlier = await leaveUnsaved();
    const store = open();
    const copies = keepLocalCopies(store, shelf);
    expect(await copies.find()).toEqual(earlier);
    write(store, 1, "later");
    await vi.advanceTimersByTimeAsync(300);
    expect(kept).toEqual(earlier);
    copies.throwAway();
    await vi.advanceTimersByTimeAsync(0);
    expect(kept).toMatchObject({ content: { nodes: [{ data: { config: { text: "a" } } }, { data: { config: { text: "later" } } }] } });
  });
});

describe("what another page has left", () => {
  test("is not offered where it cannot be read, or is there already", async () => {
    kept = { tab: "earlier", at: "noon" };
    expect(await keepLocalCopies(open(), shelf).find()).toBeUndefined();
    await leaveUnsaved("unsaved");
    const store = open();
    write(store, 0, "unsaved");
    expect(await keepLocalCopies(store, shelf).find()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(0);
    expect(await shelf.read()).not.toMatchObject({ tab: "earlier" });
  });

  test("comes back beside what was changed since, as one edit that can be undone", async () => {
    const earlier = await leaveUnsaved();
    const store = open();
    write(store, 1, "since");
    const copies = keepLocalCopies(store, shelf);
    expect(copies.bringBack(earlier)).toBe(true);
    expect(texts(store)).toEqual(["unsaved", "since"]);
    expect(store.getState().overlaps).toEqual([]);
    store.getState().undo();
    expect(texts(store)).toEqual(["a", "since"]);
  });

  test("asks again what waited for a choice when the page was left", async () => {
    const before = open();
    write(before, 0, "unsaved");
    keepLocalCopies(before, shelf, "earlier");
    await keepLocalCopies(before, shelf, "earlier").find();
    const theirs = open();
    write(theirs, 0, "theirs");
    before.getState().accept({
      saved: theirs.getState().content,
      overlaps: [
        { kind: "node", id: "a", mine: before.getState().content.nodes[0], theirs: theirs.getState().content.nodes[0], by: "Bea" },
      ],
    });
    await vi.advanceTimersByTimeAsync(500);
    const copies = keepLocalCopies(theirs, shelf, "later");
    const earlier = await copies.find();
    expect(earlier && copies.bringBack(earlier)).toBe(true);
    expect(texts(theirs)).toEqual(["unsaved", "b"]);
    expect(theirs.getState().overlaps).toMatchObject([
      { kind: "node", id: "a", by: "Bea", theirs: { data: { config: { text: "theirs" } } } },
    ]);
  });

  test("is told where somebody has changed the same, and both are there to choose from", async () => {
    const earlier = await leaveUnsaved();
    const store = open();
    write(store, 0, "theirs");
    keepLocalCopies(store, shelf).bringBack(earlier);
    expect(texts(store)).toEqual(["unsaved", "b"]);
    expect(store.getState().overlaps).toMatchObject([{ kind: "node", id: "a", theirs: { data: { config: { text: "theirs" } } } }]);
  });
});
