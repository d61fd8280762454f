import { Stack } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import type { FlowFolder } from "#contract/flow-folders.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { refreshFlows } from "#web/entities/flows/flow-queries.ts";
import { api } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";
import { folderChoices, withSubfolders } from "./flow-order.ts";

/** Which folder is made or changed: a new one in a folder, or one that is there. */
export type FolderEdit = { parentId: string | null } | FlowFolder;

interface FolderDialogProps {
  open: boolean;
  edit: FolderEdit;
  folders: readonly FlowFolder[];
  onClose: () => void;
  onSaved: (folder: FlowFolder) => void;
}

const nowhere = "none";

/** Makes a folder, or gives one another name or another place. */
export function FolderDialog({ open, edit, folders, onClose, onSaved }: FolderDialogProps) {
  const client = useQueryClient();
  const form = useId();
  const input = useRef<HTMLInputElement>(null);
  const before = "id" in edit ? edit : undefined;
  const [name, setName] = useState(before?.name ?? "");
  const [parentId, setParentId] = useState(edit.parentId);
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), parentId };
      return before ? api("updateFlowFolder", { params: { id: before.id }, body }) : api("createFlowFolder", { body });
    },
    onSuccess: async (folder) => {
      await refreshFlows(client);
      onSaved(folder);
    },
    onError: () => input.current?.focus(),
  });
  const isTaken = isApiError(save.error, "folder_name_taken");
  const isUnchanged = before !== undefined && name.trim() === before.name && parentId === before.parentId;
  const cannotSave = name.trim() === "" || isUnchanged;
  const own = before ? withSubfolders(before.id, folders) : new Set<string>();
  const places = folderChoices(folders).filter(({ value }) => !own.has(value));
  return (
    <Dialog
      open={open}
      onClose={onClose}
      closeable={!save.isPending}
      title={before ? `Change “${before.name}”` : "New folder"}
      initialFocusRef={input}
      footer={
        <>
          <Button tone="ghost" onClick={onClose} disabled={save.isPending}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" form={form} busy={save.isPending} disabled={cannotSave}>
            {before ? "Save" : "Create"}
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!cannotSave && !save.isPending) save.mutate();
        }}
      >
        <Stack gap="4">
          <TextField
            ref={input}
            label="Name"
            maxLength={200}
            value={name}
            onChange={(next) => {
              setName(next);
              save.reset();
            }}
            error={isTaken ? save.error?.message : undefined}
          />
          <SelectField
            label="Inside"
            value={parentId ?? nowhere}
            onChange={(next: string) => {
              setParentId(next === nowhere ? null : next);
              save.reset();
            }}
            options={[{ value: nowhere, label: "No other folder" }, ...places]}
          />
          {save.isError && !isTaken && <Notice status="error">{save.error.message}</Notice>}
        </Stack>
      </form>
    </Dialog>
  );
}
