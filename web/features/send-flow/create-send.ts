import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Send } from "#contract/sends.ts";
import { api } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";

/** Flows with something in them: an empty one can be sent by nobody. */
export const sendableFlowsQuery = queryOptions({
  queryKey: ["flows", "sendable"],
  queryFn: async ({ signal }) => (await api("listFlows", { signal })).items.filter((flow) => flow.stepCount > 0),
  staleTime: 0,
  // The dialog shows the failure in place with a retry; trying twice in silence would only keep the person waiting.
  retry: false,
});

export const flowGraphQuery = (id: string) =>
  queryOptions({ queryKey: ["flows", "graph", id], queryFn: ({ signal }) => api("getFlow", { params: { id }, signal }) });

export const sendQuery = (id: string) =>
  queryOptions({ queryKey: ["sends", "progress", id], queryFn: ({ signal }) => api("getSend", { params: { id }, signal }), staleTime: 0 });

export const sendSkipsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["sends", "skips", id],
    queryFn: ({ pageParam, signal }) => api("listSendSkips", { params: { id }, query: { cursor: pageParam, limit: 200 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });

export const enrollingSendsQuery = queryOptions({
  queryKey: ["sends", "enrolling"],
  queryFn: async ({ signal }) => (await api("listSends", { query: { state: "enrolling", limit: 5 }, signal })).items,
  staleTime: 0,
  refetchInterval: (query) => ((query.state.data?.length ?? 0) > 0 ? 2000 : false),
});

type Request = Parameters<typeof api<"createSend">>[1]["body"];

/** The answer was lost, or says nothing of whether the request arrived. */
const isUncertain = (error: unknown) =>
  isApiError(error) && (error.status === 0 || error.status >= 500 || error.code === "unreadable_answer");

/**
 * Begins a send. Where no answer came back it looks whether the send arrived all the same before it calls it a
 * failure: "not sent" must be true when a person reads it.
 */
export const createSend = async (body: Request & { sendId: string }): Promise<Send> => {
  try {
    return (await api("createSend", { body })).send;
  } catch (error) {
    if (!isUncertain(error)) throw error;
    const arrived = await api("getSend", { params: { id: body.sendId } }).catch(() => null);
    if (arrived === null) throw error;
    return arrived;
  }
};
