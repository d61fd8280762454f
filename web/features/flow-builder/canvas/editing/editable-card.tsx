import type { MouseEvent, PointerEvent, ReactNode } from "react";
import { blockOf, branchOf } from "../../operations/reach.ts";
import { namesIn } from "../../outline/step-name.ts";
import { useDraftHere, useDrag, useEditing } from "./editing-context.ts";
import { keepFocus } from "./plus.tsx";

interface EditableCardProps {
  id: string;
  name: string;
  /** The start stays where it is. */
  isEntry: boolean;
  children: ReactNode;
}

/**
 * The card of a step in a drawing that can be changed: a click focuses the step in the outline, where the keys work, and
 * opens its settings; dragging moves it, with Alt a copy of it, with Shift all that it leads to.
 */
export function EditableCard({ id, name, isEntry, children, ...signs }: EditableCardProps) {
  const { store, actions, press } = useEditing();
  const isActive = useDraftHere(({ active }) => active === id);
  const isMarked = useDraftHere(({ marked }) => marked.includes(id));
  const isLifted = useDrag(({ dragged }) => dragged?.kind === "steps" && !dragged.isCopy && dragged.ids.includes(id));
  const target = useDrag(({ dragged, legal, over }) =>
    dragged?.kind === "exit" && legal.has(id) ? (over === id ? "over" : "legal") : undefined,
  );
  const onPointerDown = (event: PointerEvent) => {
    const { altKey, shiftKey, ctrlKey, metaKey } = event;
    if (isEntry || ctrlKey || metaKey) return;
    press(event, () => {
      const { content, marked } = store.getState();
      const ids = marked.includes(id) ? marked : altKey ? [id] : shiftKey ? branchOf(content, id) : blockOf(content, id);
      return { kind: "steps", ids, name: ids.length === 1 ? name : namesIn(content, ids), isCopy: altKey };
    });
  };
  const onClick = ({ ctrlKey, metaKey, shiftKey }: MouseEvent) => {
    const { marked, selected, mark, reveal } = store.getState();
    if (!(ctrlKey || metaKey || shiftKey)) {
      mark([]);
      actions.open(id, "quietly");
    } else if (!isEntry) {
      const known = marked.length > 0 || selected === null || selected === id ? marked : [selected];
      mark(known.includes(id) ? known.filter((one) => one !== id) : [...known, id]);
    }
    reveal(id);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the outline is what keys and screen readers use; this is its picture
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <div
      className="card nopan"
      data-editable={isEntry ? "fixed" : ""}
      data-active={isActive ? "" : undefined}
      data-marked={isMarked ? "" : undefined}
      data-lifted={isLifted ? "" : undefined}
      data-target={target}
      {...signs}
      onMouseDown={keepFocus}
      onPointerDown={onPointerDown}
      onClick={onClick}
      onDoubleClick={() => actions.open(id)}
    >
      {children}
    </div>
  );
}
