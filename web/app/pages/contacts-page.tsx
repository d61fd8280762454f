import { Box, Flex } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { FileDown, Pencil, Play, Trash2 } from "lucide-react";
import { Suspense, useCallback, useMemo, useRef, useState } from "react";
import type { Contact } from "#contract/contacts.ts";
import { Button } from "#ui/button.tsx";
import { lazyLater } from "#ui/lazy-later.ts";
import { OnceOpened } from "#ui/once-opened.tsx";
import { Page } from "#ui/page.tsx";
import { toast } from "#ui/toaster.tsx";
import { UnreadableFilter } from "#ui/unreadable-filter.tsx";
import { contactFacetsQuery } from "#web/entities/contacts/contact-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import type { FormTarget } from "#web/features/contacts/contact-form-panel.tsx";
import { ContactsActions } from "#web/features/contacts/contacts-actions.tsx";
import { ContactsTable } from "#web/features/contacts/contacts-table.tsx";
import type { DeleteTarget } from "#web/features/contacts/delete-contacts-dialog.tsx";
import { FilterBar } from "#web/features/contacts/filter-bar.tsx";
import { isFiltered, type ListSearch, parseListSearch, toFilter, toListParams } from "#web/features/contacts/list-search.ts";
import { isSelected, namesOf, nothing, selectedCount, selectMatching, toRequest, without } from "#web/features/contacts/selection.ts";
import { SelectionBar } from "#web/features/contacts/selection-bar.tsx";
import { audienceWords } from "#web/features/contacts/selection-words.ts";
import { useContactList } from "#web/features/contacts/use-contact-list.ts";
import { useContactSelection } from "#web/features/contacts/use-contact-selection.ts";
import type { Audience } from "#web/features/send-flow/audience.ts";

// Only the list is needed for the first rows. What opens above it is fetched afterwards.
const ContactPanel = lazyLater(async () => (await import("#web/features/contacts/contact-panel.tsx")).ContactPanel);
const ContactFormPanel = lazyLater(async () => (await import("#web/features/contacts/contact-form-panel.tsx")).ContactFormPanel);
const SendFlowDialog = lazyLater(async () => (await import("#web/features/send-flow/send-flow-dialog.tsx")).SendFlowDialog);
const ChangeStatusDialog = lazyLater(async () => (await import("#web/features/contacts/change-status-dialog.tsx")).ChangeStatusDialog);
const DeleteContactsDialog = lazyLater(
  async () => (await import("#web/features/contacts/delete-contacts-dialog.tsx")).DeleteContactsDialog,
);
const FirstSteps = lazyLater(async () => (await import("#web/features/first-steps/first-steps.tsx")).FirstSteps);
const SendsUnderWay = lazyLater(async () => (await import("#web/features/send-flow/sends-under-way.tsx")).SendsUnderWay);
const ImportDialog = lazyLater(async () => (await import("#web/features/contacts/import-dialog.tsx")).ImportDialog);
const saveEverything = async (contact: Contact) => (await import("#web/features/contacts/save-everything.ts")).saveEverything(contact);

type Target = { selection: NonNullable<ReturnType<typeof toRequest>>; total: number };

/** The page with the list of contacts and the actions on them. */
export function ContactsPage() {
  const { can, workspace } = useSession();
  const mayEdit = can("editor");
  const navigate = useNavigate();
  const params = useSearch({ from: "/member/contacts" });
  const { q, filter: tests, sort, direction, contact } = params;
  const search = useMemo(() => parseListSearch({ q, filter: tests, sort, direction, contact }), [q, tests, sort, direction, contact]);
  const filter = useMemo(() => toFilter(search), [search]);

  const list = useContactList(search);
  const facets = useQuery(contactFacetsQuery);
  const [selection, setSelection] = useContactSelection(filter, list.total);
  const [sending, setSending] = useState<(Audience & { fromSelection: boolean }) | null>(null);
  const [statusTarget, setStatusTarget] = useState<Target | null>(null);
  const [deleteTarget, setDeleteTarget] = useState<DeleteTarget | null>(null);
  const [editing, setEditing] = useState<Contact | null>(null);
  const [importing, setImporting] = useState(false);

  const go = useCallback(
    (change: Partial<ListSearch> & { new?: string }, replace = false) => {
      const { new: adding, ...rest } = change;
      const next = { ...toListParams({ ...search, ...rest }), ...(adding && { new: adding }) };
      // The router would carry the table's scroll position over to the new list; the table knows when to begin at its top.
      void navigate({ to: "/contacts", search: next, replace, resetScroll: false });
    },
    [navigate, search],
  );
  const open = useCallback((opened: Contact) => go({ contact: opened.id }), [go]);
  /** The contact that was just added. It is opened when the form has left. */
  const added = useRef<Contact>(undefined);
  const formTarget: FormTarget = editing ?? (params.new !== undefined && mayEdit ? "new" : null);

  const sendToOne = ({ id, displayName }: Contact) =>
    setSending({ selection: { type: "ids", ids: [id] }, total: 1, names: [displayName], words: null, fromSelection: false });
  const sendToSelected = () => {
    const request = toRequest(selection);
    if (request === null) {
      toast({ status: "warning", title: "No Contacts Selected", description: "Please select at least one contact", duration: 3000 });
      return;
    }
    const total = selectedCount(selection);
    const isAll = total === list.total && list.contacts.length === total && list.contacts.every((one) => isSelected(selection, one.id));
    setSending({
      selection: request,
      total,
      names: namesOf(selection),
      words: audienceWords(selection),
      ...(isAll && { matching: filter }),
      fromSelection: true,
    });
  };
  const remove = (one: Contact) => setDeleteTarget({ selection: { type: "ids", ids: [one.id] }, total: 1, name: one.displayName });
  const withSelection = (act: (target: Target) => void) => () => {
    const request = toRequest(selection);
    if (request) act({ selection: request, total: selectedCount(selection) });
  };
  const request = toRequest(selection);
  const chosen = request && { selection: request, total: selectedCount(selection) };
  const menuItems = (row: Contact) => [
    { label: "Send Flow", icon: Play, onSelect: () => sendToOne(row) },
    { label: "Edit", icon: Pencil, onSelect: () => setEditing(row) },
    ...(can("admin") ? [{ label: "Export everything", icon: FileDown, onSelect: () => void saveEverything(row) }] : []),
    { label: "Delete", icon: Trash2, onSelect: () => remove(row), tone: "danger" as const },
  ];

  return (
    <Page
      title="Contacts"
      count={list.shownTotal}
      scroll={false}
      actions={
        <ContactsActions
          search={search}
          chosen={chosen}
          {...(mayEdit && { onImport: () => setImporting(true), onAdd: () => go({ new: "1" }) })}
        />
      }
    >
      {can("admin") && !workspace.isDemo && (
        <Suspense>
          <FirstSteps />
        </Suspense>
      )}
      <Suspense>
        <SendsUnderWay />
      </Suspense>
      <Box px={{ base: "4", md: "6" }} py="2" borderBottomWidth="1px">
        <FilterBar
          search={search.q ?? ""}
          onSearch={(text) => go({ q: text || undefined }, true)}
          tests={search.filter ?? []}
          onTests={(changed) => go({ filter: changed })}
          facets={facets.data}
        />
      </Box>
      <Flex direction="column" flex="1" minHeight="0" position="relative">
        {search.unreadable ? (
          <UnreadableFilter
            parts={search.unreadable}
            clearLabel="Show all contacts"
            onClear={() => go({ q: undefined, filter: undefined, unreadable: undefined })}
          />
        ) : (
          <ContactsTable
            search={search}
            list={list}
            onSearch={go}
            selection={selection}
            onSelection={setSelection}
            onOpen={open}
            menuItems={mayEdit ? menuItems : null}
            firstSteps={
              mayEdit && (
                <Flex gap="2">
                  <Button tone="primary" onClick={() => setImporting(true)}>
                    Import contacts
                  </Button>
                  <Button onClick={() => go({ new: "1" })}>Add contact</Button>
                </Flex>
              )
            }
          />
        )}
        {mayEdit && !search.unreadable && selectedCount(selection) > 0 && (
          <SelectionBar
            selection={selection}
            loaded={list.contacts.length}
            allLoaded={list.isCurrent && list.contacts.length > 0 && list.contacts.every(({ id }) => isSelected(selection, id))}
            total={list.total}
            filtered={isFiltered(search)}
            onSelectMatching={() => list.total !== undefined && setSelection(selectMatching(filter, list.total, list.contacts))}
            onClear={() => setSelection(nothing)}
            onSendFlow={sendToSelected}
            onChangeStatus={withSelection(setStatusTarget)}
            onDelete={withSelection((target) =>
              setDeleteTarget({ ...target, name: target.total === 1 ? (namesOf(selection)[0] ?? null) : null }),
            )}
          />
        )}
      </Flex>

      <OnceOpened open={sending !== null}>
        <SendFlowDialog
          audience={sending}
          launchedFrom="Contacts page"
          onClose={() => setSending(null)}
          // The selection is cleared after a send, because people would send to ticks that stay a second time by habit.
          onSent={() => sending?.fromSelection && setSelection(nothing)}
        />
      </OnceOpened>
      <OnceOpened open={search.contact !== undefined}>
        <ContactPanel
          contactId={search.contact ?? null}
          onClose={() => go({ contact: undefined })}
          {...(mayEdit && { actions: { sendFlow: sendToOne, edit: setEditing, remove } })}
        />
      </OnceOpened>
      <OnceOpened open={formTarget !== null}>
        <ContactFormPanel
          target={formTarget}
          onClose={(saved) => {
            setEditing(null);
            if (formTarget !== "new") return;
            added.current = saved;
            go({ contact: undefined });
          }}
          onClosed={() => {
            if (added.current) open(added.current);
            added.current = undefined;
          }}
        />
      </OnceOpened>
      <OnceOpened open={statusTarget !== null}>
        <ChangeStatusDialog target={statusTarget} onClose={() => setStatusTarget(null)} />
      </OnceOpened>
      <OnceOpened open={deleteTarget !== null}>
        <DeleteContactsDialog
          target={deleteTarget}
          onClose={() => setDeleteTarget(null)}
          onDeleted={({ selection: gone }) => {
            setSelection(gone.type === "ids" ? without(selection, gone.ids) : nothing);
            if (gone.type === "filter" || gone.ids.includes(search.contact ?? "")) go({ contact: undefined }, true);
          }}
        />
      </OnceOpened>
      {/* Each opening begins without the file of the one before. */}
      <Suspense>{importing && <ImportDialog open onClose={() => setImporting(false)} />}</Suspense>
    </Page>
  );
}
