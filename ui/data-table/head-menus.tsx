import { IconButton, Menu, Portal } from "@chakra-ui/react";
import type { Column } from "@tanstack/react-table";
import { ArrowDown, ArrowDownUp, ArrowUp, Columns3, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import type { GridFeatures } from "./columns.ts";

interface HeadMenuProps<Row extends object> {
  columns: readonly Column<GridFeatures, Row, unknown>[];
}

const nameOf = <Row extends object>(column: Column<GridFeatures, Row, unknown>) => String(column.columnDef.header);

/** Which columns are shown. */
export function ColumnMenu<Row extends object>({ columns }: HeadMenuProps<Row>) {
  return (
    <HeadMenu label="Choose columns" heading="Columns" icon={Columns3} closeOnSelect={false}>
      {columns
        .filter((column) => column.getCanHide())
        .map((column) => (
          <Menu.CheckboxItem
            key={column.id}
            value={column.id}
            checked={column.getIsVisible()}
            onCheckedChange={(shown) => column.toggleVisibility(shown)}
          >
            <Menu.ItemText>{nameOf(column)}</Menu.ItemText>
            <Menu.ItemIndicator />
          </Menu.CheckboxItem>
        ))}
    </HeadMenu>
  );
}

/** Sorting where there are no column heads to click: rows of a phone. */
export function SortMenu<Row extends object>({ columns }: HeadMenuProps<Row>) {
  return (
    <HeadMenu label="Sort" heading="Sort by" icon={ArrowDownUp} closeOnSelect>
      {columns
        .filter((column) => column.getCanSort())
        .map((column) => {
          const sorted = column.getIsSorted();
          return (
            <Menu.Item key={column.id} value={column.id} onSelect={() => column.toggleSorting()}>
              <Menu.ItemText flex="1" fontWeight={sorted ? "medium" : undefined}>
                {nameOf(column)}
              </Menu.ItemText>
              {sorted === "asc" && <ArrowUp size={14} aria-label="ascending" />}
              {sorted === "desc" && <ArrowDown size={14} aria-label="descending" />}
            </Menu.Item>
          );
        })}
    </HeadMenu>
  );
}

interface FrameProps {
  label: string;
  heading: string;
  icon: LucideIcon;
  closeOnSelect: boolean;
  children: ReactNode;
}

function HeadMenu({ label, heading, icon: Icon, closeOnSelect, children }: FrameProps) {
  return (
    <Menu.Root closeOnSelect={closeOnSelect} positioning={{ placement: "bottom-end" }} lazyMount unmountOnExit>
      <Menu.Trigger asChild>
        <IconButton variant="ghost" size="2xs" aria-label={label} title={label} color="fg.muted">
          <Icon size={16} aria-hidden />
        </IconButton>
      </Menu.Trigger>
      <Portal>
        <Menu.Positioner>
          <Menu.Content minWidth="48">
            <Menu.ItemGroup>
              <Menu.ItemGroupLabel textStyle="label" color="fg.subtle">
                {heading}
              </Menu.ItemGroupLabel>
              {children}
            </Menu.ItemGroup>
          </Menu.Content>
        </Menu.Positioner>
      </Portal>
    </Menu.Root>
  );
}
