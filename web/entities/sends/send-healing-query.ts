import { queryOptions } from "@tanstack/react-query";
import type { Send } from "#contract/sends.ts";
import { api } from "#web/lib/api.ts";

/** Whether a send may hold somebody who was not reached and can be now: nothing is asked for the others. */
export const mayHeal = ({ isTest, state, enrolledAt, notEnrolled, messageCounts }: Send): boolean =>
  !isTest &&
  enrolledAt !== null &&
  (state === "running" || state === "paused" || state === "done") &&
  (notEnrolled > 0 || messageCounts.some(({ outcome, count }) => count > 0 && (outcome === "skipped" || outcome === "failed")));

type Counted = Pick<Send, "id" | "notEnrolled" | "messageCounts">;

/**
 * Who of a send can be reached now. It reads much of the send, so it is asked when the page is opened or looked at again, when the counters
 * of the send have changed, and often only while a press is under way.
 */
export const sendHealingQuery = ({ id, notEnrolled, messageCounts }: Counted) =>
  queryOptions({
    queryKey: ["sends", "healing", id, notEnrolled, messageCounts.filter(({ outcome }) => outcome === "skipped" || outcome === "failed")],
    queryFn: ({ signal }) => api("previewSendHealing", { params: { id }, signal }),
    staleTime: 15_000,
    placeholderData: (before, query) => (query?.queryKey[2] === id ? before : undefined),
    refetchInterval: ({ state }) => (state.data?.last?.isRunning ? 2_000 : false),
  });
