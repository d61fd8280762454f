import { Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { StopAccount } from "#contract/send-changes.ts";
import { isSendOver, type Send } from "#contract/sends.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { formatCount, plural } from "#ui/format.ts";
import { useLastShown } from "#ui/use-last-shown.ts";
import { refreshSends, sendQuery } from "#web/entities/sends/send-queries.ts";
import { api } from "#web/lib/api.ts";
import { RefusalNotice } from "#web/lib/refusal-notice.tsx";
import { StopAccountView } from "./stop-account.tsx";

/** The few facts that the decision needs, so that a send can be stopped from wherever it is shown. */
export type StoppableSend = Pick<Send, "id" | "flowName" | "state" | "active" | "total">;

interface StopSendDialogProps {
  /** Null: closed. */
  send: StoppableSend | null;
  onClose: () => void;
  onStopped: (account: StopAccount) => void;
  /** Pauses the send instead, which is what many people who reach for Stop want. */
  onPause: (send: StoppableSend) => void;
}

/** Asks whether to stop a send, and then shows the exact account of what had been sent. */
export function StopSendDialog({ send, onClose, onStopped, onPause }: StopSendDialogProps) {
  const client = useQueryClient();
  const { shown } = useLastShown(send);
  const cancel = useRef<HTMLButtonElement>(null);
  const close = useRef<HTMLButtonElement>(null);
  const stop = useMutation({
    mutationFn: (id: string) => api("stopSend", { params: { id } }),
    onSuccess: onStopped,
    onSettled: () => refreshSends(client),
  });
  const { reset, data: account } = stop;
  // The send goes on while somebody thinks about it, so its numbers are read again for as long as the question stands.
  const now = useQuery({ ...sendQuery(send?.id ?? ""), enabled: send !== null && !account, staleTime: 0, refetchInterval: 2000 });
  const latest = now.data && now.data.id === shown?.id ? now.data : shown;
  const isOver = latest !== null && isSendOver(latest.state) && !account;
  useEffect(() => {
    if (send) reset();
  }, [send?.id, reset, send]);
  useEffect(() => {
    if (account) close.current?.focus();
  }, [account]);
  return (
    <Dialog
      open={send !== null}
      onClose={onClose}
      closeable={!stop.isPending}
      role="alertdialog"
      initialFocusRef={cancel}
      title={account ? "The send is stopped" : `Stop “${shown?.flowName ?? ""}”?`}
      footer={
        account ? (
          <Button ref={close} onClick={onClose}>
            Close
          </Button>
        ) : (
          <>
            <Button ref={cancel} onClick={onClose} disabled={stop.isPending}>
              Cancel
            </Button>
            {send && latest?.state !== "paused" && !isOver && (
              <Button
                disabled={stop.isPending}
                onClick={() => {
                  onPause(send);
                  onClose();
                }}
              >
                Pause instead
              </Button>
            )}
            {!isOver && (
              <Button tone="danger" onClick={() => send && stop.mutate(send.id)} busy={stop.isPending}>
                Stop send
              </Button>
            )}
          </>
        )
      }
    >
      {account ? (
        <StopAccountView account={account} />
      ) : (
        <Stack gap="2" textStyle="sm">
          <Text role="status">
            {isOver && "This send is over by now: there is nothing left to stop. "}
            {formatCount(latest?.active ?? 0)} of {plural(latest?.total ?? 0, "contact")} are still under way. Nothing more is sent to them:
            each stops where it is now.
          </Text>
          <Text color="fg.muted">
            What has left cannot be taken back, and a stopped send cannot go on again. You get the exact account.
          </Text>
          {stop.isError && <RefusalNotice error={stop.error} onRetry={() => send && stop.mutate(send.id)} />}
        </Stack>
      )}
    </Dialog>
  );
}
