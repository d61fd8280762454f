import { Flex, Spinner, Stack } from "@chakra-ui/react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CalendarClock, Play } from "lucide-react";
import { type KeyboardEvent, Suspense, useCallback, useEffect, useRef, useState } from "react";
import type { FlowNode } from "#contract/flows.ts";
import type { Launch } from "#contract/launch-values.ts";
import type { Send } from "#contract/sends.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { lazyLater } from "#ui/lazy-later.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { UndoOffer } from "#ui/undo-offer.tsx";
import { useLastShown } from "#ui/use-last-shown.ts";
import { flowKeys, flowQuery, flowsQuery } from "#web/entities/flows/flow-queries.ts";
import { providersQuery } from "#web/entities/providers/provider-queries.ts";
import { channelsInTestMode } from "#web/entities/providers/test-mode.ts";
import { readDraft } from "#web/entities/schedule/schedule-draft.ts";
import { tomorrowAtNine } from "#web/entities/schedule/zoned-time.ts";
import { refreshSends, sendPreviewQuery } from "#web/entities/sends/send-queries.ts";
import { afterUndo, undoSend } from "#web/entities/sends/undo-send.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import type { ApiOutput } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";
import { serverNow, toOwnClock } from "#web/lib/server-clock.ts";
import { useDebounced } from "#web/lib/use-debounced.ts";
import type { Audience } from "./audience.ts";
import { AudienceBadges } from "./audience-badges.tsx";
import { dealtWith } from "./dealt-with.ts";
import { EnrollingProgress } from "./enrolling-progress.tsx";
import { FlowPicker } from "./flow-picker.tsx";
import { FlowPreview } from "./flow-preview.tsx";
import { NotEnrolled } from "./not-enrolled.tsx";
import { NotLaterThan, problemOfEnd, type TypedEnd } from "./not-later-than.tsx";
import { beginningOf, type Preset, termsOf } from "./preset.ts";
import { outcomeToasts } from "./send-outcome.ts";
import { TestModeNote } from "./test-mode-note.tsx";
import { useSendAttempt } from "./use-send-attempt.ts";
import { WhenSection } from "./when-section.tsx";
import { WhoNotSection } from "./who-not-section.tsx";
import { WhoReceives } from "./who-receives.tsx";

const SavedLaunches = lazyLater(async () => (await import("./saved-launches.tsx")).SavedLaunches);
const SaveLaunch = lazyLater(async () => (await import("./save-launch.tsx")).SaveLaunch);
const ValuesSection = lazyLater(async () => (await import("./values-section.tsx")).ValuesSection);
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
  const { workspace } = useSession();
  const zone = workspace.timeZone;
  const [begun] = useState(() => beginningOf(preset, serverNow(), zone));
  const [flowId, setFlowId] = useState(begun.flowId);
  const [draft, setDraft] = useState(begun.draft);
  const [whenOpen, setWhenOpen] = useState(false);
  const [oncePerAddress, setOncePerAddress] = useState(begun.oncePerAddress);
  const [end, setEnd] = useState<TypedEnd>(null);
  const [whoNot, setWhoNot] = useState(begun.whoNot);
  const [whoNotOpen, setWhoNotOpen] = useState(false);
  /** What was typed for each flow, so that nothing is lost where another one is looked at. */
  const [typedValues, setTypedValues] = useState(begun.typedValues);
  const [given, setGiven] = useState<{ flowId: string; launch: Launch | null } | null>(null);
  const [undoing, setUndoing] = useState(false);
  const now = serverNow();
  const { schedule, problems } = readDraft(draft, now, zone);
  const startsAt = schedule?.start?.zone === "workspace" ? schedule.start.at : undefined;
  const endProblem = problemOfEnd(end, { now, zone, startsAt });
  // The dialog shows a failure in place with a button; silent retries would only keep the person waiting.
  const flows = useQuery({ ...flowsQuery, enabled: open, staleTime: 0, retry: false, select: sendableFlows });
  const flow = flows.data?.find(({ id }) => id === flowId) ?? null;
  // The steps are read for the preview of the flow all the same.
  const graph = useQuery({ ...flowQuery(flowId ?? ""), enabled: open && flow !== null });
  const asks = graph.data !== undefined && graph.data.id === flowId && asksForValues(graph.data.nodes);
  const launch = !asks ? nothingGiven : given?.flowId === flowId ? given.launch : null;
  const launchSettled = useDebounced(launch, 400);

  const attempt = useSendAttempt({
    audience,
    launchedFrom,
    onSettled: (send) => {
      const told = { shown: audience.total, preview: counted(send.flowId), inTestMode: inTestMode(send.flowId), now: serverNow(), zone };
      for (const { leads, ...news } of outcomeToasts(send, told)) {
        if (!leads) toast(news);
        else {
          const action = { label: "View enrollment history", onClick: () => openHistory(send) };
          // While the dialog stays open, it shows the undo offer itself, because a toast behind a dialog cannot be pressed.
          const within = send.notEnrolled === 0 ? undoTime(send) : 0;
          const undo =
            within > 0
              ? { within, what: afterUndo(send, serverNow(), zone), onUndo: () => void undoSend(client, send.id, () => openSend(send.id)) }
              : undefined;
          toast({ ...news, id: `undo-${send.id}`, duration: 8000, action, undo });
        }
      }
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
  const { narrowing } = whoNot;
  // What is still being typed is not counted, letter by letter.
  const typed = useDebounced(narrowing, 400);
  const asked = narrowing && typed;
  const previewed = (ofFlow: string) => ({ flowId: ofFlow, selection: audience.selection, oncePerAddress, ...asked });
  const counted = (ofFlow: string) => client.getQueryData(sendPreviewQuery(previewed(ofFlow)).queryKey);
  const inTestMode = (ofFlow: string) =>
    channelsInTestMode(flows.data?.find(({ id }) => id === ofFlow)?.channels ?? [], client.getQueryData(providersQuery.queryKey)?.items);
  const openHistory = (send: Send) =>
    void navigate({ to: "/flows/$flowId", params: { flowId: send.flowId }, search: { tab: "history", send: send.id } });

  const openSend = (sendId: string) => void navigate({ to: "/sends/$sendId", params: { sendId } });
  const undo = async (send: Send) => {
    setUndoing(true);
    const account = await undoSend(client, send.id, () => openSend(send.id));
    setUndoing(false);
    if (account) onClose();
  };

  const readLaunch = useCallback((read: Launch | null) => setGiven(flowId === null ? null : { flowId, launch: read }), [flowId]);
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
  const canSend =
    flow?.canStart === true && !settled && schedule !== null && endProblem === undefined && narrowing !== null && launch !== null;
  const isLater = schedule?.start != null;
  const terms = narrowing && launch && termsOf({ audience, draft, drip: schedule?.drip ?? null, oncePerAddress, narrowing, launch });

  const submit = () => {
    if (sending || settled) return;
    if (flow === null) {
      toast({ status: "warning", title: "No flow selected", description: "Please select a flow to send", duration: 3000, id: "no-flow" });
      picker.current?.focus();
    } else if (schedule === null || endProblem !== undefined) setWhenOpen(true);
    else if (narrowing === null) setWhoNotOpen(true);
    else if (launch !== null)
      void attempt.press(flow.id, {
        ...schedule,
        launch,
        oncePerAddress,
        narrowing,
        notLaterThan: end,
        forecastId: forecastId.current,
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
              icon={isLater ? CalendarClock : Play}
              onClick={submit}
              disabled={!canSend}
              busy={sending}
              loadingText="Sending..."
            >
              {isLater ? "Schedule Flow" : "Send Flow"}
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
                <SavedLaunches preset={preset} onChoose={onPreset} disabled={sending} />
              </Suspense>
            )}
            <FlowPicker flows={flows.data} value={flowId} onChange={setFlowId} disabled={sending} ref={picker} />
          </>
        )}
        {flow?.canStart && phase.name === "ready" && (
          <>
            <TestModeNote channels={flow.channels} />
            {asked && <WhoReceives flowId={flow.id} audience={audience} oncePerAddress={oncePerAddress} narrowing={asked} />}
            {/* Who sends to one contact sees no more than that: the preview below says what leaves. */}
            {audience.total > 1 && (
              <Suspense>
                <ForecastLine
                  key={flow.id}
                  flowId={flow.id}
                  sendId={attempt.idOf(flow.id)}
                  audience={audience}
                  schedule={endProblem === undefined && asked !== null ? schedule : null}
                  oncePerAddress={oncePerAddress}
                  narrowing={asked ?? {}}
                  launch={asks ? launchSettled : nothingGiven}
                  notLaterThan={end}
                  zone={zone}
                  onForecast={keepForecast}
                />
              </Suspense>
            )}
          </>
        )}
        {flow && !partly && <FlowPreview flow={flow} audience={audience} launch={launch ?? nothingGiven} />}
        {flow?.canStart && !partly && asks && graph.data && (
          <Suspense>
            <ValuesSection
              key={flow.id}
              flowId={flow.id}
              nodes={graph.data.nodes}
              audience={audience}
              draft={typedValues[flow.id]}
              onDraft={(typed) => setTypedValues({ ...typedValues, [flow.id]: typed })}
              onRead={readLaunch}
              disabled={sending}
            />
          </Suspense>
        )}
        {partly?.undoUntil && partly.enrolled > 0 && (
          <UndoOffer
            what={afterUndo(partly, now, zone)}
            until={toOwnClock(partly.undoUntil)}
            length={Date.parse(partly.undoUntil) - Date.parse(partly.createdAt)}
            onUndo={() => void undo(partly)}
            busy={undoing}
          />
        )}
        {flow?.canStart && !partly && (
          <WhenSection
            draft={draft}
            schedule={schedule}
            now={now}
            zone={zone}
            total={audience.total}
            disabled={sending}
            open={whenOpen}
            problems={problems ?? {}}
            onOpen={setWhenOpen}
            onDraft={setDraft}
            end={endProblem === undefined ? end : null}
          >
            <NotLaterThan
              value={end}
              onChange={setEnd}
              problem={endProblem}
              zone={zone}
              suggested={tomorrowAtNine(now, zone).replace(/T.*/, "T18:00")}
              disabled={sending}
            />
          </WhenSection>
        )}
        {flow?.canStart && !partly && audience.total > 1 && (
          <WhoNotSection
            question={asked === null ? null : previewed(flow.id)}
            flowId={flow.id}
            value={whoNot}
            onChange={setWhoNot}
            open={whoNotOpen}
            onOpen={setWhoNotOpen}
            disabled={sending}
          />
        )}
        {flow?.canStart && !partly && audience.total > 1 && (
          <Checkbox
            label="Send only once to each phone number and e-mail address"
            help="Of contacts who share one, only the first gets the messages. The history names the others."
            checked={oncePerAddress}
            onChange={setOncePerAddress}
            disabled={sending}
          />
        )}
        {canSend && flow && terms && audience.total > 1 && (
          <Suspense>
            <SaveLaunch flowId={flow.id} terms={terms} disabled={sending} />
          </Suspense>
        )}
        {flow && !flow.canStart && <Notice status="warning">This flow cannot be sent until its problems are fixed.</Notice>}
        {phase.name !== "ready" && !partly && (
          <EnrollingProgress done={latest ? dealtWith(latest) : 0} total={latest?.total ?? audience.total} lost={lost} />
        )}
      </Stack>
    </Dialog>
  );
}

const nothingGiven: Launch = {};

/** Whether the start of a flow asks for something. What it asks is read where the form is drawn. */
const asksForValues = (nodes: readonly FlowNode[]): boolean =>
  nodes.some(({ type, data }) => type === "start" && Array.isArray(data.config?.inputs) && data.config.inputs.length > 0);

/** An empty flow cannot be sent. */
const sendableFlows = ({ items }: ApiOutput<"listFlows">) => items.filter((flow) => flow.stepCount > 0);

/** For how many milliseconds from now a send can still be undone. */
const undoTime = ({ undoUntil }: Send): number => (undoUntil === null ? 0 : Math.max(0, toOwnClock(undoUntil) - Date.now()));

const sentenceOf = (error: unknown): string => (error instanceof Error && error.message ? error.message : "Something went wrong.");
