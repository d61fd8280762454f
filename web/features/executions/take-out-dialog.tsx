import { Stack, Text } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Execution } from "#contract/executions.ts";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { isolated } from "#ui/format.ts";
import { toast } from "#ui/toaster.tsx";
import { useLastShown } from "#ui/use-last-shown.ts";
import { executionQuery } from "#web/entities/executions/execution-queries.ts";
import { refreshSends } from "#web/entities/sends/send-queries.ts";
import { api } from "#web/lib/api.ts";
import { RefusalNotice } from "#web/lib/refusal-notice.tsx";

/** What is needed of an enrollment to end it or try it again. */
export type Controlled = Pick<Execution, "id" | "status" | "contactId" | "contactName" | "flowName" | "currentNodeLabel">;

interface TakeOutDialogProps {
  /** The dialog is closed where this is null. */
  execution: Controlled | null;
  onClose: () => void;
}

export const personOf = ({ contactId, contactName }: Pick<Execution, "contactId" | "contactName">): string =>
  contactId === null ? "the deleted contact" : (contactName ?? "the contact without a name");

/** Asks whether to end an enrollment, and ends it. */
export function TakeOutDialog({ execution, onClose }: TakeOutDialogProps) {
  const client = useQueryClient();
  const { shown } = useLastShown(execution);
  const cancel = useMutation({
    mutationFn: ({ id }: Controlled) => api("cancelExecution", { params: { id } }),
    onSuccess: ({ execution: ended, inFlight }) => {
      client.setQueryData(executionQuery(ended.id).queryKey, ended);
      if (inFlight) {
        const description = "It had been handed to a provider. The enrollment ends as soon as the answer is known; nothing else is sent.";
        toast({ status: "warning", title: "A message is being sent now", description, duration: 10_000 });
      } else toast({ status: "success", title: `Took ${isolated(personOf(ended))} out of the flow` });
      onClose();
    },
    onSettled: () => refreshSends(client),
  });
  const { reset } = cancel;
  useEffect(() => {
    if (execution) reset();
  }, [execution, reset]);
  return (
    <ConfirmDialog
      open={execution !== null}
      onClose={onClose}
      onConfirm={() => execution && cancel.mutate(execution)}
      title={shown ? `Take ${isolated(personOf(shown))} out of “${shown.flowName}”?` : ""}
      confirmLabel="Take out of flow"
      busy={cancel.isPending}
    >
      <Stack gap="2" textStyle="sm">
        <Text>
          {shown?.currentNodeLabel ? `The flow ends at “${shown.currentNodeLabel}”` : "The flow ends where it stands"}: nothing more is sent
          from it.
        </Text>
        <Text color="fg.muted">What has left cannot be taken back. The record stays, and the flow can be sent again.</Text>
        {cancel.isError && <RefusalNotice error={cancel.error} onRetry={() => execution && cancel.mutate(execution)} />}
      </Stack>
    </ConfirmDialog>
  );
}
