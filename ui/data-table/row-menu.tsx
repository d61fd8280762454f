import { IconButton } from "@chakra-ui/react";
import { EllipsisVertical, type LucideIcon } from "lucide-react";
import { type ReactNode, Suspense, useCallback, useId, useRef, useState } from "react";
import { MenuList } from "../menu.tsx";

export interface RowMenuItem {
  label: string;
  icon: LucideIcon;
  onSelect: () => void;
  tone?: "danger";
  disabled?: boolean;
}

/**
 * The menu at the end of every row. There is one menu, opened beside the button that was pressed: a menu of its own for
 * each row would be built and thrown away for every row that scrolls by.
 *
 * @param onOpen called when the menu of a row opens, where its items depend on something that is read for this row alone
 */
export function useRowMenu<Row>(label: (row: Row) => string, items: (row: Row) => RowMenuItem[], onOpen?: (row: Row) => void) {
  const id = useId();
  const [open, setOpen] = useState(false);
  /** The row whose menu was opened last. It stays while the menu closes. */
  const [row, setRow] = useState<Row | null>(null);
  const pressed = useRef<HTMLElement>(null);

  // The same function as long as nothing is opened: rows that scroll by are not drawn anew for it.
  const button = useCallback(
    (own: Row, { tabIndex }: { tabIndex: number }): ReactNode => (
      <IconButton
        variant="ghost"
        size="xs"
        aria-label={`Actions for ${label(own)}`}
        aria-haspopup="menu"
        aria-expanded={open && own === row}
        title="Actions"
        tabIndex={tabIndex}
        color="fg.muted"
        onPointerEnter={MenuList.preload}
        onFocus={MenuList.preload}
        onClick={({ currentTarget }) => {
          // The menu finds its button by the id. A row that is read anew keeps its button, but is another object.
          pressed.current?.removeAttribute("id");
          pressed.current = currentTarget;
          currentTarget.id = id;
          const opens = !(open && own === row);
          setOpen(opens);
          setRow(own);
          if (opens) onOpen?.(own);
        }}
      >
        <EllipsisVertical size={16} aria-hidden />
      </IconButton>
    ),
    [label, id, open, row, onOpen],
  );

  const menu = row !== null && (
    <Suspense>
      <MenuList open={open} onClose={() => setOpen(false)} triggerId={id} items={items(row)} placement="bottom-end" />
    </Suspense>
  );
  return { button, menu };
}
