import { Download, Ellipsis, Plus, Upload } from "lucide-react";
import { Button } from "#ui/button.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { ActionMenu } from "#ui/menu.tsx";
import { toast } from "#ui/toaster.tsx";
import { listingQuery } from "#web/entities/contacts/contact-queries.ts";
import { sendsAccessToken } from "#web/lib/access-token.ts";
import { apiUrl } from "#web/lib/api.ts";
import { download } from "#web/lib/download.ts";
import { isFiltered, type ListSearch, toListing } from "./list-search.ts";

interface ContactsActionsProps {
  search: ListSearch;
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

/** The buttons of the page's head. On a phone the quiet ones move into a menu. */
export function ContactsActions({ search, onImport, onAdd }: ContactsActionsProps) {
  const exportLabel = isFiltered(search) ? "Export these" : "Export";
  return (
    <>
      {onImport && (
        <Button icon={Upload} onClick={onImport} hideBelow="md">
          Import
        </Button>
      )}
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
      {onAdd && (
        <Button tone="primary" icon={Plus} onClick={onAdd}>
          Add contact
        </Button>
      )}
      <ActionMenu
        trigger={<IconButton icon={Ellipsis} label="More actions" tooltip="title" tone="secondary" hideFrom="md" />}
        items={[
          ...(onImport ? [{ label: "Import", icon: Upload, onSelect: onImport }] : []),
          { label: exportLabel, icon: Download, onSelect: () => void saveExport(search) },
        ]}
      />
    </>
  );
}
