import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Send } from "#contract/sends.ts";
import { toast } from "#ui/toaster.tsx";
import { providersQuery } from "#web/entities/providers/provider-queries.ts";
import { channelsInTestMode } from "#web/entities/providers/test-mode.ts";
import { sendPreviewQuery } from "#web/entities/sends/send-queries.ts";
import { afterUndo, undoSend } from "#web/entities/sends/undo-send.ts";
import { serverNow, toOwnClock } from "#web/lib/server-clock.ts";
import type { Audience } from "./audience.ts";
import { outcomeToasts } from "./send-outcome.ts";
import type { LaunchForm } from "./use-launch-form.ts";

/** Answers what tells in toasts how a send began, with the way to its history and to its undoing. */
export function useTellOutcome(form: LaunchForm, audience: Audience): (send: Send) => void {
  const client = useQueryClient();
  const navigate = useNavigate();
  return (send) => {
    const { zone, flows, previewed } = form;
    const preview = client.getQueryData(sendPreviewQuery(previewed(send.flowId)).queryKey);
    const channels = flows.data?.find(({ id }) => id === send.flowId)?.channels ?? [];
    const inTestMode = channelsInTestMode(channels, client.getQueryData(providersQuery.queryKey)?.items);
    const openHistory = () =>
      void navigate({ to: "/flows/$flowId", params: { flowId: send.flowId }, search: { tab: "history", send: send.id } });
    const openSend = () => void navigate({ to: "/sends/$sendId", params: { sendId: send.id } });
    for (const { leads, ...news } of outcomeToasts(send, { shown: audience.total, preview, inTestMode, now: serverNow(), zone })) {
      if (!leads) toast(news);
      else {
        const action =
          send.state === "awaiting_approval"
            ? { label: "Open the send", onClick: openSend }
            : { label: "View enrollment history", onClick: openHistory };
        // While the dialog stays open, it shows the undo offer itself, because a toast behind a dialog cannot be pressed.
        const within = send.notEnrolled === 0 ? undoTime(send) : 0;
        const undo =
          within > 0
            ? { within, what: afterUndo(send, serverNow(), zone), onUndo: () => void undoSend(client, send.id, openSend) }
            : undefined;
        toast({ ...news, id: `undo-${send.id}`, duration: 8000, action, undo });
      }
    }
  };
}

/** For how many milliseconds from now a send can still be undone. */
const undoTime = ({ undoUntil }: Send): number => (undoUntil === null ? 0 : Math.max(0, toOwnClock(undoUntil) - Date.now()));
