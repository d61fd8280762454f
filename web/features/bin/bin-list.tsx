import { Box, Flex, Text } from "@chakra-ui/react";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { RotateCcw, Trash2 } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { type BinnedContact, binDays, binRequestLimit } from "#contract/bin.ts";
import { Button } from "#ui/button.tsx";
import { useRowMenu } from "#ui/data-table/row-menu.tsx";
import type { RowSelection } from "#ui/data-table/row-selection.ts";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { SearchField } from "#ui/fields/search-field.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { binPagesQuery } from "#web/entities/contacts/bin-queries.ts";
import { restoreContacts } from "#web/entities/contacts/restore.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { binColumns, CompactBinned } from "./bin-columns.tsx";
import { BinSelectionBar } from "./bin-selection-bar.tsx";
import { EraseDialog, type EraseTarget } from "./erase-dialog.tsx";

interface BinListProps {
  search: string;
  onSearch: (search: string) => void;
}

const barRoom = 88;
const nameOf = (contact: BinnedContact) => contact.displayName;
const idOf = (contact: BinnedContact) => contact.id;
const compact = (contact: BinnedContact) => <CompactBinned contact={contact} />;

/** The contacts in the bin, with what may be done with them. */
export function BinList({ search, onSearch }: BinListProps) {
  const client = useQueryClient();
  const { can } = useSession();
  const [mayRestore, mayErase] = [can("editor"), can("owner")];
  const list = useInfiniteQuery(binPagesQuery(search.trim()));
  const contacts = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [erasing, setErasing] = useState<EraseTarget | null>(null);
  const [restoring, setRestoring] = useState(false);

  const drop = (ids: readonly string[]) => setPicked((before) => new Set([...before].filter((id) => !ids.includes(id))));
  const restore = async (ids: readonly string[], name: string | null) => {
    setRestoring(true);
    if (await restoreContacts(client, { ids, name })) drop(ids);
    setRestoring(false);
  };
  const { button, menu } = useRowMenu(nameOf, (row) => [
    { label: "Restore", icon: RotateCcw, onSelect: () => void restore([row.id], row.displayName) },
    ...(mayErase
      ? [
          {
            label: "Erase now",
            icon: Trash2,
            onSelect: () => setErasing({ ids: [row.id], name: row.displayName }),
            tone: "danger" as const,
          },
        ]
      : []),
  ]);
  const selection = useMemo<RowSelection<BinnedContact>>(
    () => ({
      isSelected: ({ id }) => picked.has(id),
      set: (rows, selected) =>
        setPicked((before) => {
          const next = new Set(before);
          for (const { id } of rows) {
            if (!selected) next.delete(id);
            else if (next.size < binRequestLimit.erase) next.add(id);
          }
          return next;
        }),
    }),
    [picked],
  );
  const { fetchNextPage, isFetchingNextPage } = list;
  const load = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const ids = [...picked];
  const onlyName = ids.length === 1 ? (contacts.find(({ id }) => id === ids[0])?.displayName ?? null) : null;

  return (
    <>
      <Flex px={{ base: "4", md: "6" }} py="2" gap={{ base: "2", md: "4" }} borderBottomWidth="1px" align="center" wrap="wrap">
        <Box width={{ base: "full", md: "72" }} role="search" aria-label="Bin">
          <SearchField label="Search name, e-mail or phone" value={search} onChange={onSearch} width="full" />
        </Box>
        <Text textStyle="sm" color="fg.muted">
          Deleted contacts can be restored for {binDays} days. Then they are erased.
        </Text>
      </Flex>
      <Flex direction="column" flex="1" minHeight="0" position="relative">
        <DataTable
          label="Deleted contacts"
          columns={binColumns}
          rows={contacts}
          rowId={idOf}
          rowLabel={nameOf}
          total={list.data?.pages[0]?.total}
          loading={list.isPending ? "first" : list.isPlaceholderData ? "again" : null}
          error={
            list.isError && !list.data ? (
              <LoadError
                title="The bin could not be loaded"
                error={list.error}
                onRetry={() => void list.refetch()}
                retrying={list.isFetching}
              />
            ) : undefined
          }
          empty={
            search.trim() ? (
              <EmptyState icon={Trash2} title="No results" action={<Button onClick={() => onSearch("")}>Clear search</Button>}>
                No deleted contact has this name, address or number.
              </EmptyState>
            ) : (
              <EmptyState icon={Trash2} title="The bin is empty">
                A contact that is deleted lies here for {binDays} days.
              </EmptyState>
            )
          }
          more={{
            has: list.hasNextPage,
            load,
            error: list.isFetchNextPageError ? (
              <LoadError title="More of the bin could not be loaded" error={list.error} onRetry={() => void fetchNextPage()} />
            ) : undefined,
          }}
          selection={mayRestore ? selection : undefined}
          rowActions={mayRestore ? button : undefined}
          compactRow={compact}
          rememberAs="bin"
          listKey={search}
          roomBelow={picked.size > 0 ? barRoom : 0}
        />
        {picked.size > 0 && (
          <BinSelectionBar
            count={picked.size}
            busy={restoring}
            onRestore={() => void restore(ids, onlyName)}
            {...(mayErase && { onErase: () => setErasing({ ids, name: onlyName }) })}
            onClear={() => setPicked(new Set())}
          />
        )}
      </Flex>
      {mayRestore && menu}
      <EraseDialog target={erasing} onClose={() => setErasing(null)} onErased={({ ids: gone }) => drop(gone)} />
    </>
  );
}
