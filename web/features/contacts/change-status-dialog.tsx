import { Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import type { Selection } from "#contract/contacts.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { plural } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { useLastShown } from "#ui/use-last-shown.ts";
import { useStartBulkJob } from "#web/entities/bulk-jobs/use-start-bulk-job.ts";
import { leadStatusesQuery } from "#web/entities/lead-statuses/lead-status-queries.ts";
import { StatusField } from "./status-field.tsx";

interface ChangeStatusDialogProps {
  /** Null: closed. */
  target: { selection: Selection; total: number } | null;
  onClose: () => void;
}

/** Sets the lead status of many contacts, to one of the list. */
export function ChangeStatusDialog({ target, onClose }: ChangeStatusDialogProps) {
  const form = useId();
  const input = useRef<HTMLInputElement>(null);
  const [status, setStatus] = useState("");
  const list = useQuery({ ...leadStatusesQuery, enabled: target !== null });
  const change = useStartBulkJob({ onStarted: onClose });
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
          const leadStatus = status.trim();
          if (!target || leadStatus === "") return;
          change.mutate({ selection: target.selection, action: { type: "change_status", leadStatus }, expectedTotal: target.total });
        }}
      >
        <Stack gap="3">
          <Text textStyle="sm" color="fg.muted">
            The lead status of {words} becomes the one below.
          </Text>
          <StatusField
            label="Lead status"
            value={status}
            onChange={setStatus}
            choices={list.data?.items.map(({ name }) => name) ?? []}
            inputRef={input}
          />
          {change.isError && <Notice status="error">{change.error.message}</Notice>}
        </Stack>
      </form>
    </Dialog>
  );
}
