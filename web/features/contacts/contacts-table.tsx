import { useQuery } from "@tanstack/react-query";
import { Users } from "lucide-react";
import { type ReactNode, useCallback, useMemo } from "react";
import { sortableFields } from "#contract/contact-fields.ts";
import type { Contact } from "#contract/contacts.ts";
import { Button } from "#ui/button.tsx";
import type { TableSort } from "#ui/data-table/columns.ts";
import { type RowMenuItem, useRowMenu } from "#ui/data-table/row-menu.tsx";
import type { RowSelection } from "#ui/data-table/row-selection.ts";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { leadStatusesQuery } from "#web/entities/lead-statuses/lead-status-queries.ts";
import { CompactContact, contactColumns } from "./contact-columns.tsx";
import { isFiltered, type ListSearch, listKey, toListing } from "./list-search.ts";
import { NoContacts } from "./no-contacts.tsx";
import { type ContactSelection, isSelected, selectedCount, setSelected } from "./selection.ts";
import type { ContactList } from "./use-contact-list.ts";

interface ContactsTableProps {
  search: ListSearch;
  list: ContactList;
  onSearch: (change: Partial<ListSearch>) => void;
  onOpen: (contact: Contact) => void;
  selection: ContactSelection;
  onSelection: (change: ContactSelection) => void;
  /** Null for people who may only read; the rows then have no tick boxes either, because there is nothing to do with them. */
  menuItems: ((contact: Contact) => RowMenuItem[]) | null;
  /** The buttons shown to a workspace without contacts. */
  firstSteps: ReactNode;
}

const barRoom = 88;
const sortOf = (search: ListSearch): TableSort => {
  const { sort, direction } = toListing(search);
  return { column: sort, direction };
};
const compact = (contact: Contact) => <CompactContact contact={contact} />;
const nameOf = (contact: Contact) => contact.displayName;
const idOf = (contact: Contact) => contact.id;
const noItems = () => [];

export function ContactsTable(props: ContactsTableProps) {
  const { search, onSearch, selection, onSelection, onOpen, menuItems, firstSteps } = props;
  const { list, contacts, total } = props.list;
  const { button, menu } = useRowMenu(nameOf, menuItems ?? noItems);

  const rowSelection = useMemo<RowSelection<Contact>>(
    () => ({
      isSelected: (contact) => isSelected(selection, contact.id),
      set: (rows, selected) => onSelection(setSelected(selection, rows, selected)),
    }),
    [selection, onSelection],
  );
  const statuses = useQuery(leadStatusesQuery).data;
  const columns = useMemo(() => contactColumns(statuses?.items ?? []), [statuses]);
  const sort = useMemo(() => sortOf(search), [search]);
  const { fetchNextPage, isFetchingNextPage } = list;
  const load = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const retry = () => void list.refetch();

  return (
    <>
      <DataTable
        label="Contacts"
        columns={columns}
        rows={contacts}
        rowId={idOf}
        rowLabel={nameOf}
        total={total}
        loading={list.isPending ? "first" : list.isPlaceholderData ? "again" : null}
        error={
          list.isError && !list.data ? (
            <LoadError title="The contacts could not be loaded" error={list.error} onRetry={retry} retrying={list.isFetching} />
          ) : undefined
        }
        empty={
          isFiltered(search) ? (
            <EmptyState
              icon={Users}
              title="No contact matches"
              action={<Button onClick={() => onSearch({ q: undefined, filter: undefined })}>Clear search and filters</Button>}
            >
              Nobody in this workspace fits the search and filters above.
            </EmptyState>
          ) : (
            <NoContacts firstSteps={firstSteps} />
          )
        }
        more={{
          has: list.hasNextPage,
          load,
          error: list.isFetchNextPageError ? (
            <LoadError title="The next contacts could not be loaded" error={list.error} onRetry={() => void fetchNextPage()} />
          ) : undefined,
        }}
        sort={sort}
        onSort={({ column, direction }) => {
          const known = sortableFields.find((name) => name === column);
          if (known) onSearch({ sort: known, direction });
        }}
        selection={menuItems ? rowSelection : undefined}
        onOpen={onOpen}
        openedId={search.contact}
        rowActions={menuItems ? button : undefined}
        compactRow={compact}
        rememberAs="contacts"
        listKey={listKey(search)}
        roomBelow={selectedCount(selection) > 0 ? barRoom : 0}
      />
      {menuItems && menu}
    </>
  );
}
