import { FlowDraft, type FlowDraftPatch, type FlowDraftSaved } from "#contract/flow-drafts.ts";
import { isolated, plural } from "#ui/format.ts";
import { isApiError } from "#web/lib/api-error.ts";
import { stepName } from "../outline/step-name.ts";
import { contentOf, isSame } from "./content.ts";
import { deltaOf } from "./delta.ts";
import type { DraftStore } from "./draft-store.ts";
import { mergeDrafts } from "./merge-drafts.ts";
import { stillOpen, withoutResting } from "./resting.ts";

/** How long after the last edit it is saved, and how long at most while one edits on, milliseconds. */
const pauses = { afterEdit: 800, longest: 3_000, firstRetry: 1_000, longestRetry: 30_000 };

export interface DraftServer {
  read(): Promise<FlowDraft>;
  save(patch: FlowDraftPatch): Promise<FlowDraftSaved>;
}

/**
 * Saves what is edited, one request at a time; what is edited meanwhile goes with the next. The answer never replaces what
 * is on screen. Where somebody else has saved, both are merged. What overlaps is told in the store and rests until somebody
 * has chosen: until then the server keeps the other side.
 */
export function createAutosave(store: DraftStore, server: DraftServer) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueBy: number | undefined;
  let failures = 0;
  let running: Promise<void> | undefined;
  let isStopped = false;

  function plan(delay: number): void {
    clearTimeout(timer);
    if (isStopped) return;
    const now = Date.now();
    dueBy ??= now + pauses.longest;
    timer = setTimeout(() => void flush(), failures > 0 ? delay : Math.max(0, Math.min(delay, dueBy - now)));
  }

  /** Saves now what is not saved, and resolves when nothing is left or it did not work. */
  async function flush(): Promise<void> {
    clearTimeout(timer);
    dueBy = undefined;
    running ??= saveAll().finally(() => {
      running = undefined;
    });
    return running;
  }

  async function saveAll(): Promise<void> {
    for (;;) {
      const { content, saved, revision, overlaps, accept } = store.getState();
      const sent = withoutResting(content, saved, overlaps);
      const delta = deltaOf(saved, sent);
      if (!delta) {
        accept({ saving: { state: overlaps.length > 0 ? "choosing" : "saved" } });
        return;
      }
      accept({ saving: { state: "saving" } });
      try {
        const answer = await server.save({ ...delta, baseRevision: revision });
        failures = 0;
        accept({ ...answer, saved: sent });
      } catch (error) {
        if (!isApiError(error, "draft_changed")) return giveUpForNow(error, delta);
        try {
          const told = FlowDraft.safeParse(error.current);
          // A server before this one does not tell what there is now.
          takeOver(told.success ? told.data : await server.read());
        } catch (reading) {
          return giveUpForNow(reading, delta);
        }
      }
    }
  }

  /** Merges what somebody else saved into what is on screen. */
  function takeOver(theirs: FlowDraft): void {
    const { content, saved, accept, overlaps: earlier } = store.getState();
    const now = contentOf(theirs);
    const { merged, overlaps } = mergeDrafts(saved, content, now);
    const { revision, isDraft, live, liveChanged, problems, updatedByName: by } = theirs;
    const open = earlier.filter(({ kind, id }) => !overlaps.some((overlap) => overlap.kind === kind && overlap.id === id));
    const all = [...stillOpen(open, merged, now), ...overlaps.map((overlap) => ({ ...overlap, by }))];
    const steps = (deltaOf(saved, now)?.nodes.put ?? []).map(({ id }) => id).filter((id) => !overlaps.some((overlap) => overlap.id === id));
    if (steps.length > 0) accept({ merged: { by, steps } });
    accept({ content: merged, saved: now, revision, isDraft, live, liveChanged, problems, overlaps: all });
  }

  function giveUpForNow(error: unknown, delta: Delta): void {
    const reason = reasonOf(error, delta);
    // What the server refuses it refuses again, until something is changed.
    const final = isApiError(error) && error.status >= 400 && error.status < 500 && error.status !== 429 && error.status !== 401;
    store.getState().accept({ saving: { state: "failed", reason, final } });
    if (final) return;
    failures += 1;
    plan(Math.min(pauses.firstRetry * 2 ** (failures - 1), pauses.longestRetry));
  }

  const unsubscribe = store.subscribe((state, before) => {
    if (state.content === before.content && state.overlaps === before.overlaps) return;
    // Where the other side was chosen nothing is left to send, and that is told.
    if (state.saving.state !== "choosing" && isSame(state.content, state.saved)) return;
    if (state.saving.state === "saved" || state.saving.state === "choosing" || (state.saving.state === "failed" && state.saving.final)) {
      state.accept({ saving: { state: "waiting" } });
    }
    if (running === undefined) plan(pauses.afterEdit);
  });

  return {
    flush,
    /** Whether something is on screen that the server does not have. */
    hasUnsaved: () => deltaOf(store.getState().saved, store.getState().content) !== undefined,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
      unsubscribe();
    },
  };
}

type Delta = NonNullable<ReturnType<typeof deltaOf>>;

/** Of what cannot be stored as it is, the step and what is wrong with it: that it has a problem alone helps nobody to mend it. */
function reasonOf(error: unknown, { nodes }: Delta): string {
  if (!(error instanceof Error)) return "Something went wrong.";
  if (!isApiError(error, "invalid_request") || error.problems.length === 0) return error.message;
  const told = error.problems.map(({ path, message }) => {
    const at = /^nodes\.put\.(\d+)\b/.exec(path)?.[1];
    const node = at === undefined ? undefined : nodes.put[Number(at)];
    return node ? `“${isolated(stepName(node))}”: ${message}` : message;
  });
  const [first = error.message, ...more] = new Set(told);
  return more.length === 0 ? first : `${first}, and ${plural(more.length, "more problem")}`;
}
