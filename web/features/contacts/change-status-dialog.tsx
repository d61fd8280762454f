import { Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import type { Selection } from "#contract/contacts.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { plural } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { useLastShown } from "#ui/use-last-shown.ts";
import { contactFacetsQuery, refreshContacts } from "#web/entities/contacts/contact-queries.ts";
import { api } from "#web/lib/api.ts";
import { StatusField } from "./status-field.tsx";

interface ChangeStatusDialogProps {
  /** Null: closed. */
  target: { selection: Selection; total: number } | null;
  onClose: () => void;
}

/** Sets the lead status of many contacts, to one in use or a new one. */
export function ChangeStatusDialog({ target, onClose }: ChangeStatusDialogProps) {
  const client = useQueryClient();
  const form = useId();
  const input = useRef<HTMLInputElement>(null);
  const [status, setStatus] = useState("");
  const facets = useQuery({ ...contactFacetsQuery, enabled: target !== null });
  const change = useMutation({
    mutationFn: (given: { selection: Selection; leadStatus: string }) =>
      api("bulkContacts", { body: { selection: given.selection, action: { type: "change_status", leadStatus: given.leadStatus } } }),
    onSuccess: async ({ changed, matched }, { leadStatus }) => {
      toast({
        status: "success",
        title: "Status changed",
        description: `${plural(changed, "contact")} ${changed === 1 ? "is" : "are"} now “${leadStatus}”${matched > changed ? `, ${plural(matched - changed, "was", "were")} so already` : ""}`,
      });
      onClose();
      await refreshContacts(client);
    },
  });
  const { reset } = change;
  useEffect(() => {
    if (target === null) return;
    setStatus("");
    reset();
  }, [target, reset]);
  const { shown } = useLastShown(target);
  const words = shown ? plural(shown.total, "contact") : "";
  return (
    <Dialog
      open={target !== null}
      onClose={onClose}
      closeable={!change.isPending}
      title="Change Status"
      initialFocusRef={input}
      footer={
        <>
          <Button tone="ghost" onClick={onClose} disabled={change.isPending}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" form={form} busy={change.isPending} disabled={status.trim() === ""}>
            {`Change ${words}`}
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          if (target && status.trim()) change.mutate({ selection: target.selection, leadStatus: status.trim() });
        }}
      >
        <Stack gap="3">
          <Text textStyle="sm" color="fg.muted">
            The lead status of {words} becomes the one below.
          </Text>
          <StatusField label="Lead status" value={status} onChange={setStatus} choices={facets.data?.leadStatuses ?? []} inputRef={input} />
          {change.isError && <Notice status="error">{change.error.message}</Notice>}
        </Stack>
      </form>
    </Dialog>
  );
}
