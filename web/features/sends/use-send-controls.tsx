import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CalendarClock, CirclePause, CirclePlay, CircleStop, RotateCcw, Undo2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Send } from "#contract/sends.ts";
import type { RowMenuItem } from "#ui/data-table/row-menu.tsx";
import { formatCount } from "#ui/format.ts";
import { toast } from "#ui/toaster.tsx";
import { RetryDialog } from "#web/entities/sends/retry-dialog.tsx";
import { refreshSends } from "#web/entities/sends/send-queries.ts";
import { mayPause, mayResume, mayStop, mayUndo, mayWithdraw } from "#web/entities/sends/send-state.ts";
import { undoSend } from "#web/entities/sends/undo-send.ts";
import { useRetryable } from "#web/entities/sends/use-retryable.ts";
import { api } from "#web/lib/api.ts";
import { serverNow } from "#web/lib/server-clock.ts";
import { OpenCanaryDialog } from "./open-canary-dialog.tsx";
import { RescheduleDialog } from "./reschedule-dialog.tsx";
import { type StoppableSend, StopSendDialog } from "./stop-send-dialog.tsx";

interface Options {
  zone: string;
  /** A send as the server answered it, before it is read again. */
  onChanged?: (send: Send) => void;
}

/** The actions on a send. The dialogs must be rendered once beside the buttons or menu items. */
export function useSendControls({ zone, onChanged }: Options) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [stopping, setStopping] = useState<StoppableSend | null>(null);
  const [opening, setOpening] = useState<Send | null>(null);
  const [moving, setMoving] = useState<Send | null>(null);
  const [retrying, setRetrying] = useState<Send | null>(null);
  const [undoing, setUndoing] = useState(false);
  /** The send whose menu was opened last. */
  const [counted, setCounted] = useState<Send | null>(null);
  const retryable = useRetryable(counted);

  const turn = useMutation({
    mutationFn: ({ send, to }: { send: StoppableSend; to: "paused" | "going" }) =>
      api(to === "paused" ? "pauseSend" : "resumeSend", { params: { id: send.id } }),
    onSuccess: (send, { to }) => {
      onChanged?.(send);
      if (to === "paused") {
        const description = "Nothing more leaves until it is resumed.";
        const action = { label: "Resume", onClick: () => turn.mutate({ send, to: "going" }) };
        toast({ id: `turn-${send.id}`, status: "success", title: "Send paused", description, action });
      } else toast({ id: `turn-${send.id}`, status: "success", title: "Send resumed" });
    },
    onError: (error, { send, to }) =>
      toast({
        id: `turn-${send.id}`,
        status: "error",
        title: to === "paused" ? "The send was not paused" : "The send was not resumed",
        description: error.message,
        action: { label: "Retry", onClick: () => turn.mutate({ send, to }) },
      }),
    onSettled: () => refreshSends(client),
  });

  const pause = (send: StoppableSend) => turn.mutate({ send, to: "paused" });
  const resume = (send: StoppableSend) => turn.mutate({ send, to: "going" });
  const open = useMutation({
    mutationFn: (send: Send) => api("openCanary", { params: { id: send.id } }),
    onSuccess: (send) => {
      onChanged?.(send);
      setOpening(null);
      toast({ id: `turn-${send.id}`, status: "success", title: "The rest follows now" });
    },
    onError: (error) => toast({ status: "error", title: "The rest does not follow yet", description: error.message }),
    onSettled: () => refreshSends(client),
  });
  const undo = async (send: Pick<Send, "id">) => {
    setUndoing(true);
    const account = await undoSend(client, send.id, () => void navigate({ to: "/sends/$sendId", params: { sendId: send.id } }));
    if (account) onChanged?.(account.send);
    setUndoing(false);
  };

  const retryItems = (send: Send): RowMenuItem[] => {
    const count = counted?.id === send.id ? retryable : 0;
    const onSelect = () => setRetrying(send);
    if (count === undefined) return [{ label: "Retry failed: counting…", icon: RotateCcw, onSelect, disabled: true }];
    return count === 0 ? [] : [{ label: `Retry ${formatCount(count)} failed…`, icon: RotateCcw, onSelect }];
  };
  const items = (send: Send): RowMenuItem[] => [
    ...(mayWithdraw(send.state) ? [{ label: "Withdraw", icon: Undo2, onSelect: () => void undo(send) }] : []),
    ...(mayUndo(send, serverNow()) ? [{ label: "Undo", icon: Undo2, onSelect: () => void undo(send) }] : []),
    ...(mayPause(send.state) ? [{ label: "Pause", icon: CirclePause, onSelect: () => pause(send) }] : []),
    ...(mayResume(send.state) ? [{ label: "Resume", icon: CirclePlay, onSelect: () => resume(send) }] : []),
    ...(mayStop(send.state) ? [{ label: "Change schedule…", icon: CalendarClock, onSelect: () => setMoving(send) }] : []),
    ...retryItems(send),
    ...(mayStop(send.state) ? [{ label: "Stop…", icon: CircleStop, tone: "danger" as const, onSelect: () => setStopping(send) }] : []),
  ];

  const dialogs: ReactNode = (
    <>
      <StopSendDialog
        send={stopping}
        onClose={() => setStopping(null)}
        onStopped={(account) => onChanged?.(account.send)}
        onPause={pause}
      />
      <OpenCanaryDialog
        send={opening}
        onClose={() => setOpening(null)}
        onConfirm={() => opening && open.mutate(opening)}
        busy={open.isPending}
      />
      <RescheduleDialog send={moving} onClose={() => setMoving(null)} onChanged={(send) => onChanged?.(send)} zone={zone} />
      <RetryDialog
        target={retrying && { kind: "send", id: retrying.id, name: `“${retrying.flowName}”` }}
        onClose={() => setRetrying(null)}
      />
    </>
  );
  return {
    pause,
    resume,
    undo,
    undoing,
    items,
    /** Counts what can be retried of a send, before its items are shown. */
    countRetryable: setCounted,
    dialogs,
    turning: turn.isPending ? turn.variables.send.id : null,
    stop: setStopping,
    openCanary: setOpening,
    reschedule: setMoving,
    retry: setRetrying,
  };
}

export type SendControls = ReturnType<typeof useSendControls>;
