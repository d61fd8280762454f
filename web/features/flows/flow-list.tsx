import { Box, chakra, Flex, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { SearchX, Workflow } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { FlowSummary } from "#contract/flows.ts";
import { Button } from "#ui/button.tsx";
import type { DataColumn, TableSort } from "#ui/data-table/columns.ts";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { SearchField } from "#ui/fields/search-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { formatCount, plural } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { liveFlowsQuery } from "#web/entities/flows/flow-queries.ts";
import { ChannelMarks } from "./channel-marks.tsx";
import { type FlowSort, folderChoices, orderFlows } from "./flow-order.ts";
import { ProblemBadge } from "./problem-badge.tsx";

export interface FlowListProps {
  search: string;
  folder: string | undefined;
  onFilter: (filter: { search: string; folder: string | undefined }) => void;
  onOpen: (flow: FlowSummary) => void;
  /** The next step for a workspace without flows. */
  whenEmpty?: ReactNode;
}

const Name = chakra("span", { base: { fontWeight: "500", truncate: true, minW: "0" } });
const never = (
  <Text as="span" color="fg.subtle">
    Never
  </Text>
);

const columns: DataColumn<FlowSummary>[] = [
  {
    id: "name",
    header: "Name",
    width: 220,
    grow: 2,
    identity: true,
    sortable: true,
    cell: (flow) => (
      <Flex gap="2" align="center" minW="0">
        <Name title={flow.name}>{flow.name}</Name>
        {!flow.canStart && <ProblemBadge count={flow.problemCount} />}
      </Flex>
    ),
  },
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
    header: "Enrolled ever",
    width: 128,
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

/** Every flow of the workspace, to search and to open. */
export function FlowList({ search, folder, onFilter, onOpen, whenEmpty }: FlowListProps) {
  const flows = useQuery(liveFlowsQuery);
  const [sort, setSort] = useState<TableSort>({ column: "name", direction: "asc" });
  const folders = flows.data?.folders ?? [];
  const known = folder === "none" || folders.some((each) => each.id === folder) ? folder : undefined;
  const rows = orderFlows(flows.data?.items ?? [], folders, {
    search,
    folder: known,
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
        {folders.length > 0 && (
          <Box width="44">
            <SelectField
              label="Folder"
              hideLabel
              value={known ?? "all"}
              onChange={(next) => onFilter({ search, folder: next === "all" ? undefined : next })}
              options={[{ value: "all", label: "All folders" }, ...folderChoices(folders), { value: "none", label: "In no folder" }]}
            />
          </Box>
        )}
      </Flex>
      <DataTable
        label="Flows"
        columns={columns}
        rows={rows}
        rowId={(flow) => flow.id}
        rowLabel={(flow) => flow.name}
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
        compactRow={(flow) => <FlowRow flow={flow} />}
        rememberAs="flows"
        listKey={`${search} ${known ?? ""} ${sort.column} ${sort.direction}`}
      />
    </Flex>
  );
}

/** A flow on a phone. */
function FlowRow({ flow }: { flow: FlowSummary }) {
  return (
    <Box width="full" minW="0">
      <Flex gap="2" align="center" justify="space-between">
        <Name>{flow.name}</Name>
        {!flow.canStart && <ProblemBadge count={flow.problemCount} />}
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
