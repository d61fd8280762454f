import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Archive, ArchiveRestore, Copy, FileDown, FolderInput, Pencil, Trash2 } from "lucide-react";
import { Suspense, useState } from "react";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { lazyLater } from "#ui/lazy-later.ts";
import { toast } from "#ui/toaster.tsx";
import { useLastShown } from "#ui/use-last-shown.ts";
import { refreshFlows } from "#web/entities/flows/flow-queries.ts";
import { api } from "#web/lib/api.ts";
import { exportFlow } from "./export-flow.ts";
import { NameDialog } from "./name-dialog.tsx";

const ArchiveDialog = lazyLater(async () => (await import("./archive-dialog.tsx")).ArchiveDialog);
const PlaceDialog = lazyLater(async () => (await import("./place-dialog.tsx")).PlaceDialog);

interface Named {
  id: string;
  name: string;
  folderId: string | null;
  archivedAt: string | null;
}

/** What can be done with a flow wherever it is shown: the items of a menu, and the dialogs that they open. */
export function useFlowActions({ onOpen, onGone }: { onOpen: (flow: { id: string }) => void; onGone?: () => void }) {
  const client = useQueryClient();
  const [renaming, setRenaming] = useState<Named | null>(null);
  const duplicate = useMutation({
    mutationFn: ({ id }: Named) => api("duplicateFlow", { params: { id }, body: {} }),
    onSuccess: async (copy) => {
      toast({
        status: "success",
        title: `“${copy.name}” was made`,
        description: "It has the same steps and no history. Publish it before you send it.",
        action: { label: "Open", onClick: () => onOpen(copy) },
      });
      await refreshFlows(client);
    },
    onError: (error) => toast({ status: "error", title: "The flow was not copied", description: error.message }),
  });
  const save = useMutation({
    mutationFn: exportFlow,
    onError: (error) => toast({ status: "error", title: "The flow was not exported", description: error.message }),
  });
  const [archiving, setArchiving] = useState<Named | null>(null);
  const [deleting, setDeleting] = useState<Named | null>(null);
  const archive = useLastShown(archiving);
  const [moving, setMoving] = useState<Named | null>(null);
  const place = useLastShown(moving);
  const bringBack = useMutation({
    mutationFn: ({ id }: Named) => api("unarchiveFlow", { params: { id } }),
    onSuccess: async ({ name }) => {
      toast({ status: "success", title: `“${name}” is back`, description: "Contacts can enter it again." });
      await refreshFlows(client);
    },
    onError: (error) => toast({ status: "error", title: "The flow stays archived", description: error.message }),
  });
  const restore = useMutation({
    mutationFn: (id: string) => api("restoreFlow", { params: { id } }),
    onSuccess: async ({ name }) => {
      toast({ status: "success", title: `“${name}” was restored` });
      await refreshFlows(client);
    },
    onError: (error) => toast({ status: "error", title: "The flow was not restored", description: error.message }),
  });
  const remove = useMutation({
    mutationFn: ({ id }: Named) => api("deleteFlow", { params: { id } }),
    onSuccess: async (_, { id, name }) => {
      setDeleting(null);
      onGone?.();
      toast({
        status: "success",
        title: `“${name}” was deleted`,
        description: "It can be restored for 30 days. Its history stays.",
        action: { label: "Restore", onClick: () => restore.mutate(id) },
      });
      await refreshFlows(client);
    },
    onError: (error) => {
      setDeleting(null);
      toast({ status: "error", title: "The flow was not deleted", description: error.message });
    },
  });
  return {
    items: (flow: Named) => [
      {
        label: "Duplicate",
        icon: Copy,
        onSelect: () => {
          if (!duplicate.isPending) duplicate.mutate(flow);
        },
      },
      { label: "Rename", icon: Pencil, onSelect: () => setRenaming(flow) },
      { label: "Move to a folder…", icon: FolderInput, onSelect: () => setMoving(flow) },
      { label: "Export as a file", icon: FileDown, onSelect: () => save.mutate(flow) },
      flow.archivedAt === null
        ? { label: "Archive…", icon: Archive, onSelect: () => setArchiving(flow) }
        : { label: "Bring back from the archive", icon: ArchiveRestore, onSelect: () => bringBack.mutate(flow) },
      { label: "Delete…", icon: Trash2, tone: "danger" as const, onSelect: () => setDeleting(flow) },
    ],
    dialogs: (
      <>
        <NameDialog flow={renaming} onClose={() => setRenaming(null)} />
        {archive.shown && (
          <Suspense>
            <ArchiveDialog key={archive.opening} open={archiving !== null} flow={archive.shown} onClose={() => setArchiving(null)} />
          </Suspense>
        )}
        {place.shown && (
          <Suspense>
            <PlaceDialog key={place.opening} open={moving !== null} flow={place.shown} onClose={() => setMoving(null)} />
          </Suspense>
        )}
        <ConfirmDialog
          open={deleting !== null}
          onClose={() => setDeleting(null)}
          title={`Delete “${deleting?.name ?? ""}”?`}
          confirmLabel="Delete"
          busy={remove.isPending}
          onConfirm={() => deleting && remove.mutate(deleting)}
        >
          It can be restored for 30 days. What was sent with it stays in the history.
        </ConfirmDialog>
      </>
    ),
  };
}
