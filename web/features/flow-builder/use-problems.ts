import { useDeferredValue, useMemo } from "react";
import { serverProblems } from "#contract/flow-problems.ts";
import type { FlowProblem } from "#contract/flows.ts";
import { checkSettings } from "#nodes/graph/check-settings.ts";
import { validateFlow } from "#nodes/graph/validate-flow.ts";
import { isSame } from "./draft/content.ts";
import type { DraftStore } from "./draft/draft-store.ts";
import { withFreshSteps } from "./problems/shown-problems.ts";
import { useFreshSteps } from "./problems/use-fresh-steps.ts";
import { useDraft } from "./use-draft.ts";

/**
 * What is wrong with what is on screen, soon after each key that is pressed. What only the server knows is taken from its last
 * answer, as far as the step is still as it was then. `shown` is gentle with steps that were added a moment ago.
 */
export function useProblems(store: DraftStore, flowId: string): { all: readonly FlowProblem[]; shown: readonly FlowProblem[] } {
  // Drawing what was typed comes first.
  const content = useDeferredValue(useDraft(store, (state) => state.content));
  const saved = useDraft(store, (state) => state.saved);
  const found = useDraft(store, (state) => state.problems);
  const fresh = useFreshSteps(store);
  const all = useMemo(() => {
    const settings = (nodes: typeof content.nodes) => new Map(nodes.map(({ id, data }) => [id, data.config]));
    const [now, then] = [settings(content.nodes), settings(saved.nodes)];
    const ofServer = found.filter(
      ({ code, nodeId }) =>
        serverProblems.has(code) && nodeId !== undefined && now.has(nodeId) && isSame(now.get(nodeId), then.get(nodeId)),
    );
    const own = [
      ...validateFlow({ nodes: content.nodes, edges: content.edges }, flowId, { advises: true }),
      ...checkSettings(content.settings),
    ];
    const isTold = (one: FlowProblem) =>
      own.some(({ code, nodeId, field }) => code === one.code && nodeId === one.nodeId && field === one.field);
    return [...own, ...ofServer.filter((one) => !isTold(one))];
  }, [content, saved, flowId, found]);
  const shown = useMemo(() => withFreshSteps(all, fresh), [all, fresh]);
  return { all, shown };
}
