import { Box, Skeleton, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Reason, reasons } from "#contract/reasons.ts";
import type { RetryPreview } from "#contract/send-changes.ts";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { formatCount, isolated, plural } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { useLastShown } from "#ui/use-last-shown.ts";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { api } from "#web/lib/api.ts";
import { RefusalNotice } from "#web/lib/refusal-notice.tsx";
import { refreshSends, retryPreviewQuery } from "./send-queries.ts";

/** What is retried: everything that failed in a send, or one execution. `name` stands in the title, with quotation marks where it is a name. */
export interface RetryTarget {
  kind: "send" | "execution";
  id: string;
  name: string;
}

interface RetryDialogProps {
  /** Null: closed. */
  target: RetryTarget | null;
  onClose: () => void;
  onRetried?: () => void;
}

/** Tries what failed again, after saying exactly what would be sent again, and to how many. */
export function RetryDialog({ target, ...rest }: RetryDialogProps) {
  const { shown, opening } = useLastShown(target, ({ id }) => id);
  return shown && <OpenDialog key={opening} target={shown} open={target !== null} {...rest} />;
}

function OpenDialog({ target, open, onClose, onRetried }: RetryDialogProps & { target: RetryTarget; open: boolean }) {
  const client = useQueryClient();
  /** Reasons that are left out; none at first. */
  const [left, setLeft] = useState<readonly Reason[]>([]);
  const whole = useQuery({ ...retryPreviewQuery(target, null), enabled: open });
  const byReason = whole.data?.byReason ?? [];
  const chosen = left.length === 0 ? null : byReason.map(({ reason }) => reason).filter((reason) => !left.includes(reason));
  const isNone = chosen?.length === 0;
  const part = useQuery({ ...retryPreviewQuery(target, chosen), enabled: open && chosen !== null && !isNone });
  const preview = chosen === null ? whole.data : isNone ? undefined : part.data;
  const retry = useMutation({
    mutationFn: async () => {
      if (target.kind === "send")
        return (await api("retrySend", { params: { id: target.id }, body: chosen ? { reasons: chosen } : {} })).retried;
      await api("retryExecution", { params: { id: target.id } });
      return 1;
    },
    onSuccess: (retried) => {
      toast({
        status: "success",
        title: "Trying again",
        description: `${plural(retried, "contact goes", "contacts go")} on from the step that failed.`,
      });
      onRetried?.();
      onClose();
    },
    onSettled: () => refreshSends(client),
  });
  const count = isNone ? 0 : (preview?.executions ?? 0);
  const isNothing = whole.data?.executions === 0;
  const failed = whole.isError ? whole : part.isError ? part : null;
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      onConfirm={() => retry.mutate()}
      tone="primary"
      title={target.kind === "send" ? `Retry what failed in ${target.name}?` : `Retry for ${isolated(target.name)}?`}
      hideConfirm={isNothing}
      confirmLabel={target.kind === "send" ? `Retry ${plural(count, "contact")}` : "Retry from the failed step"}
      busy={retry.isPending}
      disabled={count === 0 || part.isPlaceholderData}
    >
      {failed ? (
        <LoadError title="What would be sent again could not be read" error={failed.error} onRetry={() => void failed.refetch()} />
      ) : !whole.data ? (
        <Skeleton height="20" />
      ) : whole.data.executions === 0 ? (
        <Notice status="info">
          Nothing here can be retried: it is running again already, the contact was deleted, or later messages have been sent since.
        </Notice>
      ) : (
        <Stack gap="3" textStyle="sm">
          {target.kind === "send" && byReason.length > 0 && (
            <Box role="group" aria-label="By reason" display="grid" gap="2">
              {byReason.map(({ reason, executions }) => (
                <Checkbox
                  key={reason}
                  label={`${reasons[reason].text} (${formatCount(executions)})`}
                  checked={!left.includes(reason)}
                  onChange={(wanted) => setLeft(wanted ? left.filter((each) => each !== reason) : [...left, reason])}
                />
              ))}
            </Box>
          )}
          <Text role="status">{isNone ? "Choose at least one reason." : preview ? previewWords(preview) : "Counting…"}</Text>
          {!isNone && preview !== undefined && preview.skipped.length > 0 && (
            <Notice
              status="warning"
              title={`${plural(
                preview.skipped.reduce((sum, { executions }) => sum + executions, 0),
                "message",
              )} will be skipped and will not be sent`}
            >
              {preview.skipped.map(({ reason, executions }) => `${reasons[reason].text} (${formatCount(executions)})`).join(" · ")}. Such a
              contact stays among those with errors.
            </Notice>
          )}
          {!isNone && preview !== undefined && preview.mayHaveArrived > 0 && (
            <Notice status="warning" title={`${plural(preview.mayHaveArrived, "contact")} may get the message twice`}>
              Nobody knows whether {preview.mayHaveArrived === 1 ? "it" : "theirs"} arrived the first time: the provider never answered.
            </Notice>
          )}
          {retry.isError && <RefusalNotice error={retry.error} onRetry={() => retry.mutate()} />}
        </Stack>
      )}
    </ConfirmDialog>
  );
}

/** "14 contacts go on from the step that failed. Sent again first, if the contact can still be written to: 12 SMS, 2 e-mails." */
export const previewWords = ({ executions, messages, skipped }: RetryPreview): string => {
  const who = `${plural(executions, "contact goes", "contacts go")} on from the step that failed.`;
  const what = messages.map(({ channel, executions: count }) => plural(count, channelLook[channel].noun, channelLook[channel].nouns));
  if (what.length === 0 && skipped.length > 0) return who;
  return what.length === 0
    ? `${who} That step sends no message.`
    : `${who} Sent again first, if the contact can still be written to: ${what.join(", ")}.`;
};
