import { Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Selection } from "#contract/contacts.ts";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { formatCount, plural } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { useLastShown } from "#ui/use-last-shown.ts";
import { refreshContacts } from "#web/entities/contacts/contact-queries.ts";
import { runningExecutionsQuery } from "#web/entities/executions/execution-queries.ts";
import { api } from "#web/lib/api.ts";

/** Above this number the person types how many contacts are deleted. */
const deletedAtOnce = 100;

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
    mutationFn: async ({ selection }: DeleteTarget) => {
      const [first, ...others] = selection.type === "ids" ? selection.ids : [];
      if (first !== undefined && others.length === 0) {
        await api("deleteContact", { params: { id: first } });
        return 1;
      }
      return (await api("bulkContacts", { body: { selection, action: { type: "delete" } } })).changed;
    },
    onSuccess: async (deleted, given) => {
      toast({ status: "success", title: given.name ? `${given.name} was deleted` : `${plural(deleted, "contact")} deleted` });
      onDeleted(given);
      onClose();
      await refreshContacts(client);
    },
  });
  const { reset } = remove;
  const [typed, setTyped] = useState("");
  useEffect(() => {
    if (target) reset();
    setTyped("");
  }, [target, reset]);
  const { shown } = useLastShown(target);
  const many = shown !== null && shown.total > 1;
  const mustType = shown !== null && shown.total > deletedAtOnce;
  const isTyped = !mustType || typed.replaceAll(/\D/g, "") === String(shown.total);
  const who = shown?.name ?? plural(shown?.total ?? 0, "contact");
  const inFlows = only === undefined ? null : (running.data ?? null);
  return (
    <ConfirmDialog
      open={target !== null}
      onClose={onClose}
      onConfirm={() => target && isTyped && remove.mutate(target)}
      title={`Delete ${who}?`}
      confirmLabel={many ? `Delete ${plural(shown.total, "contact")}` : "Delete contact"}
      busy={remove.isPending}
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
          The history of what was sent stays, without the {many ? "names" : "name"}. A deleted contact cannot be brought back.
        </Text>
        {mustType && (
          <TextField
            label={`Type ${formatCount(shown.total)} to delete them`}
            value={typed}
            onChange={setTyped}
            autoComplete="off"
            disabled={remove.isPending}
          />
        )}
        {remove.isError && <Notice status="error">{remove.error.message}</Notice>}
      </Stack>
    </ConfirmDialog>
  );
}
