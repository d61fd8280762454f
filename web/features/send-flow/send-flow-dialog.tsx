import { Flex, Spinner, Stack } from "@chakra-ui/react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CalendarClock, Play, ShieldQuestionMark } from "lucide-react";
import { type KeyboardEvent, Suspense, useCallback, useEffect, useRef, useState } from "react";
import type { Send } from "#contract/sends.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { lazyLater } from "#ui/lazy-later.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { UndoOffer } from "#ui/undo-offer.tsx";
import { useLastShown } from "#ui/use-last-shown.ts";
import { flowKeys } from "#web/entities/flows/flow-queries.ts";
import { refreshSends } from "#web/entities/sends/send-queries.ts";
import { afterUndo, undoSend } from "#web/entities/sends/undo-send.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { isApiError } from "#web/lib/api-error.ts";
import { toOwnClock } from "#web/lib/server-clock.ts";
import { ApprovalNote, asksForApproval, useApprovalCount } from "./approval-note.tsx";
import type { Audience } from "./audience.ts";
import { AudienceBadges } from "./audience-badges.tsx";
import { dealtWith } from "./dealt-with.ts";
import { EnrollingProgress } from "./enrolling-progress.tsx";
import { FlowPicker } from "./flow-picker.tsx";
import { FlowPreview } from "./flow-preview.tsx";
import { LaunchSections } from "./launch-sections.tsx";
import { NotEnrolled } from "./not-enrolled.tsx";
import type { Preset } from "./preset.ts";
import { TestModeNote } from "./test-mode-note.tsx";
import { nothingGiven, useLaunchForm } from "./use-launch-form.ts";
import { useSendAttempt } from "./use-send-attempt.ts";
import { useTellOutcome } from "./use-tell-outcome.ts";
import { WhoReceives } from "./who-receives.tsx";

const SavedLaunches = lazyLater(async () => (await import("./saved-launches.tsx")).SavedLaunches);
const ForecastLine = lazyLater(async () => (await import("./forecast-line.tsx")).ForecastLine);

interface SendFlowDialogProps {
  /** Null: closed. */
  audience: Audience | null;
  onClose: () => void;
  /** Called when every contact that can be enrolled is enrolled. */
  onSent?: (send: Send) => void;
  /** The page it was opened on, which the history shows: "Contacts page". */
  launchedFrom: string;
}

/** Sends a flow to contacts. Each opening mounts a dialog of its own, with no state of the one before. */
export function SendFlowDialog({ audience, ...rest }: SendFlowDialogProps) {
  const { shown, opening } = useLastShown(audience);
  const [filled, setFilled] = useState<{ opening: number; preset: Preset } | null>(null);
  const preset = filled?.opening === opening ? filled.preset : null;
  return (
    shown && (
      <OpenDialog
        // A saved launch fills all of it, so it begins anew.
        key={`${opening} ${preset?.launch.id}`}
        open={audience !== null}
        audience={preset?.audience ?? shown}
        preset={preset}
        onPreset={(next) => setFilled(next && { opening, preset: next })}
        {...rest}
      />
    )
  );
}

interface OpenDialogProps extends Omit<SendFlowDialogProps, "audience"> {
  open: boolean;
  audience: Audience;
  /** The saved launch that it is filled from. */
  preset: Preset | null;
  onPreset: (preset: Preset | null) => void;
}

function OpenDialog({ open, audience, preset, onPreset, onClose, onSent, launchedFrom }: OpenDialogProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const picker = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = useRef<HTMLButtonElement>(null);
  const form = useLaunchForm({ open, audience, preset });
  const { flows, flow, flowId, now, zone, settled: rested } = form;
  const tellOutcome = useTellOutcome(form, audience);
  const [undoing, setUndoing] = useState(false);

  const attempt = useSendAttempt({
    audience,
    launchedFrom,
    onSettled: (send) => {
      tellOutcome(send);
      refreshSends(client);
      onSent?.(send);
      if (send.notEnrolled === 0) onClose();
    },
    onRefused: (error) => {
      // What the flow asks for now is shown, with what was typed where it still fits.
      if (isApiError(error, "inputs_changed") && flowId) void client.invalidateQueries({ queryKey: flowKeys.one(flowId) });
      toast({ status: "error", title: "Error sending flow", description: sentenceOf(error) });
    },
  });
  const openSend = (sendId: string) => void navigate({ to: "/sends/$sendId", params: { sendId } });
  const undo = async (send: Send) => {
    setUndoing(true);
    const account = await undoSend(client, send.id, () => openSend(send.id));
    setUndoing(false);
    if (account) onClose();
  };

  /** The forecast of what is chosen now, which the send keeps. */
  const forecastId = useRef<string | null>(null);
  const keepForecast = useCallback((id: string | null) => {
    forecastId.current = id;
  }, []);

  const { phase, latest, lost } = attempt;
  const sending = phase.name === "sending";
  const settled = phase.name === "settled" ? phase.send : null;
  /** Not everybody was enrolled: the dialog stays open and lists who was not and why. */
  const partly = settled && settled.notEnrolled > 0 ? settled : null;
  const canSend = form.isReady && !settled;
  const isLater = form.when.schedule?.start != null;
  const { workspace, can } = useSession();
  const counted = useApprovalCount(workspace, {
    flowId: flow?.canStart ? flow.id : null,
    audience,
    oncePerAddress: form.oncePerAddress,
    narrowing: rested.narrowing,
  });
  const sender = { workspace, isAdmin: can("admin"), contacts: audience.total, counted };
  const asks = asksForApproval(sender);

  const submit = () => {
    if (sending || settled) return;
    const { when, notLaterThan, canary, whoNot } = form;
    if (flow === null) {
      toast({ status: "warning", title: "No flow selected", description: "Please select a flow to send", duration: 3000, id: "no-flow" });
      picker.current?.focus();
    } else if (when.schedule === null || notLaterThan.problem !== undefined || canary.asked === undefined) when.setOpen(true);
    else if (whoNot.narrowing === null) whoNot.setOpen(true);
    else if (form.launch !== null)
      void attempt.press(flow.id, {
        ...when.schedule,
        launch: form.launch,
        oncePerAddress: form.oncePerAddress,
        narrowing: whoNot.narrowing,
        notLaterThan: notLaterThan.end,
        forecastId: forecastId.current,
        canary: audience.total > 1 ? canary.asked : null,
        savedLaunchId: preset?.launch.id,
      });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    // React also brings the keys of a dialog that was opened from this one, and Enter there must send nothing.
    if (event.key !== "Enter" || event.defaultPrevented || !event.currentTarget.contains(event.target as Node)) return;
    if (event.ctrlKey || event.metaKey) return submit();
    // Enter in the picker chooses a flow. A second Enter by habit must not send to thousands, so it only focuses the button.
    const field = event.target as HTMLElement;
    if (field !== picker.current || field.getAttribute("aria-expanded") === "true") return;
    event.preventDefault();
    if (canSend) button.current?.focus();
    else submit();
  };
  // The picker was not rendered yet when the dialog opened and focused its first element.
  const hasPicker = flows.isSuccess;
  useEffect(() => {
    if (open && hasPicker) picker.current?.focus();
  }, [open, hasPicker]);
  // The focused element is gone. Without this the focus would leave the dialog.
  useEffect(() => {
    if (partly) close.current?.focus();
  }, [partly]);

  return (
    <Dialog
      open={open}
      onClose={onClose}
      size="md"
      closeable={!sending || lost}
      isDirty={form.isTyped && phase.name === "ready"}
      initialFocusRef={picker}
      title={`Send Flow to Contact${audience.total === 1 ? "" : "s"}`}
      footer={
        <>
          <Button ref={close} tone={partly ? "secondary" : "ghost"} onClick={onClose} disabled={sending && !lost}>
            {settled || lost ? "Close" : "Cancel"}
          </Button>
          {!partly && (
            <Button
              ref={button}
              tone="primary"
              icon={asks ? ShieldQuestionMark : isLater ? CalendarClock : Play}
              onClick={submit}
              disabled={!canSend}
              busy={sending}
              loadingText="Sending..."
            >
              {asks ? "Ask for approval" : isLater ? "Schedule Flow" : "Send Flow"}
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
          <>
            {(audience.total > 1 || preset) && (
              <Suspense>
                <SavedLaunches chosen={{ flow, flowId, nodes: form.nodes }} preset={preset} onChoose={onPreset} disabled={sending} />
              </Suspense>
            )}
            <FlowPicker flows={flows.data} value={flowId} onChange={form.setFlowId} disabled={sending} ref={picker} />
          </>
        )}
        {flow?.canStart && phase.name === "ready" && (
          <>
            <TestModeNote channels={flow.channels} />
            {rested.narrowing && (
              <WhoReceives flowId={flow.id} audience={audience} oncePerAddress={form.oncePerAddress} narrowing={rested.narrowing} />
            )}
            {/* A person who sends to one contact sees no more than that: the preview below says what leaves. */}
            {audience.total > 1 && (
              <Suspense>
                <ForecastLine
                  key={flow.id}
                  flowId={flow.id}
                  sendId={attempt.idOf(flow.id)}
                  audience={audience}
                  schedule={rested.schedule}
                  oncePerAddress={form.oncePerAddress}
                  narrowing={rested.narrowing ?? {}}
                  launch={rested.launch}
                  notLaterThan={form.notLaterThan.end}
                  zone={zone}
                  onForecast={keepForecast}
                />
              </Suspense>
            )}
          </>
        )}
        {asks && flow?.canStart && phase.name === "ready" && <ApprovalNote {...sender} />}
        {flow && !partly && <FlowPreview flow={flow} audience={audience} launch={form.launch ?? nothingGiven} />}
        {partly?.undoUntil && partly.enrolled > 0 && (
          <UndoOffer
            what={afterUndo(partly, now, zone)}
            until={toOwnClock(partly.undoUntil)}
            length={Date.parse(partly.undoUntil) - Date.parse(partly.createdAt)}
            onUndo={() => void undo(partly)}
            busy={undoing}
          />
        )}
        {flow?.canStart && !partly && <LaunchSections {...{ form, audience, canSend, launchedFrom }} flowId={flow.id} disabled={sending} />}
        {flow && !flow.canStart && <Notice status="warning">This flow cannot be sent until its problems are fixed.</Notice>}
        {phase.name !== "ready" && !partly && (
          <EnrollingProgress done={latest ? dealtWith(latest) : 0} total={latest?.total ?? audience.total} lost={lost} />
        )}
      </Stack>
    </Dialog>
  );
}

const sentenceOf = (error: unknown): string => (error instanceof Error && error.message ? error.message : "Something went wrong.");
