import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { flowsQuery } from "#web/entities/flows/flow-queries.ts";
import { folderChoices } from "./flow-order.ts";
import { type Movable, useMoveFlow } from "./use-move-flow.ts";

interface PlaceDialogProps {
  open: boolean;
  flow: Movable;
  onClose: () => void;
}

const nowhere = "none";

/** Puts a flow into a folder, or out of all of them. */
export function PlaceDialog({ open, flow, onClose }: PlaceDialogProps) {
  const folders = useQuery(flowsQuery).data?.folders ?? [];
  const [folderId, setFolderId] = useState(flow.folderId);
  const choices = folderChoices(folders);
  const move = useMoveFlow(folders);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      closeable={!move.isPending}
      title={`Move “${flow.name}”`}
      footer={
        <>
          <Button tone="ghost" onClick={onClose} disabled={move.isPending}>
            Cancel
          </Button>
          <Button
            tone="primary"
            onClick={() => move.mutate({ flow, to: folderId }, { onSuccess: onClose })}
            busy={move.isPending}
            disabled={folderId === flow.folderId}
          >
            Move
          </Button>
        </>
      }
    >
      {folders.length === 0 && (
        <Notice status="info">There are no folders yet. Make one with the button beside the list of folders on the Flows page.</Notice>
      )}
      <SelectField
        label="Folder"
        value={folderId ?? nowhere}
        onChange={(next: string) => {
          setFolderId(next === nowhere ? null : next);
          move.reset();
        }}
        options={[{ value: nowhere, label: "No folder" }, ...choices]}
      />
      {move.isError && <Notice status="error">{move.error.message}</Notice>}
    </Dialog>
  );
}
