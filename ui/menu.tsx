import { cloneElement, type KeyboardEvent, type ReactElement, Suspense, useId, useState } from "react";
import { lazyLater } from "./lazy-later.ts";
import type { MenuEntry, MenuPlacement } from "./menu-entry.ts";

export interface ActionMenuProps {
  /** A single element that takes a ref: a Button, or an IconButton with `tooltip="title"`. */
  trigger: ReactElement<TriggerProps>;
  items: readonly MenuEntry[];
  placement?: MenuPlacement;
  /** The menu stays open after a choice, for several choices one after the other. */
  keepOpen?: boolean;
}

interface TriggerProps {
  id?: string;
  "aria-haspopup"?: "menu";
  "aria-expanded"?: boolean;
  "data-state"?: "open" | "closed";
  onClick?: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  onPointerEnter?: () => void;
  onFocus?: () => void;
}

/** What a menu is made of is fetched when the browser is idle, because no first row needs it. */
export const MenuList = lazyLater(async () => (await import("./menu-list.tsx")).MenuList);

/** A button that opens a menu of actions or choices. */
export function ActionMenu({ trigger, items, placement = "bottom-end", keepOpen = false }: ActionMenuProps) {
  const ownId = useId();
  const id = trigger.props.id ?? ownId;
  const [open, setOpen] = useState(false);
  const [wasOpened, setWasOpened] = useState(false);
  const [isByKey, setByKey] = useState(false);
  const turn = (next: boolean, byKey = false) => {
    setOpen(next);
    setByKey(byKey);
    if (next) setWasOpened(true);
  };
  return (
    <>
      {cloneElement(trigger, {
        id,
        "aria-haspopup": "menu",
        "aria-expanded": open,
        "data-state": open ? "open" : "closed",
        onClick: () => turn(!open),
        onKeyDown: (event) => {
          if (!opensMenu.has(event.key) || event.defaultPrevented) return;
          event.preventDefault();
          turn(true, true);
        },
        onPointerEnter: MenuList.preload,
        onFocus: MenuList.preload,
      })}
      {wasOpened && (
        <Suspense>
          <MenuList
            open={open}
            onClose={() => setOpen(false)}
            triggerId={id}
            items={items}
            placement={placement}
            keepOpen={keepOpen}
            highlightFirst={isByKey}
          />
        </Suspense>
      )}
    </>
  );
}

const opensMenu = new Set(["Enter", " ", "ArrowDown"]);
