import { infiniteQueryOptions, keepPreviousData, type QueryClient, queryOptions } from "@tanstack/react-query";
import type { Reason } from "#contract/reasons.ts";
import type { RetryPreview } from "#contract/send-changes.ts";
import type { SendPreviewQuestion } from "#contract/send-requests.ts";
import { isSendOver, type Send, type SendState } from "#contract/sends.ts";
import { executionKeys } from "#web/entities/executions/execution-keys.ts";
import { flowKeys } from "#web/entities/flows/flow-queries.ts";
import { messageKeys } from "#web/entities/messages/message-queries.ts";
import { queueKey } from "#web/entities/queue/queue-query.ts";
import { api } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";

const sendKeys = {
  all: ["sends"],
  list: (filters: SendFilters) => ["sends", "list", filters],
  ofFlow: (flowId: string) => ["sends", "of-flow", flowId],
  enrolling: ["sends", "enrolling"],
  one: (id: string) => ["sends", "one", id],
  skips: (id: string, notEnrolled: number) => ["sends", "skips", id, notEnrolled],
  retryable: (id: string, failed: number) => ["sends", "retryable", id, failed],
  preview: (question: SendPreviewQuestion) => ["sends", "preview", question],
  retry: (kind: "send" | "execution", id: string, reasons: readonly Reason[] | null) => ["sends", "retry", kind, id, reasons],
} as const;

/** Reads again everything that shows sends, their executions and messages, the flows' counts or the queue. */
export function refreshSends(client: QueryClient): void {
  for (const queryKey of [sendKeys.all, flowKeys.all, executionKeys.all, messageKeys.ofExecutions, queueKey]) {
    void client.invalidateQueries({ queryKey });
  }
}

export interface SendFilters {
  state: SendState | undefined;
  flowId: string | undefined;
}

export const sendsQuery = (filters: SendFilters) =>
  infiniteQueryOptions({
    queryKey: sendKeys.list(filters),
    queryFn: ({ pageParam, signal }) => api("listSends", { query: { ...filters, limit: 50, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    // The pages are keyset pages: reading them again changes their numbers, never which rows they hold. They are read
    // often while a send is under way, and otherwise just often enough to notice a new one.
    refetchInterval: ({ state: query }) =>
      query.data?.pages.some((page) => page.items.some((send) => !isSendOver(send.state) || send.active > 0)) ? 2000 : 10_000,
  });

/** The last sends of a flow, to narrow its history to one of them. */
export const sendsOfFlowQuery = (flowId: string) =>
  queryOptions({
    queryKey: sendKeys.ofFlow(flowId),
    queryFn: ({ signal }) => api("listSends", { query: { flowId, limit: 50 }, signal }),
  });

/**
 * The sends that still enroll their contacts, and those that were approved for later and will. They are read every two seconds
 * while one enrolls, and seldom while all of them only wait for their moment.
 */
export const enrollingSendsQuery = queryOptions({
  queryKey: sendKeys.enrolling,
  queryFn: async ({ signal }) => (await api("listSends", { query: { state: "enrolling", limit: 50 }, signal })).items,
  staleTime: 0,
  refetchInterval: ({ state: { data = [] } }) => {
    const enrolls = data.some((send) => (send.start === null && send.firstRoundAt === null) || send.enrolled + send.notEnrolled > 0);
    return enrolls ? 2000 : data.length > 0 && 15_000;
  },
});

export const sendQuery = (id: string) =>
  queryOptions({ queryKey: sendKeys.one(id), queryFn: ({ signal }) => api("getSend", { params: { id }, signal }) });

/** `notEnrolled` is part of the key: when the count changes, the list has rows that it did not have before. */
export const sendSkipsQuery = (id: string, notEnrolled: number) =>
  infiniteQueryOptions({
    queryKey: sendKeys.skips(id, notEnrolled),
    queryFn: ({ pageParam, signal }) => api("listSendSkips", { params: { id }, query: { limit: 200, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (before, query) => (query?.queryKey[2] === id ? before : undefined),
  });

/**
 * How many contacts of a send a retry would begin again. It is counted anew when more have failed; while it is counted, the
 * number before stays. When it cannot be counted no retry is offered, and it is asked again.
 */
export const retryableQuery = ({ id, failed, partialFailure }: Pick<Send, "id" | "failed" | "partialFailure">) =>
  queryOptions({
    queryKey: sendKeys.retryable(id, failed + partialFailure),
    queryFn: async ({ signal }) => (await api("previewSendRetry", { params: { id }, query: {}, signal })).executions,
    staleTime: 5_000,
    placeholderData: (before: number | undefined, query) => (query?.queryKey[2] === id ? before : undefined),
    refetchInterval: (query) => (query.state.status === "error" ? 10_000 : false),
  });

/** What a retry of a send or of one execution would send again. `reasons` null means all of them. */
export const retryPreviewQuery = ({ kind, id }: { kind: "send" | "execution"; id: string }, reasons: readonly Reason[] | null) =>
  queryOptions({
    queryKey: sendKeys.retry(kind, id, reasons),
    queryFn: ({ signal }): Promise<RetryPreview> =>
      kind === "send"
        ? api("previewSendRetry", { params: { id }, query: { reasons: reasons?.join(",") }, signal })
        : api("previewExecutionRetry", { params: { id }, signal }),
    staleTime: 0,
    placeholderData: keepPreviousData,
  });

/**
 * To whom nothing of a flow could go. It is asked anew at each opening of the dialog. A count that had no free place is
 * asked again after a second; one that took too long is not, because it would take as long again.
 */
export const sendPreviewQuery = (question: SendPreviewQuestion) =>
  queryOptions({
    queryKey: sendKeys.preview(question),
    queryFn: ({ signal }) => api("previewSend", { body: question, signal }),
    staleTime: 30_000,
    gcTime: 60_000,
    refetchOnWindowFocus: false,
    retry: (failures, error) => failures < 5 && isApiError(error, "too_many_requests"),
    retryDelay: 1000,
  });
