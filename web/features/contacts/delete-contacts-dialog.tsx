import { Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { binDays } from "#contract/bin.ts";
import { deletedUntyped } from "#contract/bulk-jobs.ts";
import type { Selection } from "#contract/contacts.ts";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { formatCount, plural } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { useLastShown } from "#ui/use-last-shown.ts";
import { useStartBulkJob } from "#web/entities/bulk-jobs/use-start-bulk-job.ts";
import { refreshBin } from "#web/entities/contacts/bin-queries.ts";
import { offerUndoOfDelete } from "#web/entities/contacts/restore.ts";
import { runningExecutionsQuery } from "#web/entities/executions/execution-queries.ts";
import { api } from "#web/lib/api.ts";

export interface DeleteTarget {
  selection: Selection;
  total: number;
  /** The name where it is one contact. */
  name: string | null;
}

interface DeleteContactsDialogProps {
  /** Null: closed. */
  target: DeleteTarget | null;
  onClose: () => void;
  onDeleted: (target: DeleteTarget) => void;
}

export function DeleteContactsDialog({ target, onClose, onDeleted }: DeleteContactsDialogProps) {
  const client = useQueryClient();
  const only = target?.selection.type === "ids" && target.selection.ids.length === 1 ? target.selection.ids[0] : undefined;
  const running = useQuery({ ...runningExecutionsQuery(only ?? ""), enabled: only !== undefined });
  const remove = useMutation({
    mutationFn: ({ id }: DeleteTarget & { id: string }) => api("deleteContact", { params: { id } }),
    onSuccess: async (_, given) => {
      offerUndoOfDelete(client, { ids: [given.id], name: given.name });
      onDeleted(given);
      onClose();
      await refreshBin(client);
    },
  });
  const removeMany = useStartBulkJob({
    onStarted: () => {
      if (target) onDeleted(target);
      onClose();
    },
  });
  const [{ reset }, { reset: resetMany }] = [remove, removeMany];
  const [typed, setTyped] = useState("");
  useEffect(() => {
    if (target) {
      reset();
      resetMany();
    }
    setTyped("");
  }, [target, reset, resetMany]);
  const { shown } = useLastShown(target);
  const many = shown !== null && shown.total > 1;
  const mustType = shown !== null && shown.total > deletedUntyped;
  const isTyped = !mustType || typed.replaceAll(/\D/g, "") === String(shown.total);
  const who = shown?.name ?? plural(shown?.total ?? 0, "contact");
  const inFlows = only === undefined ? null : (running.data ?? null);
  const busy = remove.isPending || removeMany.isPending;
  const error = remove.error ?? removeMany.error;
  const press = () => {
    if (!target || !isTyped) return;
    if (only !== undefined) return remove.mutate({ ...target, id: only });
    const { selection, total } = target;
    removeMany.mutate({ selection, action: { type: "delete" }, expectedTotal: total, ...(mustType && { confirm: total }) });
  };
  return (
    <ConfirmDialog
      open={target !== null}
      onClose={onClose}
      onConfirm={press}
      title={`Delete ${who}?`}
      confirmLabel={many ? `Delete ${plural(shown.total, "contact")}` : "Delete contact"}
      busy={busy}
      disabled={!isTyped}
    >
      <Stack gap="2" textStyle="sm">
        <Text>
          {inFlows === null
            ? `This ends every flow that ${many ? "they are" : "this contact is"} in: nothing more is sent.`
            : inFlows === 0
              ? "This contact is in no flow just now."
              : `This ends ${plural(inFlows, "running execution")}: nothing more is sent.`}
        </Text>
        <Text color="fg.muted">
          {many ? "They lie" : "The contact lies"} in the bin for {binDays} days and can be restored from there, without the flows. Then{" "}
          {many ? "they are" : "it is"} erased; the history of what was sent stays, without {many ? "names" : "the name"}.
        </Text>
        {mustType && (
          <TextField
            label={`Type ${formatCount(shown.total)} to delete them`}
            value={typed}
            onChange={setTyped}
            autoComplete="off"
            disabled={busy}
          />
        )}
        {error && <Notice status="error">{error.message}</Notice>}
      </Stack>
    </ConfirmDialog>
  );
}
