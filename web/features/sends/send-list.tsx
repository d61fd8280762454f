import { Box, Flex } from "@chakra-ui/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { SearchX, Send as SendIcon, SquareArrowOutUpRight } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { type Send, type SendState, sendStates } from "#contract/sends.ts";
import { Button } from "#ui/button.tsx";
import { useRowMenu } from "#ui/data-table/row-menu.tsx";
import { useNarrow } from "#ui/data-table/use-narrow.ts";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { UnreadableFilter } from "#ui/unreadable-filter.tsx";
import { type SendFilters, sendsQuery } from "#web/entities/sends/send-queries.ts";
import { sendStateLabels } from "#web/entities/sends/send-words.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { useNow } from "#web/lib/use-now.ts";
import { SendRow, sendColumns } from "./send-columns.tsx";
import { useSendControls } from "./use-send-controls.tsx";

export interface SendListProps {
  filters: SendFilters;
  /** Parts of the address that name no filter. While there are any, nothing is listed. */
  unreadable?: readonly string[];
  onFilters: (filters: SendFilters) => void;
  /** The flows to choose from. */
  flows: readonly { id: string; name: string }[];
  onOpen: (send: Send) => void;
  whenEmpty?: ReactNode;
}

const nameOf = (send: Send) => send.flowName;

/** The list of sends, newest first, with their exact totals, kept up to date. */
export function SendList({ filters, unreadable = [], onFilters, flows, onOpen, whenEmpty }: SendListProps) {
  const sends = useInfiniteQuery({ ...sendsQuery(filters), enabled: unreadable.length === 0 });
  const clear = () => onFilters({ state: undefined, flowId: undefined });
  const narrow = useNarrow();
  const { workspace, can } = useSession();
  const zone = workspace.timeZone;
  const now = useNow();
  const columns = useMemo(() => sendColumns(now, zone), [now, zone]);
  const controls = useSendControls({ zone });
  const menu = useRowMenu<Send>(
    nameOf,
    (send) => [{ label: "Open", icon: SquareArrowOutUpRight, onSelect: () => onOpen(send) }, ...controls.items(send)],
    controls.countRetryable,
  );
  const rows = sends.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Flex direction="column" flex="1" minH="0" minW="0">
      <Flex gap="2" px={{ base: "4", md: "6" }} py="2" borderBottomWidth="1px" wrap="wrap">
        <Box width="36">
          <SelectField
            label="State"
            hideLabel
            value={filters.state ?? "any"}
            onChange={(next) => onFilters({ ...filters, state: next === "any" ? undefined : (next as SendState) })}
            options={[{ value: "any", label: "Any state" }, ...sendStates.map((each) => ({ value: each, label: sendStateLabels[each] }))]}
          />
        </Box>
        <Box flex="1" maxW="60">
          <SelectField
            label="Flow"
            hideLabel
            value={filters.flowId ?? "all"}
            onChange={(next) => onFilters({ ...filters, flowId: next === "all" ? undefined : next })}
            options={[{ value: "all", label: "All flows" }, ...flows.map(({ id, name }) => ({ value: id, label: name }))]}
          />
        </Box>
      </Flex>
      {unreadable.length > 0 ? (
        <UnreadableFilter parts={unreadable} clearLabel="Show all sends" onClear={clear} />
      ) : (
        <DataTable
          label="Sends"
          columns={columns}
          rows={rows}
          rowId={(send) => send.id}
          rowLabel={nameOf}
          loading={sends.isPending ? "first" : null}
          error={
            sends.isError && !sends.data ? (
              <LoadError
                title="The sends could not be loaded"
                error={sends.error}
                onRetry={() => void sends.refetch()}
                retrying={sends.isRefetching}
              />
            ) : undefined
          }
          empty={
            filters.state || filters.flowId ? (
              <EmptyState icon={SearchX} title="No send matches" action={<Button onClick={clear}>Clear filters</Button>} />
            ) : (
              (whenEmpty ?? <EmptyState icon={SendIcon} title="Nothing has been sent yet" />)
            )
          }
          more={{
            has: sends.hasNextPage,
            load: () => {
              if (!sends.isFetching && !sends.isFetchNextPageError) void sends.fetchNextPage();
            },
            error: sends.isFetchNextPageError ? (
              <LoadError title="More could not be loaded" error={sends.error} onRetry={() => void sends.fetchNextPage()} />
            ) : undefined,
          }}
          onOpen={onOpen}
          rowActions={can("editor") ? menu.button : undefined}
          compactRow={(send) => <SendRow send={send} now={now} zone={zone} />}
          rememberAs={narrow ? undefined : "sends"}
          listKey={`${filters.state ?? ""} ${filters.flowId ?? ""}`}
        />
      )}
      {menu.menu}
      {controls.dialogs}
    </Flex>
  );
}
