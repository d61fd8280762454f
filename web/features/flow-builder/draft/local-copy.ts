import { z } from "zod";
import { FlowDraft } from "#contract/flow-drafts.ts";
import { isSame } from "./content.ts";
import type { CopyShelf, LocalCopy } from "./copy-shelf.ts";
import { deltaOf } from "./delta.ts";
import type { DraftStore } from "./draft-store.ts";
import { mergeDrafts } from "./merge-drafts.ts";
import { stillOpen, valueAt } from "./resting.ts";

/** Milliseconds from an edit until it is kept. */
const pause = 300;

const Content = FlowDraft.pick({ name: true, nodes: true, edges: true, settings: true });
/** What waited for a choice when the page was left waits for it again. */
const Waiting = z.array(
  z.object({ kind: z.enum(["name", "setting", "node", "edge"]), id: z.string(), isGone: z.boolean(), by: z.string().nullish() }),
);
const Kept = z.object({ tab: z.string(), at: z.number(), base: Content, content: Content, waiting: Waiting.default([]) });

export interface LocalCopies {
  /** What another page has left here that was never saved; undefined where there is nothing. */
  find(): Promise<LocalCopy | undefined>;
  /** Merges it into what is on screen, as one edit that can be undone. Answers whether the flow has room for it. */
  bringBack(copy: LocalCopy): boolean;
  throwAway(): void;
}

/**
 * Keeps what is edited in this browser until the server has it, so that neither a crash nor a closed window loses it. What
 * another page has left is not written over before somebody has said what is to become of it.
 */
export function keepLocalCopies(store: DraftStore, shelf: CopyShelf, tab: string = crypto.randomUUID()): LocalCopies {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the place is free for this page; nobody knows before it has looked. */
  let isOurs = false;
  let isKept = false;

  function settle(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!isOurs) return;
    const { content, saved, overlaps } = store.getState();
    if (deltaOf(saved, content)) {
      isKept = true;
      const waiting = overlaps.map(({ kind, id, mine, by }) => ({ kind, id, isGone: mine === undefined, by: by ?? null }));
      void shelf.write({ tab, at: Date.now(), base: saved, content, waiting });
    } else if (isKept) {
      isKept = false;
      void shelf.remove();
    }
  }
  store.subscribe((state, before) => {
    if (state.content !== before.content || state.saved !== before.saved || state.overlaps !== before.overlaps)
      timer ??= setTimeout(settle, pause);
  });
  const take = () => {
    isOurs = true;
    settle();
  };

  return {
    find: async () => {
      const read = Kept.safeParse(await shelf.read());
      const isOther = read.success && read.data.tab !== tab;
      if (isOther && !isSame(read.data.content, store.getState().content)) return read.data;
      // It is there, came from this page, or cannot be read.
      if (isOther) void shelf.remove();
      take();
      return undefined;
    },
    bringBack: ({ base, content, waiting }) => {
      const { content: now, overlaps, edit, accept } = store.getState();
      const { merged, overlaps: told } = mergeDrafts(base, content, now);
      const isDone = edit("bring back what was not saved", (draft) => void Object.assign(draft, merged));
      // Nothing to bring back is done too.
      if (!isDone && !isSame(merged, now)) return false;
      const before = waiting
        .filter(({ kind, id }) => !told.some((overlap) => overlap.kind === kind && overlap.id === id))
        .map(({ kind, id, isGone, by = null }) => ({
          kind,
          id,
          by,
          mine: isGone ? undefined : valueAt(merged, { kind, id }),
          theirs: undefined,
        }));
      accept({ overlaps: [...overlaps, ...told, ...stillOpen(before, merged, now)] });
      void shelf.remove();
      take();
      return true;
    },
    throwAway: () => {
      void shelf.remove();
      take();
    },
  };
}
