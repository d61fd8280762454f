import { IconButton } from "@chakra-ui/react";
import { ArrowDown, ArrowDownUp, ArrowUp, Columns3, type LucideIcon } from "lucide-react";
import { ActionMenu } from "../menu.tsx";
import type { MenuEntry } from "../menu-entry.ts";
import type { DataColumn, TableSort } from "./columns.ts";

const signs = {
  asc: { icon: ArrowUp, label: "ascending" },
  desc: { icon: ArrowDown, label: "descending" },
} as const;

interface ColumnMenuProps<Row> {
  columns: readonly DataColumn<Row>[];
  isShown: (column: DataColumn<Row>) => boolean;
  onTurn: (column: DataColumn<Row>) => void;
}

/** Which columns are shown. */
export function ColumnMenu<Row extends object>({ columns, isShown, onTurn }: ColumnMenuProps<Row>) {
  const choices = columns
    .filter((column) => !column.identity)
    .map((column) => ({ label: column.header, checked: isShown(column), onSelect: () => onTurn(column) }));
  return <HeadMenu label="Choose columns" icon={Columns3} items={[{ heading: "Columns" }, ...choices]} keepOpen />;
}

interface SortMenuProps<Row> {
  columns: readonly DataColumn<Row>[];
  sort: TableSort | undefined;
  onSort: (column: DataColumn<Row>) => void;
}

/** Sorting where there are no column heads to click: rows of a phone. */
export function SortMenu<Row extends object>({ columns, sort, onSort }: SortMenuProps<Row>) {
  const choices = columns
    .filter((column) => column.sortable)
    .map((column) => ({
      label: column.header,
      onSelect: () => onSort(column),
      ...(sort?.column === column.id && { sign: signs[sort.direction] }),
    }));
  return <HeadMenu label="Sort" icon={ArrowDownUp} items={[{ heading: "Sort by" }, ...choices]} />;
}

interface FrameProps {
  label: string;
  icon: LucideIcon;
  items: MenuEntry[];
  keepOpen?: boolean;
}

function HeadMenu({ label, icon: Icon, items, keepOpen }: FrameProps) {
  return (
    <ActionMenu
      trigger={
        <IconButton variant="ghost" size="2xs" aria-label={label} title={label} color="fg.muted">
          <Icon size={16} aria-hidden />
        </IconButton>
      }
      items={items}
      keepOpen={keepOpen}
    />
  );
}
