import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { ForecastContactsQuery, KeptForecast } from "#contract/forecasts.ts";
import type { ForecastQuestion } from "#contract/send-requests.ts";
import { type ApiInput, api } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";

/** What is asked before a send. */
export type Question = Omit<ForecastQuestion, "oncePerAddress"> & { oncePerAddress: boolean };

/**
 * What a send would do if it began now. It is asked anew at each opening of the dialog. A new question gives up the one before,
 * whose answer stays until then. Of many contacts the answer is the beginning of a forecast that grows.
 */
export const forecastQuery = (body: ApiInput<"forecastSend">["body"]) =>
  queryOptions({
    queryKey: ["sends", "forecast", body],
    queryFn: ({ signal }) => api("forecastSend", { body, signal }),
    staleTime: 30_000,
    gcTime: 0,
    refetchOnWindowFocus: false,
    placeholderData: keepPreviousData,
    retry: (failures, error) => failures < 3 && (isApiError(error, "workspace_busy") || isApiError(error, "instance_busy")),
    retryDelay: 1000,
  });

/** The same forecast later: how far it is, and whether the flow was changed since. */
export const keptForecastQuery = (first: KeptForecast | undefined) =>
  queryOptions({
    queryKey: ["sends", "kept-forecast", first?.id],
    queryFn: ({ signal }) => api("getForecast", { params: { id: first?.id ?? "" }, signal }),
    enabled: first !== undefined,
    initialData: first,
    staleTime: 30_000,
    gcTime: 60_000,
    retry: false,
  });

export type WhichContacts = Pick<ForecastContactsQuery, "who" | "reason" | "nodeId">;

/** Who of a forecast gets nothing, or does not start, for one reason. */
export const forecastContactsQuery = (id: string, which: WhichContacts) =>
  infiniteQueryOptions({
    queryKey: ["sends", "forecast-contacts", id, which],
    queryFn: ({ pageParam, signal }) =>
      api("listForecastContacts", { params: { id }, query: { ...which, limit: 200, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: 30_000,
    gcTime: 60_000,
    retry: false,
  });

export const cancelForecast = (id: string) => api("cancelForecast", { params: { id } });
