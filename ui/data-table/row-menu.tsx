import { IconButton, Menu, Portal } from "@chakra-ui/react";
import { EllipsisVertical, type LucideIcon } from "lucide-react";
import { type ReactNode, useCallback, useState } from "react";
import { afterMenu } from "../menu.tsx";

export interface RowMenuItem {
  label: string;
  icon: LucideIcon;
  onSelect: () => void;
  tone?: "danger";
}

interface Opened<Row> {
  row: Row;
  button: HTMLElement;
}

/**
 * The menu at the end of every row. There is one menu, opened beside the button that was pressed: a menu of its own for
 * each row would be built and thrown away for every row that scrolls by.
 */
export function useRowMenu<Row>(label: (row: Row) => string, items: (row: Row) => RowMenuItem[]) {
  const [opened, setOpened] = useState<Opened<Row> | null>(null);
  const [shown, setShown] = useState<Opened<Row> | null>(null);

  const openedRow = opened?.row;
  // The same function as long as nothing is opened: rows that scroll by are not drawn anew for it.
  const button = useCallback(
    (row: Row, { tabIndex }: { tabIndex: number }): ReactNode => (
      <IconButton
        variant="ghost"
        size="xs"
        aria-label={`Actions for ${label(row)}`}
        aria-haspopup="menu"
        aria-expanded={openedRow === row}
        title="Actions"
        tabIndex={tabIndex}
        color="fg.muted"
        onClick={(event) => {
          const next = { row, button: event.currentTarget };
          setShown(next);
          setOpened(next);
        }}
      >
        <EllipsisVertical size={16} aria-hidden />
      </IconButton>
    ),
    [label, openedRow],
  );

  const menu = (
    <Menu.Root
      open={opened !== null}
      onOpenChange={(change) => {
        if (change.open) return;
        setOpened(null);
        shown?.button.focus();
      }}
      positioning={{ placement: "bottom-end", getAnchorRect: () => shown?.button.getBoundingClientRect() ?? null }}
      aria-label={shown ? `Actions for ${label(shown.row)}` : "Actions"}
      lazyMount
      unmountOnExit
    >
      <Portal>
        <Menu.Positioner>
          <Menu.Content minWidth="44">
            {shown &&
              items(shown.row).map(({ label, icon: Icon, onSelect, tone }) => (
                <Menu.Item
                  key={label}
                  value={label}
                  onSelect={() => afterMenu(onSelect)}
                  cursor="pointer"
                  color={tone === "danger" ? "red.fg" : undefined}
                  _highlighted={tone === "danger" ? { bg: "red.subtle", color: "red.fg" } : undefined}
                >
                  <Icon aria-hidden size={16} />
                  <Menu.ItemText>{label}</Menu.ItemText>
                </Menu.Item>
              ))}
          </Menu.Content>
        </Menu.Positioner>
      </Portal>
    </Menu.Root>
  );
  return { button, menu };
}
