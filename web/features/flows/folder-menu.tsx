import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FolderCog, FolderPen, FolderPlus, Trash2 } from "lucide-react";
import { Suspense, useState } from "react";
import type { FlowFolder } from "#contract/flow-folders.ts";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { lazyLater } from "#ui/lazy-later.ts";
import { ActionMenu } from "#ui/menu.tsx";
import { toast } from "#ui/toaster.tsx";
import { useLastShown } from "#ui/use-last-shown.ts";
import { refreshFlows } from "#web/entities/flows/flow-queries.ts";
import { api } from "#web/lib/api.ts";
import type { FolderEdit } from "./folder-dialog.tsx";

const FolderDialog = lazyLater(async () => (await import("./folder-dialog.tsx")).FolderDialog);

interface FolderMenuProps {
  folders: readonly FlowFolder[];
  /** The folder that is shown. */
  folder: FlowFolder | undefined;
  /** Shows another folder, or all flows. */
  onFolder: (id: string | undefined) => void;
}

/** Makes folders, and changes and deletes the one that is shown. */
export function FolderMenu({ folders, folder, onFolder }: FolderMenuProps) {
  const client = useQueryClient();
  const [editing, setEditing] = useState<FolderEdit | null>(null);
  const dialog = useLastShown(editing);
  const [deleting, setDeleting] = useState<FlowFolder | null>(null);
  const remove = useMutation({
    mutationFn: ({ id }: FlowFolder) => api("deleteFlowFolder", { params: { id } }),
    onSuccess: async (_, { name, parentId }) => {
      onFolder(parentId ?? undefined);
      toast({ status: "success", title: `The folder “${name}” was deleted`, description: "Its flows are still there." });
      await refreshFlows(client);
    },
    onError: (error) => toast({ status: "error", title: "The folder was not deleted", description: error.message }),
    onSettled: () => setDeleting(null),
  });
  const around = folders.find(({ id }) => id === deleting?.parentId);
  return (
    <>
      <ActionMenu
        trigger={<IconButton icon={FolderCog} label="Folders" tooltip="title" tone="secondary" />}
        items={[
          { label: "New folder…", icon: FolderPlus, onSelect: () => setEditing({ parentId: folder?.id ?? null }) },
          ...(folder
            ? [
                { label: `Change “${folder.name}”…`, icon: FolderPen, onSelect: () => setEditing(folder) },
                { label: `Delete “${folder.name}”…`, icon: Trash2, tone: "danger" as const, onSelect: () => setDeleting(folder) },
              ]
            : []),
        ]}
      />
      {dialog.shown && (
        <Suspense>
          <FolderDialog
            key={dialog.opening}
            open={editing !== null}
            edit={dialog.shown}
            folders={folders}
            onClose={() => setEditing(null)}
            onSaved={(saved) => {
              setEditing(null);
              onFolder(saved.id);
            }}
          />
        </Suspense>
      )}
      <ConfirmDialog
        open={deleting !== null}
        onClose={() => setDeleting(null)}
        title={`Delete the folder “${deleting?.name ?? ""}”?`}
        confirmLabel="Delete"
        busy={remove.isPending}
        onConfirm={() => deleting && remove.mutate(deleting)}
      >
        No flow is deleted. What is in it moves {around ? `to “${around.name}”` : "out of it"}.
      </ConfirmDialog>
    </>
  );
}
