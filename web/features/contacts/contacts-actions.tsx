import { Link, useNavigate } from "@tanstack/react-router";
import { Download, Ellipsis, Plus, Trash2, Upload } from "lucide-react";
import type { Selection } from "#contract/contacts.ts";
import { Button } from "#ui/button.tsx";
import { formatCount } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { ActionMenu } from "#ui/menu.tsx";
import { toast } from "#ui/toaster.tsx";
import { listingQuery } from "#web/entities/contacts/contact-queries.ts";
import { sendsAccessToken } from "#web/lib/access-token.ts";
import { api, apiUrl } from "#web/lib/api.ts";
import { download, saveText } from "#web/lib/download.ts";
import { isFiltered, type ListSearch, toListing } from "./list-search.ts";

interface ContactsActionsProps {
  search: ListSearch;
  /** Whom the person has chosen, and how many they are; null where nobody is. */
  chosen: { selection: Selection; total: number } | null;
  /** Absent for those who may only read. */
  onImport?: () => void;
  onAdd?: () => void;
}

const exportUrl = (search: ListSearch): string => apiUrl("exportContacts", { query: listingQuery(toListing(search)) });

async function saveExport(search: ListSearch): Promise<void> {
  try {
    await download(exportUrl(search), "contacts.csv");
  } catch (error) {
    toast({ title: "The contacts were not exported", description: (error as Error).message, status: "error" });
  }
}

/** Saves the chosen contacts. They may be ten thousand ids, which fit in no address. */
async function saveChosen({ selection }: { selection: Selection }, search: ListSearch): Promise<void> {
  try {
    const { sort, direction } = toListing(search);
    saveText(await api("exportSelection", { body: { selection, sort, direction } }), "contacts.csv", "text/csv");
  } catch (error) {
    toast({ title: "The contacts were not exported", description: (error as Error).message, status: "error" });
  }
}

/** The buttons of the page's head. On a phone the quiet ones move into a menu. */
export function ContactsActions({ search, chosen, onImport, onAdd }: ContactsActionsProps) {
  const navigate = useNavigate();
  const exportLabel = chosen ? `Export ${formatCount(chosen.total)} selected` : isFiltered(search) ? "Export these" : "Export";
  const save = () => void (chosen ? saveChosen(chosen, search) : saveExport(search));
  // Without what the address says and nobody can read, the file would hold everybody.
  const mayExport = chosen !== null || search.unreadable === undefined;
  return (
    <>
      {onImport && (
        <Button icon={Upload} onClick={onImport} hideBelow="md">
          Import
        </Button>
      )}
      {chosen ? (
        <Button icon={Download} onClick={save} hideBelow="md" title="The selected contacts, as a CSV file">
          {exportLabel}
        </Button>
      ) : mayExport ? (
        <Button asChild hideBelow="md">
          <a
            href={exportUrl(search)}
            download
            title="All contacts listed here, as a CSV file"
            onClick={(event) => {
              // A link carries our cookie but no access token.
              if (!sendsAccessToken()) return;
              event.preventDefault();
              void saveExport(search);
            }}
          >
            <Download aria-hidden />
            {exportLabel}
          </a>
        </Button>
      ) : null}
      <Button asChild tone="ghost" hideBelow="md">
        <Link to="/contacts/bin" title="Deleted contacts that can still be restored">
          <Trash2 aria-hidden />
          Bin
        </Link>
      </Button>
      {onAdd && (
        <Button tone="primary" icon={Plus} onClick={onAdd}>
          Add contact
        </Button>
      )}
      <ActionMenu
        trigger={<IconButton icon={Ellipsis} label="More actions" tooltip="title" tone="secondary" hideFrom="md" />}
        items={[
          ...(onImport ? [{ label: "Import", icon: Upload, onSelect: onImport }] : []),
          ...(mayExport ? [{ label: exportLabel, icon: Download, onSelect: save }] : []),
          { label: "Bin", icon: Trash2, onSelect: () => void navigate({ to: "/contacts/bin" }) },
        ]}
      />
    </>
  );
}
