import { Flex, Spinner, Stack } from "@chakra-ui/react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Play } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { Send } from "#contract/sends.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { sendableFlowsQuery } from "./api.ts";
import type { Audience } from "./audience.ts";
import { AudienceBadges } from "./audience-badges.tsx";
import { FlowPicker } from "./flow-picker.tsx";
import { FlowPreview } from "./flow-preview.tsx";
import { NotEnrolled } from "./not-enrolled.tsx";
import { dealtWith, outcomeToasts } from "./send-outcome.ts";
import { SendProgress } from "./send-progress.tsx";
import { useSendAttempt } from "./use-send-attempt.ts";

interface SendFlowDialogProps {
  /** Null: closed. */
  audience: Audience | null;
  onClose: () => void;
  /** The flow has begun for everybody it could begin for. */
  onSent?: (send: Send) => void;
  /** Where it was opened, for the history: "Contacts page". */
  launchedFrom: string;
}

/** Sends a flow to contacts. Each opening is a dialog of its own: nothing of the one before is left in it. */
export const SendFlowDialog = ({ audience, ...rest }: SendFlowDialogProps) => {
  const last = useRef<{ audience: Audience; opening: number } | null>(null);
  if (audience && last.current?.audience !== audience) last.current = { audience, opening: (last.current?.opening ?? 0) + 1 };
  // While it closes it still shows what it showed.
  return last.current && <OpenDialog key={last.current.opening} open={audience !== null} audience={last.current.audience} {...rest} />;
};

interface OpenDialogProps extends Omit<SendFlowDialogProps, "audience"> {
  open: boolean;
  audience: Audience;
}

const OpenDialog = ({ open, audience, onClose, onSent, launchedFrom }: OpenDialogProps) => {
  const client = useQueryClient();
  const navigate = useNavigate();
  const picker = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = useRef<HTMLButtonElement>(null);
  const [flowId, setFlowId] = useState<string | null>(null);
  const flows = useQuery({ ...sendableFlowsQuery, enabled: open });
  const flow = flows.data?.find(({ id }) => id === flowId) ?? null;

  const attempt = useSendAttempt({
    audience,
    launchedFrom,
    onSettled: (send) => {
      for (const news of outcomeToasts(send, audience.total)) {
        const isSuccess = news.status === "success";
        toast(
          isSuccess ? { ...news, duration: 8000, action: { label: "View enrollment history", onClick: () => openHistory(send) } } : news,
        );
      }
      for (const queryKey of [["sends"], ["flows"], ["executions"]]) void client.invalidateQueries({ queryKey });
      onSent?.(send);
      if (send.notEnrolled === 0) onClose();
    },
    onRefused: (error) => toast({ status: "error", title: "Error sending flow", description: sentenceOf(error) }),
  });
  const openHistory = (send: Send) =>
    void navigate({ to: "/flows/$flowId", params: { flowId: send.flowId }, search: { tab: "history", send: send.id } });

  const { phase, latest, lost } = attempt;
  const sending = phase.name === "sending";
  const settled = phase.name === "settled" ? phase.send : null;
  /** Not everybody got it: the dialog stays to say who and why. */
  const partly = settled && settled.notEnrolled > 0 ? settled : null;
  const canSend = flow?.canStart === true && !settled;

  const submit = () => {
    if (sending || settled) return;
    if (flow === null) {
      toast({ status: "warning", title: "No flow selected", description: "Please select a flow to send", duration: 3000, id: "no-flow" });
      picker.current?.focus();
    } else void attempt.press(flow.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey) return submit();
    // Enter in the picker chose the flow; a second Enter by habit must not send to thousands, so it only leads to the button.
    const field = event.target as HTMLElement;
    if (field !== picker.current || field.getAttribute("aria-expanded") === "true") return;
    event.preventDefault();
    if (canSend) button.current?.focus();
    else submit();
  };
  // The picker was not there yet when the dialog opened and looked for what to focus.
  const hasPicker = flows.isSuccess;
  useEffect(() => {
    if (open && hasPicker) picker.current?.focus();
  }, [open, hasPicker]);
  // What had the focus is gone; without this it would fall out of the dialog.
  useEffect(() => {
    if (partly) close.current?.focus();
  }, [partly]);

  return (
    <Dialog
      open={open}
      onClose={onClose}
      size="md"
      closeable={!sending || lost}
      initialFocusRef={picker}
      title={`Send Flow to Contact${audience.total === 1 ? "" : "s"}`}
      footer={
        <>
          <Button ref={close} tone={partly ? "secondary" : "ghost"} onClick={onClose} disabled={sending && !lost}>
            {settled || lost ? "Close" : "Cancel"}
          </Button>
          {!partly && (
            <Button ref={button} tone="primary" icon={Play} onClick={submit} disabled={!canSend} busy={sending} loadingText="Sending...">
              Send Flow
            </Button>
          )}
        </>
      }
    >
      <Stack gap="4" onKeyDown={onKeyDown}>
        <AudienceBadges audience={audience} />
        {partly ? (
          <NotEnrolled send={partly} />
        ) : flows.isPending ? (
          <Flex align="center" justify="center" gap="2" py="4" role="status" color="fg.muted" textStyle="sm">
            <Spinner size="sm" />
            Loading flows...
          </Flex>
        ) : flows.isError ? (
          <LoadError title="Error loading flows" error={flows.error} onRetry={() => void flows.refetch()} retrying={flows.isFetching} />
        ) : flows.data.length === 0 ? (
          <Notice status="info">No flows available in this workspace</Notice>
        ) : (
          <FlowPicker flows={flows.data} value={flowId} onChange={setFlowId} disabled={sending} ref={picker} />
        )}
        {flow && !partly && <FlowPreview flow={flow} total={audience.total} />}
        {flow && !flow.canStart && <Notice status="warning">This flow cannot start until its problems are mended.</Notice>}
        {phase.name !== "ready" && !partly && (
          <SendProgress done={latest ? dealtWith(latest) : 0} total={latest?.total ?? audience.total} lost={lost} />
        )}
      </Stack>
    </Dialog>
  );
};

const sentenceOf = (error: unknown): string => (error instanceof Error && error.message ? error.message : "Something went wrong.");
