import { Box, chakra, Flex, Text, VisuallyHidden } from "@chakra-ui/react";
import {
  Archive,
  ChevronDown,
  ChevronRight,
  Folder,
  FolderOpen,
  FolderX,
  History,
  type LucideIcon,
  Star,
  Trash2,
  Workflow,
} from "lucide-react";
import { type DragEvent, type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from "react";
import type { FlowFolder } from "#contract/flow-folders.ts";
import type { FlowSummary } from "#contract/flows.ts";
import { formatCount, plural } from "#ui/format.ts";
import { droppedFlow, isFlowDragged } from "./dragged-flow.ts";
import { folderRows } from "./folder-rows.ts";
import { type Movable, tellNotMoved, useMoveFlow } from "./use-move-flow.ts";

interface FolderTreeProps {
  folders: readonly FlowFolder[];
  flows: readonly FlowSummary[];
  /** What is shown: a folder, one of the shelves, undefined for all flows. */
  shown: string | undefined;
  onShow: (folder: string | undefined) => void;
  /** Whether flows can be dropped on folders. */
  canEdit: boolean;
}

interface Row {
  /** "all" for all flows. */
  id: string;
  label: string;
  Icon: LucideIcon;
  level: number;
  position: number;
  siblings: number;
  /** Undefined where it is not known here. */
  count?: number;
  /** Whether the folders in it are seen; undefined where there are none. */
  isOpen?: boolean;
  /** Where a flow goes that is dropped there; undefined where none can be. */
  takes?: { folderId: string | null };
}

/** Where flows are: folders in each other, and what is chosen like one. A flow is moved by dragging it onto a folder. */
export function FolderTree({ folders, flows, shown, onShow, canEdit }: FolderTreeProps) {
  const tree = useRef<HTMLDivElement>(null);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [focused, setFocused] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const move = useMoveFlow(folders);
  const rows = useMemo(() => treeRows(folders, flows, closed), [folders, flows, closed]);
  const chosen = shown ?? "all";
  const current = rows.find(({ id }) => id === focused) ?? rows.find(({ id }) => id === chosen) ?? rows[0];
  const show = (id: string) => onShow(id === "all" ? undefined : id);
  const turn = (id: string, opens: boolean) =>
    setClosed((before) => new Set(opens ? [...before].filter((one) => one !== id) : [...before, id]));
  const focus = (row: Row | undefined) => {
    if (!row) return;
    setFocused(row.id);
    tree.current?.querySelector<HTMLElement>(`[data-folder="${CSS.escape(row.id)}"]`)?.focus();
  };
  const keyAction = (key: string, row: Row): (() => void) | undefined => {
    const at = rows.indexOf(row);
    switch (key) {
      case "ArrowUp":
        return () => focus(rows[at - 1]);
      case "ArrowDown":
        return () => focus(rows[at + 1]);
      case "Home":
        return () => focus(rows[0]);
      case "End":
        return () => focus(rows.at(-1));
      case "ArrowLeft":
        if (row.isOpen) return () => turn(row.id, false);
        return () => focus(rows.slice(0, at).findLast(({ level }) => level < row.level));
      case "ArrowRight":
        if (row.isOpen === false) return () => turn(row.id, true);
        return () => row.isOpen && focus(rows[at + 1]);
      case "Enter":
      case " ":
        return () => show(row.id);
      default:
        return undefined;
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!current || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const run = keyAction(event.key, current);
    if (!run) return;
    event.preventDefault();
    run();
  };
  const drop = (flow: Movable, to: string | null) => {
    if (flow.folderId !== to) move.mutate({ flow, to }, { onError: (error) => tellNotMoved(flow, error) });
  };
  return (
    <Box
      ref={tree}
      role="tree"
      aria-label="Folders"
      w="56"
      flexShrink={0}
      overflowY="auto"
      borderEndWidth="1px"
      p="2"
      hideBelow="lg"
      onKeyDown={onKeyDown}
    >
      {rows.map((row) => {
        const { takes } = row;
        return (
          <TreeItem
            key={row.id}
            row={row}
            isChosen={row.id === chosen}
            isCurrent={row === current}
            isOver={over === row.id}
            onFocus={() => setFocused(row.id)}
            onShow={() => show(row.id)}
            onTurn={() => turn(row.id, row.isOpen === false)}
            {...(canEdit &&
              takes && {
                onDragOver: (event: DragEvent) => {
                  if (!isFlowDragged(event)) return;
                  event.preventDefault();
                  event.dataTransfer.dropEffect = "move";
                  setOver(row.id);
                },
                onDragLeave: () => setOver((now) => (now === row.id ? null : now)),
                onDrop: (event: DragEvent) => {
                  setOver(null);
                  const flow = droppedFlow(event);
                  if (!flow) return;
                  event.preventDefault();
                  drop(flow, takes.folderId);
                },
              })}
          />
        );
      })}
    </Box>
  );
}

/** The shelves around the folders. Archived and deleted flows are asked for when they are shown, so they are not counted. */
function treeRows(folders: readonly FlowFolder[], flows: readonly FlowSummary[], closed: ReadonlySet<string>): Row[] {
  const many = (is: (flow: FlowSummary) => boolean) => flows.filter(is).length;
  const inTree = folderRows(folders, flows, closed).map(
    ({ folder: { id, name }, hasFolders, flows: count, ...place }): Row => ({
      ...place,
      id,
      label: name,
      Icon: hasFolders && !closed.has(id) ? FolderOpen : Folder,
      count,
      ...(hasFolders && { isOpen: !closed.has(id) }),
      takes: { folderId: id },
    }),
  );
  const top = (row: Pick<Row, "id" | "label" | "Icon" | "count" | "takes">): Row => ({ ...row, level: 1, position: 1, siblings: 1 });
  const rows = [
    top({ id: "all", label: "All flows", Icon: Workflow, count: flows.length }),
    top({ id: "favourites", label: "Your favourites", Icon: Star, count: many(({ favourite }) => favourite) }),
    top({ id: "opened", label: "Opened by you", Icon: History, count: many(({ openedAt }) => openedAt !== null) }),
    ...inTree,
    ...(folders.length > 0
      ? [
          top({
            id: "none",
            label: "In no folder",
            Icon: FolderX,
            count: many(({ folderId }) => folderId === null),
            takes: { folderId: null },
          }),
        ]
      : []),
    top({ id: "archived", label: "Archived", Icon: Archive }),
    top({ id: "deleted", label: "Deleted", Icon: Trash2 }),
  ];
  const first = rows.filter(({ level }) => level === 1);
  return rows.map((row) => (row.level === 1 ? { ...row, position: first.indexOf(row) + 1, siblings: first.length } : row));
}

interface TreeItemProps {
  row: Row;
  isChosen: boolean;
  isCurrent: boolean;
  /** A flow that is dragged would be dropped here. */
  isOver: boolean;
  onFocus: () => void;
  onShow: () => void;
  onTurn: () => void;
  onDragOver?: (event: DragEvent) => void;
  onDragLeave?: () => void;
  onDrop?: (event: DragEvent) => void;
}

function TreeItem({ row, isChosen, isCurrent, isOver, onShow, onTurn, ...handlers }: TreeItemProps): ReactNode {
  const { id, label, Icon, level, position, siblings, count, isOpen } = row;
  return (
    <Flex
      role="treeitem"
      data-folder={id}
      data-over={isOver ? "" : undefined}
      aria-level={level}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-selected={isChosen}
      aria-expanded={isOpen}
      tabIndex={isCurrent ? 0 : -1}
      align="center"
      gap="2"
      h="8"
      ps={`calc(var(--chakra-spacing-2) + ${(level - 1) * 16}px)`}
      pe="2"
      borderRadius="l1"
      cursor="pointer"
      userSelect="none"
      textStyle="sm"
      bg={isOver ? "accent.subtle" : isChosen ? "bg.emphasized" : undefined}
      outline={isOver ? "2px solid" : undefined}
      outlineColor="accent.solid"
      outlineOffset="-2px"
      focusVisibleRing="inside"
      _hover={{ bg: isChosen ? "bg.emphasized" : "bg.subtle" }}
      onClick={onShow}
      {...handlers}
    >
      <Icon aria-hidden size={16} strokeWidth={1.75} style={{ flexShrink: 0 }} />
      <Text as="span" truncate flex="1" minW="0" fontWeight={isChosen ? "500" : undefined} title={label}>
        {label}
      </Text>
      {isOpen !== undefined && (
        <Turn
          type="button"
          tabIndex={-1}
          title={isOpen ? `Close ${label}` : `Open ${label}`}
          aria-label={isOpen ? `Close ${label}` : `Open ${label}`}
          onClick={(event) => {
            event.stopPropagation();
            onTurn();
          }}
        >
          {isOpen ? <ChevronDown aria-hidden size={14} /> : <ChevronRight aria-hidden size={14} />}
        </Turn>
      )}
      {count !== undefined && (
        <Text as="span" color={isChosen ? "fg" : "fg.subtle"} textStyle="xs" fontVariantNumeric="tabular-nums">
          <span aria-hidden>{formatCount(count)}</span>
          <VisuallyHidden>, {plural(count, "flow")}</VisuallyHidden>
        </Text>
      )}
    </Flex>
  );
}

const Turn = chakra("button", {
  base: { display: "grid", placeItems: "center", boxSize: "6", borderRadius: "l1", cursor: "pointer", _hover: { bg: "bg.muted" } },
});
