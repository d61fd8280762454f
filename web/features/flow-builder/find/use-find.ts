import { useDeferredValue, useMemo, useRef, useState } from "react";
import type { FlowProblem } from "#contract/flows.ts";
import { useNarrow } from "#ui/data-table/use-narrow.ts";
import { plural } from "#ui/format.ts";
import type { DraftContent } from "../draft/content.ts";
import type { DraftStore } from "../draft/draft-store.ts";
import { focusPlace } from "../problems/focus-place.ts";
import { tell } from "../tell.ts";
import { type Found, findInFlow, isReplaceable, readQuery } from "./find-in-flow.ts";
import { replaceFound } from "./replace-found.ts";

/** What is looked for in a flow, where it was found, and the ways there. `onShow` brings a step into sight. */
export function useFind(
  store: DraftStore,
  content: DraftContent,
  problems: readonly FlowProblem[],
  order: readonly string[],
  onShow: (nodeId: string) => void,
) {
  const isNarrow = useNarrow();
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const asked = useDeferredValue(typed);
  const query = useMemo(() => readQuery(asked), [asked]);
  const found = useMemo(() => (isOpen ? findInFlow(content, query, problems, order) : []), [isOpen, content, query, problems, order]);
  const current = found[at];

  /** The list may lag behind what is typed; a key that is pressed right after goes by what is typed. */
  const places = () => (asked === typed ? found : findInFlow(content, readQuery(typed), problems, order));

  /** Shows a step without taking the focus away from what was typed. */
  const show = (index: number, list: readonly Found[] = found) => {
    const one = list[index];
    if (!one) return;
    setAt(index);
    // On a narrow screen the settings would cover what is found.
    if (isNarrow) store.getState().focus(one.nodeId);
    else store.getState().select(one.nodeId, "quietly");
    onShow(one.nodeId);
  };
  return {
    isOpen,
    typed,
    found,
    at,
    input,
    words: query.words,
    open: () => {
      setOpen(true);
      requestAnimationFrame(() => input.current?.select());
    },
    close: () => {
      setOpen(false);
      const { active, reveal } = store.getState();
      if (active !== null) reveal(active);
    },
    type: (text: string) => {
      setTyped(text);
      setAt(-1);
    },
    /** Goes to the next place, or to the one before, and round again. */
    walk: (by: 1 | -1) => {
      const list = places();
      if (list.length > 0) show((Math.max(at, by === 1 ? -1 : 0) + by + list.length) % list.length, list);
    },
    /** Opens a place where it is changed. */
    enter: (index: number) => {
      const one = found[index];
      if (!one) return;
      show(index);
      store.getState().select(one.nodeId);
      if (one.place.in === "setting") focusPlace(one.place.at);
    },
    /** Replaces the present place, and goes on to the next one. */
    replace: (by: string) => {
      const one = current ?? found[0];
      if (!one) return;
      const index = found.indexOf(one);
      // What was replaced is found no more, so the next place comes to where it stood, unless the new text holds the word too.
      const stays = !isReplaceable(one) || by.toLowerCase().includes(query.words);
      if (isReplaceable(one)) replaceAll(store, [one], query.words, by);
      if (stays) show((index + 1) % found.length);
      else setAt(Math.min(index, found.length - 2));
    },
    replaceAll: (by: string) => {
      const all = found.filter(isReplaceable);
      if (replaceAll(store, all, query.words, by)) tell(`Replaced at ${plural(all.length, "place")}`, "Undo takes all of it back.");
      setAt(-1);
    },
  };
}

const replaceAll = (store: DraftStore, found: readonly Found[], words: string, by: string): boolean =>
  found.length > 0 && store.getState().edit(`replace “${words}” with “${by}”`, (draft) => replaceFound(draft, found, words.length, by));
