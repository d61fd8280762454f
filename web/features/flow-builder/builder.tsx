import { Box, Flex, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { Keyboard, Redo2, Search, Undo2, Workflow } from "lucide-react";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import type { FlowDraft } from "#contract/flow-drafts.ts";
import type { Simulation } from "#contract/simulations.ts";
import { findEntry } from "#nodes/graph/find-entry.ts";
import { preloadPanels } from "#nodes/panels.tsx";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { FallbackBoundary } from "#ui/fallback-boundary.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { toast } from "#ui/toaster.tsx";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { createActions } from "./actions.ts";
import { pathOf } from "./canvas/execution-path.ts";
import { LazyCanvas } from "./canvas/lazy-canvas.tsx";
import { DiscardDraft } from "./discard-draft.tsx";
import type { DraftServer } from "./draft/autosave.ts";
import { createDraftStore } from "./draft/draft-store.ts";
import { FindPanel } from "./find/find-panel.tsx";
import { useFind } from "./find/use-find.ts";
import { foldedSteps } from "./fold/folded-steps.ts";
import { keptFolds } from "./fold/kept-folds.ts";
import { flowKeys } from "./keys/builder-keys.ts";
import { KeySigns, shortcutOf } from "./keys/key-signs.tsx";
import { useFlowKeys } from "./keys/use-flow-keys.ts";
import { LocalCopyOffer } from "./local-copy-offer.tsx";
import { Outline } from "./outline/outline.tsx";
import { outlineRows } from "./outline/outline-rows.ts";
import { isStart, StartOffer } from "./outline/start-offer.tsx";
import { nameIn } from "./outline/step-name.ts";
import { Overlaps, placeWords } from "./overlaps.tsx";
import { NodeSide } from "./panel/node-side.tsx";
import { focusPlace } from "./problems/focus-place.ts";
import { ProblemButton } from "./problems/problem-button.tsx";
import { ProblemPanel } from "./problems/problem-panel.tsx";
import { isMarked } from "./problems/shown-problems.ts";
import { useProblemPanel } from "./problems/use-problem-panel.ts";
import type { Question } from "./question.ts";
import { Questions } from "./questions.tsx";
import { SavingSign } from "./saving-sign.tsx";
import { SelectionBar } from "./selection-bar.tsx";
import { tell } from "./tell.ts";
import { useAutosave } from "./use-autosave.ts";
import { useClipboard } from "./use-clipboard.ts";
import { useDraft } from "./use-draft.ts";
import { useMergeWords } from "./use-merge-words.ts";
import { useProblems } from "./use-problems.ts";
import { useStepOnScreen } from "./use-step-on-screen.ts";
import { styleOfViews, useView, ViewSwitch, worksOnCanvas } from "./view-switch.tsx";

// Most who edit do not simulate, and know the keys.
const Simulator = lazy(async () => ({ default: (await import("./simulator/simulator.tsx")).Simulator }));
const FlowSettings = lazy(async () => ({ default: (await import("./settings/flow-settings.tsx")).FlowSettings }));
const KeysSheet = lazy(async () => ({ default: (await import("./keys/keys-sheet.tsx")).KeysSheet }));

interface BuilderProps {
  flowId: string;
  /** The time zone of the workspace. */
  zone: string;
  canEdit: boolean;
  /** A step to open, as a list of what is to do in the flow names it. Another object asks again. */
  asked?: { step: string } | undefined;
  /** A test whose simulation is shown; "new" opens an empty simulator. */
  test?: string | undefined;
  onTest: (test: string | undefined) => void;
  /** Which part of the flow is on screen. Both change one draft, and what was done in one is taken back in the other. */
  part: "steps" | "settings";
  onPart: (part: "steps" | "settings") => void;
}

/** Changes a flow: its draft, which saves itself. Nothing of it is sent before it is published. */
export function Builder({ flowId, ...rest }: BuilderProps) {
  const [server] = useState(() => serverOf(flowId));
  const draft = useQuery({
    queryKey: ["flows", "draft", flowId],
    queryFn: server.read,
    // What is on screen is the editor's, and is not replaced behind their back.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnReconnect: false,
  });
  if (draft.isPending) return <SkeletonRows columns={["3%", "45%"]} label="Loading the draft" />;
  if (draft.isError) {
    return (
      <LoadError
        title="The draft could not be loaded"
        error={draft.error}
        onRetry={() => void draft.refetch()}
        retrying={draft.isRefetching}
      />
    );
  }
  return <Editor draft={draft.data} server={server} {...rest} />;
}

const serverOf = (flowId: string): DraftServer => ({
  read: () => api("getFlowDraft", { params: { id: flowId } }),
  save: (patch) => api("saveFlowDraft", { params: { id: flowId }, body: patch }),
});

type EditorProps = Omit<BuilderProps, "flowId"> & { draft: FlowDraft; server: DraftServer };

function Editor({ draft, server, zone, canEdit, asked, test, onTest, part, onPart }: EditorProps) {
  const [store] = useState(() => createDraftStore(draft, Date.now, keptFolds(draft.flowId)));
  const autosave = useAutosave(store, server);
  const { user } = useSession();
  const frame = useRef<HTMLDivElement>(null);
  const content = useDraft(store, (state) => state.content);
  const selected = useDraft(store, (state) => state.selected);
  const history = useDraft(store, (state) => state.history);
  const saving = useDraft(store, (state) => state.saving);
  const isDraft = useDraft(store, (state) => state.isDraft);
  const { all: problems, shown } = useProblems(store, draft.flowId);
  const marked = useMemo(() => shown.filter(isMarked), [shown]);
  const folded = useDraft(store, (state) => state.folded);
  const hidden = useMemo(() => foldedSteps(content, folded), [content, folded]);
  const rows = useMemo(() => outlineRows(content, hidden), [content, hidden]);
  const order = useMemo(
    () => (hidden.size === 0 ? rows : outlineRows(content)).flatMap((row) => (row.kind === "step" ? [row.node.id] : [])),
    [rows, hidden, content],
  );
  const isSettings = part === "settings";
  const problemPanel = useProblemPanel(store, shown, order, ({ code, nodeId, field }) => {
    const isHere = isSettings && field !== undefined && nodeId === findEntry(content);
    if (code !== "setting_unread" && !isHere) {
      if (isSettings) onPart("steps");
      return false;
    }
    if (!isSettings) onPart("settings");
    focusPlace(code === "setting_unread" ? "unread" : (field ?? ""));
    return true;
  });
  const find = useFind(store, content, shown, order, (nodeId) =>
    frame.current?.querySelector(`[data-row="${CSS.escape(nodeId)}"]`)?.scrollIntoView({ block: "nearest" }),
  );
  const [question, setQuestion] = useState<Question | null>(null);
  const [actions] = useState(() => createActions(store, setQuestion));
  useClipboard({ store, frame, rows, actions, canEdit: canEdit && !isSettings });
  const refusal = useDraft(store, (state) => state.refusal);
  useEffect(preloadPanels, []);
  useEffect(() => {
    if (refusal) toast({ id: "builder-step", status: "error", title: refusal.message });
  }, [refusal]);
  useMergeWords(store, user.name);
  const { select } = store.getState();
  useStepOnScreen(store, part, onPart);
  const [view, setView] = useView();
  const [last, setLast] = useState<"outline" | "canvas">("outline");
  const styles = styleOfViews(view, selected !== null, last);
  const isOnCanvas = () => worksOnCanvas(view, last);
  const [editor] = useState(() => ({ store, actions, keysFrom: frame }));
  const [simulator, setSimulator] = useState<"unused" | "open" | "closed">(test === undefined ? "unused" : "open");
  const [helps, setHelp] = useState(false);
  const [walked, setWalked] = useState<Simulation | null>(null);
  const path = useMemo(
    () =>
      walked &&
      pathOf(
        content,
        walked.steps.filter(({ flowId }) => flowId === draft.flowId),
      ),
    [walked, content, draft.flowId],
  );
  useEffect(() => {
    if (!asked) return;
    select(asked.step);
    frame.current?.querySelector(`[data-row="${CSS.escape(asked.step)}"]`)?.scrollIntoView({ block: "nearest" });
  }, [asked, select]);

  const step = (move: "undo" | "redo") => {
    const done = store.getState()[move]();
    if (!done) return;
    const kept = done.kept.map((place) => placeWords(place, (id) => nameIn(content, id)));
    tell(
      `${move === "undo" ? "Undone" : "Done again"}: ${done.edit.label}`,
      kept.length > 0 ? `Somebody else has changed ${kept.join(", ")} since, so that stays as it is.` : undefined,
    );
  };
  useFlowKeys({
    undo: canEdit ? () => step("undo") : undefined,
    redo: canEdit ? () => step("redo") : undefined,
    // Everything is saved by itself; the browser's own dialog would only confuse.
    save: canEdit ? () => void autosave.flush() : undefined,
    simulate: () => setSimulator("open"),
    find: find.open,
    problems: problemPanel.toggle,
    nextProblem: () => problemPanel.walk(1),
    previousProblem: () => problemPanel.walk(-1),
    outline: () => setView(view === "outline" ? "both" : "outline"),
    help: () => setHelp(true),
  });
  const askToPublish = async () => {
    await autosave.flush();
    if (store.getState().overlaps.length > 0) {
      tell("Choose first which changes to keep", "Two windows changed the same differently. Both are shown above the steps.");
      return;
    }
    // What is not saved would not be published. The sign says why it is not.
    if (!autosave.hasUnsaved()) setQuestion({ what: "publish" });
  };
  return (
    <Flex ref={frame} direction="column" flex="1" minH="0">
      <Flex align="center" gap="2" px={{ base: "3", md: "6" }} py="2" borderBottomWidth="1px" wrap="wrap">
        <SavingSign saving={saving} isDraft={isDraft} onRetry={() => void autosave.flush()} />
        <ProblemButton problems={shown} isOpen={problemPanel.isOpen} onClick={problemPanel.toggle} />
        <Box flex="1" />
        {!isSettings && (
          <>
            <IconButton icon={Search} label={`Find and replace (${shortcutOf(flowKeys.find)})`} onClick={find.open} />
            <ViewSwitch view={view} onChange={setView} />
            <Button onClick={() => setSimulator("open")} aria-keyshortcuts="Control+Enter Meta+Enter">
              Simulate
            </Button>
          </>
        )}
        {canEdit ? (
          <>
            <IconButton icon={Undo2} label="Undo" disabled={history.past.length === 0} onClick={() => step("undo")} />
            <IconButton icon={Redo2} label="Redo" disabled={history.future.length === 0} onClick={() => step("redo")} />
            <DiscardDraft store={store} beforehand={autosave.flush} />
            <Button tone="primary" onClick={() => void askToPublish()} disabled={!isDraft && saving.state === "saved"}>
              Publish…
            </Button>
          </>
        ) : (
          <Text textStyle="sm" color="fg.muted">
            Editors of this workspace can change this flow.
          </Text>
        )}
      </Flex>
      {canEdit && <LocalCopyOffer store={store} zone={zone} />}
      <Overlaps store={store} nameOf={(id) => nameIn(content, id)} me={user.name} />
      {isSettings ? (
        <Suspense fallback={<SkeletonRows columns={["45%"]} label="Loading the settings" />}>
          <FlowSettings store={store} problems={shown} disabled={!canEdit} onOpenStep={actions.open} onAddStart={actions.begin} />
        </Suspense>
      ) : (
        <Flex flex="1" minH="0" position="relative">
          {/* The bar of a selection stands over the foot, so there is room below the last row. */}
          <Box flex="1" minW="0" overflowY="auto" pb="20" onPointerDownCapture={() => setLast("outline")} {...styles.outline}>
            {content.nodes.length === 0 ? (
              <EmptyState icon={Workflow} title="No steps yet" action={canEdit && <Button onClick={actions.begin}>Add the start</Button>}>
                A flow begins with a start. Then add what contacts get.
              </EmptyState>
            ) : (
              <>
                {canEdit && !content.nodes.some(isStart) && <StartOffer onAdd={actions.begin} />}
                <Outline {...{ store, rows, actions, isOnCanvas }} problems={marked} disabled={!canEdit} />
              </>
            )}
            <ShowKeys onClick={() => setHelp(true)} />
          </Box>
          <Box flex="1" minW="0" borderStartWidth="1px" onPointerDownCapture={() => setLast("canvas")} {...styles.canvas}>
            <LazyCanvas
              key={path ? "walked" : "edited"}
              label={content.name}
              graph={content}
              problems={marked}
              {...(path ? { path } : { hidden, folding: actions, ...(canEdit && { editor }) })}
            />
          </Box>
          <NodeSide
            node={content.nodes.find(({ id }) => id === selected)}
            store={store}
            problems={shown}
            disabled={!canEdit}
            onReplace={actions.replace}
            onClose={actions.close}
            onRetry={() => void autosave.flush()}
          />
          {canEdit && <SelectionBar {...{ store, actions }} />}
        </Flex>
      )}
      {find.isOpen && <FindPanel find={find} nodes={content.nodes} disabled={!canEdit} />}
      {problemPanel.isOpen && (
        <ProblemPanel
          ref={problemPanel.panel}
          problems={shown}
          nodes={content.nodes}
          order={order}
          disabled={!canEdit}
          onFix={problemPanel.fix}
          onShow={problemPanel.show}
          onClose={problemPanel.toggle}
        />
      )}
      {simulator !== "unused" && (
        <FallbackBoundary
          fallback={
            <Notice status="error">The simulator could not be loaded. Your draft is kept; reload the page when it is saved.</Notice>
          }
        >
          <Suspense>
            <Simulator
              open={simulator === "open"}
              onClose={() => {
                setSimulator("closed");
                setWalked(null);
                if (test !== undefined) onTest(undefined);
              }}
              flowId={draft.flowId}
              graph={content}
              zone={zone}
              onWalked={setWalked}
              canEdit={canEdit}
              testId={test === "new" ? undefined : test}
              onTestLeft={() => onTest(undefined)}
            />
          </Suspense>
        </FallbackBoundary>
      )}
      {helps && (
        <Suspense>
          <KeysSheet onClose={() => setHelp(false)} />
        </Suspense>
      )}
      <Questions {...{ question, store, server, content, problems, actions }} onAnswered={() => setQuestion(null)} />
    </Flex>
  );
}

/** Tells those who have a keyboard that there are keys. */
const ShowKeys = ({ onClick }: { onClick: () => void }) => (
  <Box px="4" py="3" display={{ base: "none", md: "block" }}>
    <Button size="xs" tone="ghost" icon={Keyboard} onClick={onClick}>
      Keys <KeySigns {...flowKeys.help} />
    </Button>
  </Box>
);
