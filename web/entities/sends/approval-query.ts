import { queryOptions } from "@tanstack/react-query";
import { isForecastOver } from "#contract/forecasts.ts";
import type { Send } from "#contract/sends.ts";
import { api } from "#web/lib/api.ts";

/** The rules by which sends wait for an approval, with how many people could approve. */
export const approvalRulesQuery = queryOptions({
  queryKey: ["approval-rules"],
  queryFn: ({ signal }) => api("getApprovalRules", { signal }),
});

/** The approval of a send. While it waits, its audience is counted anew every half minute. */
export const sendApprovalQuery = ({ id, approval, state }: Pick<Send, "id" | "approval" | "state">) =>
  queryOptions({
    queryKey: ["sends", "approval", id, approval, state],
    queryFn: ({ signal }) => api("getSendApproval", { params: { id }, signal }),
    staleTime: 0,
    refetchInterval: approval === "asked" ? 30_000 : false,
  });

/**
 * The messages that a contact of a waiting send would get; `contactId` null: the first. `hash`: of what is asked for, because another
 * ask has others.
 */
export const approvalSampleQuery = (id: string, hash: string, contactId: string | null) =>
  queryOptions({
    queryKey: ["sends", "approval-sample", id, hash, contactId],
    queryFn: ({ signal }) => api("getApprovalSample", { params: { id }, query: contactId === null ? {} : { contactId }, signal }),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    retry: false,
  });

/** The values of single contacts of a send that waits, and the graph that it brought. */
export const approvalContentQuery = (id: string, hash: string) =>
  queryOptions({
    queryKey: ["sends", "approval-content", id, hash],
    queryFn: ({ signal }) => api("getApprovalContent", { params: { id }, signal }),
    staleTime: 60_000,
  });

/** The forecast that whoever asked was shown. */
export const shownForecastQuery = (id: string) =>
  queryOptions({
    queryKey: ["sends", "shown-forecast", id],
    queryFn: ({ signal }) => api("getForecast", { params: { id }, signal }),
    staleTime: 60_000,
    refetchInterval: (query) => (query.state.data && !isForecastOver(query.state.data) ? 2000 : false),
    retry: false,
  });
