import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { useLastShown } from "#ui/use-last-shown.ts";
import { refreshFlows } from "#web/entities/flows/flow-queries.ts";
import { api } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";

interface Named {
  id: string;
  name: string;
}

interface NameDialogProps {
  /** Null: closed. */
  flow: Named | null;
  onClose: () => void;
}

/** Gives a flow another name. Each opening begins with the name of now. */
export function NameDialog({ flow, onClose }: NameDialogProps) {
  const { shown, opening } = useLastShown(flow);
  return shown && <OpenDialog key={opening} open={flow !== null} flow={shown} onClose={onClose} />;
}

function OpenDialog({ open, flow, onClose }: { open: boolean; flow: Named; onClose: () => void }) {
  const client = useQueryClient();
  const form = useId();
  const input = useRef<HTMLInputElement>(null);
  const [name, setName] = useState(flow.name);
  const rename = useMutation({
    mutationFn: (next: string) => api("renameFlow", { params: { id: flow.id }, body: { name: next } }),
    onSuccess: async (renamed) => {
      onClose();
      toast({ status: "success", title: `The flow is now called “${renamed.name}”` });
      await refreshFlows(client);
    },
    onError: () => input.current?.focus(),
  });
  const isTaken = isApiError(rename.error, "flow_name_taken");
  const trimmed = name.trim();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      closeable={!rename.isPending}
      title="Rename flow"
      description="Only the name changes: its steps and its history stay."
      initialFocusRef={input}
      footer={
        <>
          <Button tone="ghost" onClick={onClose} disabled={rename.isPending}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" form={form} busy={rename.isPending} disabled={trimmed === "" || trimmed === flow.name}>
            Rename
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (trimmed !== "" && trimmed !== flow.name && !rename.isPending) rename.mutate(trimmed);
        }}
      >
        <TextField
          ref={input}
          label="Name"
          maxLength={200}
          value={name}
          onChange={(next) => {
            setName(next);
            rename.reset();
          }}
          error={isTaken ? rename.error?.message : undefined}
        />
        {rename.isError && !isTaken && <Notice status="error">{rename.error.message}</Notice>}
      </form>
    </Dialog>
  );
}
