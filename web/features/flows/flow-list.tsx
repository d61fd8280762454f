import { Box, chakra, Flex, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { PanelLeft, SearchX, Star, Workflow } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { FlowSummary } from "#contract/flows.ts";
import { Button } from "#ui/button.tsx";
import type { DataColumn, TableSort } from "#ui/data-table/columns.ts";
import { type RowMenuItem, useRowMenu } from "#ui/data-table/row-menu.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { SearchField } from "#ui/fields/search-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { formatCount, plural } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { UnreadableFilter } from "#ui/unreadable-filter.tsx";
import { archivedFlowsQuery, liveFlowsQuery } from "#web/entities/flows/flow-queries.ts";
import { ChannelMarks } from "./channel-marks.tsx";
import { takeFlow } from "./dragged-flow.ts";
import { FlowBin } from "./flow-bin.tsx";
import { type FlowSort, folderChoices, isShelf, orderFlows } from "./flow-order.ts";
import { FolderMenu } from "./folder-menu.tsx";
import { FolderTree } from "./folder-tree.tsx";
import { ProblemBadge } from "./problem-badge.tsx";
import { useTreeShown } from "./use-tree-shown.ts";

export interface FlowListProps {
  search: string;
  folder: string | undefined;
  onFilter: (filter: { search: string; folder: string | undefined }) => void;
  onOpen: (flow: FlowSummary) => void;
  /** Those who may only read change no folder and bring nothing back. */
  canEdit: boolean;
  menuItems: (flow: FlowSummary) => RowMenuItem[];
  /** The next step for a workspace without flows. */
  whenEmpty?: ReactNode;
}

const nameOf = (flow: FlowSummary) => flow.name;

const Name = chakra("span", { base: { fontWeight: "500", truncate: true, minW: "0" } });
const never = (
  <Text as="span" color="fg.subtle">
    Never
  </Text>
);

const nameColumn = (isDraggable: boolean): DataColumn<FlowSummary> => ({
  id: "name",
  header: "Name",
  width: 220,
  grow: 2,
  identity: true,
  sortable: true,
  cell: (flow) => (
    <Flex
      gap="2"
      align="center"
      minW="0"
      flex="1"
      alignSelf="stretch"
      draggable={isDraggable}
      onDragStart={isDraggable ? (event) => takeFlow(event, flow) : undefined}
    >
      <Name title={flow.name} dir="auto">
        {flow.name}
      </Name>
      <FavouriteMark flow={flow} />
      <State flow={flow} />
    </Flex>
  ),
});

const otherColumns: DataColumn<FlowSummary>[] = [
  { id: "steps", header: "Steps", width: 84, grow: 0, align: "end", sortable: true, cell: (flow) => formatCount(flow.stepCount) },
  { id: "channels", header: "Channels", width: 160, grow: 0, cell: (flow) => <ChannelMarks channels={flow.channels} /> },
  {
    id: "active",
    header: "Active now",
    width: 112,
    grow: 0,
    align: "end",
    sortable: true,
    firstDirection: "desc",
    cell: (flow) => formatCount(flow.active),
  },
  {
    id: "enrolled",
    header: "Enrolled in total",
    // In less its name takes two lines, which cover the first row.
    width: 152,
    grow: 0,
    align: "end",
    sortable: true,
    firstDirection: "desc",
    cell: (flow) => formatCount(flow.enrolled),
  },
  {
    id: "last_sent",
    header: "Last sent",
    width: 140,
    grow: 0.5,
    sortable: true,
    firstDirection: "desc",
    cell: (flow) => (flow.lastSentAt ? <RelativeTime at={flow.lastSentAt} /> : never),
  },
  {
    id: "changed",
    header: "Changed",
    width: 140,
    grow: 0.5,
    sortable: true,
    firstDirection: "desc",
    cell: (flow) => <RelativeTime at={flow.updatedAt} />,
  },
];

/** With a tree of folders beside it, flows are dragged into folders by their names. */
const columns = { plain: [nameColumn(false), ...otherColumns], draggable: [nameColumn(true), ...otherColumns] };

/** Every flow of the workspace, to search and to open. */
export function FlowList({ search, folder, onFilter, onOpen, canEdit, menuItems, whenEmpty }: FlowListProps) {
  const { button, menu } = useRowMenu(nameOf, menuItems);
  const isArchive = folder === "archived";
  const isBin = folder === "deleted";
  const [hasTree, turnTree] = useTreeShown();
  // The tree counts live flows, also beside the archive.
  const live = useQuery({ ...liveFlowsQuery, enabled: !isArchive || hasTree });
  const archived = useQuery({ ...archivedFlowsQuery, enabled: isArchive });
  const flows = isArchive ? archived : live;
  const [sort, setSort] = useState<TableSort>({ column: "name", direction: "asc" });
  const folders = flows.data?.folders ?? [];
  const known = isShelf(folder) || folders.some((each) => each.id === folder) ? folder : undefined;
  // The folder may have been deleted since the link was made.
  const isLost = flows.data !== undefined && folder !== undefined && known === undefined;
  const rows = orderFlows(flows.data?.items ?? [], folders, {
    search,
    folder: isArchive ? undefined : known,
    sort: sort.column as FlowSort,
    direction: sort.direction,
  });
  const filtered = search !== "" || known !== undefined;
  return (
    <Flex direction="column" flex="1" minH="0" minW="0">
      <Flex gap="2" px={{ base: "4", md: "6" }} py="2" borderBottomWidth="1px" wrap="wrap">
        <Box flex="1" maxW="64">
          <SearchField label="Search flows" value={search} onChange={(text) => onFilter({ search: text, folder })} width="full" />
        </Box>
        {flows.data && (
          <Box width="44" hideFrom={hasTree ? "lg" : undefined}>
            <SelectField
              label="Folder"
              hideLabel
              value={known ?? "all"}
              onChange={(next) => onFilter({ search, folder: next === "all" ? undefined : next })}
              options={[
                { value: "all", label: folders.length > 0 ? "All folders" : "All flows" },
                { value: "favourites", label: "Your favourites" },
                { value: "opened", label: "Opened by you" },
                ...folderChoices(folders),
                ...(folders.length > 0 ? [{ value: "none", label: "In no folder" }] : []),
                { value: "archived", label: "Archived" },
                { value: "deleted", label: "Deleted" },
              ]}
            />
          </Box>
        )}
        {flows.data && canEdit && (
          <FolderMenu
            folders={folders}
            folder={folders.find(({ id }) => id === known)}
            onFolder={(next) => onFilter({ search, folder: next })}
          />
        )}
        <IconButton
          icon={PanelLeft}
          label={hasTree ? "Hide the tree of folders" : "Show folders as a tree"}
          aria-pressed={hasTree}
          tooltip="title"
          hideBelow="lg"
          onClick={turnTree}
        />
      </Flex>
      <Flex flex="1" minH="0" minW="0">
        {hasTree && (
          <FolderTree
            folders={folders}
            flows={live.data?.items ?? []}
            shown={known}
            onShow={(next) => onFilter({ search, folder: next })}
            canEdit={canEdit}
          />
        )}
        <Flex direction="column" flex="1" minH="0" minW="0">
          {isLost ? (
            <UnreadableFilter parts={[folder]} clearLabel="Show all flows" onClear={() => onFilter({ search: "", folder: undefined })} />
          ) : isBin ? (
            <FlowBin search={search} canRestore={canEdit} />
          ) : (
            <DataTable
              label="Flows"
              columns={hasTree && canEdit && !isArchive ? columns.draggable : columns.plain}
              rows={rows}
              rowId={(flow) => flow.id}
              rowLabel={nameOf}
              total={flows.data ? rows.length : undefined}
              loading={flows.isPending ? "first" : null}
              error={
                flows.isError && !flows.data ? (
                  <LoadError
                    title="The flows could not be loaded"
                    error={flows.error}
                    onRetry={() => void flows.refetch()}
                    retrying={flows.isRefetching}
                  />
                ) : undefined
              }
              empty={
                filtered ? (
                  <EmptyState
                    icon={SearchX}
                    title="No flow matches"
                    action={<Button onClick={() => onFilter({ search: "", folder: undefined })}>Show all flows</Button>}
                  />
                ) : (
                  (whenEmpty ?? <EmptyState icon={Workflow} title="No flows yet" />)
                )
              }
              sort={sort}
              onSort={setSort}
              onOpen={onOpen}
              rowActions={button}
              compactRow={(flow) => <FlowRow flow={flow} />}
              rememberAs="flows"
              listKey={`${search} ${known ?? ""} ${sort.column} ${sort.direction}`}
            />
          )}
        </Flex>
      </Flex>
      {menu}
    </Flex>
  );
}

function FavouriteMark({ flow }: { flow: FlowSummary }) {
  return flow.favourite ? (
    <Box as="span" role="img" aria-label="Favourite" title="One of your favourites" color="fg.muted" flexShrink={0}>
      <Star size={14} strokeWidth={1.75} fill="currentColor" aria-hidden />
    </Box>
  ) : null;
}

/** Why a flow cannot be sent as it is edited: it has problems, or it is not published. */
function State({ flow }: { flow: FlowSummary }) {
  if (flow.problemCount > 0) return <ProblemBadge count={flow.problemCount} />;
  if (!flow.hasDraft) return null;
  return (
    <Text as="span" textStyle="xs" color="fg.muted" flexShrink={0}>
      {flow.stepCount === 0 ? "Not published" : "Draft"}
    </Text>
  );
}

/** A flow on a phone. */
function FlowRow({ flow }: { flow: FlowSummary }) {
  return (
    <Box width="full" minW="0">
      <Flex gap="2" align="center" justify="space-between">
        <Flex gap="2" align="center" minW="0">
          <Name dir="auto">{flow.name}</Name>
          <FavouriteMark flow={flow} />
        </Flex>
        <State flow={flow} />
      </Flex>
      <Flex gap="3" justify="space-between" color="fg.muted" textStyle="xs" mt="0.5">
        <Text as="span" truncate>
          {plural(flow.stepCount, "step")} · {formatCount(flow.active)} active · {formatCount(flow.enrolled)} enrolled
        </Text>
        {flow.lastSentAt ? <RelativeTime at={flow.lastSentAt} /> : <span>Never sent</span>}
      </Flex>
    </Box>
  );
}
