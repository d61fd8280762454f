import { type RefObject, useEffect } from "react";
import { readFlowPart } from "#contract/flow-part.ts";
import { validateFlow } from "#nodes/graph/validate-flow.ts";
import { plural } from "#ui/format.ts";
import type { BuilderActions } from "./actions.ts";
import type { DraftStore } from "./draft/draft-store.ts";
import type { clipboardKeys } from "./keys/builder-keys.ts";
import type { Place } from "./operations/exits.ts";
import { partOf } from "./operations/part.ts";
import { pastePart } from "./operations/paste.ts";
import { placesAfter } from "./operations/places.ts";
import { chosenSteps } from "./outline/chosen-steps.ts";
import type { OutlineRow } from "./outline/outline-rows.ts";
import { namesIn } from "./outline/step-name.ts";
import { tell } from "./tell.ts";

interface ClipboardUse {
  store: DraftStore;
  frame: RefObject<HTMLElement | null>;
  rows: readonly OutlineRow[];
  actions: BuilderActions;
  canEdit: boolean;
}

/**
 * Copies, cuts and pastes steps by the events of the browser, which need no permission and work between flows, tabs,
 * browsers and installations. What is pasted always gets an answer.
 */
export function useClipboard({ store, frame, rows, actions, canEdit }: ClipboardUse): void {
  useEffect(() => {
    const isOurs = ({ target }: Event) => {
      const element = target instanceof Element ? target : document.body;
      if (element.matches("input, textarea, select, [contenteditable=true], [contenteditable=true] *")) return false;
      return element === document.body || frame.current?.contains(element) === true;
    };
    const copy = (event: ClipboardEvent): readonly string[] => {
      const { content } = store.getState();
      const ids = chosenSteps(store.getState());
      const part = partOf(content, ids);
      // Somebody who has selected a piece of text wants that.
      if (!part || !event.clipboardData || document.getSelection()?.isCollapsed === false) return [];
      event.preventDefault();
      event.clipboardData.setData("text/plain", JSON.stringify(part));
      return part.nodes.map(({ id }) => id);
    };
    const onCopy = (event: ClipboardEvent) => {
      if (!isOurs(event)) return;
      const ids = copy(event);
      if (ids.length > 0) tell(`Copied ${namesIn(store.getState().content, ids)}`);
    };
    const onCut = (event: ClipboardEvent) => {
      if (!isOurs(event) || !canEdit) return;
      const ids = copy(event);
      if (ids.length > 0) actions.remove(ids);
    };
    const onPaste = (event: ClipboardEvent) => {
      if (!isOurs(event) || !canEdit) return;
      event.preventDefault();
      paste(store, event.clipboardData?.getData("text/plain") ?? "", placesFor(store, rows));
    };
    const handlers: Record<keyof typeof clipboardKeys, (event: ClipboardEvent) => void> = { copy: onCopy, cut: onCut, paste: onPaste };
    const events = Object.keys(handlers) as (keyof typeof handlers)[];
    for (const name of events) document.addEventListener(name, handlers[name]);
    return () => {
      for (const name of events) document.removeEventListener(name, handlers[name]);
    };
  }, [store, frame, rows, actions, canEdit]);
}

/** Behind the steps that are chosen, or at the place of the row that has the focus. */
function placesFor(store: DraftStore, rows: readonly OutlineRow[]): readonly Place[] {
  const { content, active, marked } = store.getState();
  const row = rows.find(({ key }) => key === active);
  if (marked.length > 0) return placesAfter(content, marked) ?? [];
  if (row === undefined || row.kind === "loose") return [];
  return row.kind === "step" ? (placesAfter(content, [row.node.id]) ?? []) : [row.place];
}

/** Puts the steps of a text into the flow, and says what became of them. */
function paste(store: DraftStore, text: string, places: readonly Place[]): void {
  const { part, problem } = readFlowPart(text);
  if (!part) {
    tell(problem);
    return;
  }
  const { edit, mark, reveal, content: before } = store.getState();
  let pasted: ReturnType<typeof pastePart> = { ids: [], isConnected: false };
  const names = plural(part.nodes.length, "step");
  const isDone = edit(`paste ${names}`, (draft) => {
    pasted = pastePart(draft, part, places);
  });
  if (!isDone) return;
  const { ids, isConnected } = pasted;
  mark(ids.length > 1 ? ids : []);
  reveal(ids[0] as string);
  const { content, flowId } = store.getState();
  const errors = validateFlow(content, flowId).filter(({ severity }) => severity === "error");
  const mine = new Set(errors.flatMap(({ nodeId }) => (nodeId !== undefined && ids.includes(nodeId) ? [nodeId] : [])));
  const notes = [
    ...(mine.size > 0 ? [`${mine.size} ${mine.size === 1 ? "needs" : "need"} attention.`] : []),
    ...(isConnected || before.nodes.length === 0 ? [] : ["Not connected: choose where contacts come to it."]),
  ];
  tell(`Pasted ${names}`, notes.join(" "));
}
