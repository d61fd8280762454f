import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type ApiInput, api } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";

type Body<Id extends "forecastSend" | "listForecastContacts"> = ApiInput<Id>["body"];

/**
 * What a send would do if it began now. It is asked anew at each opening of the dialog. A new question gives up the one before,
 * whose answer stays until then.
 */
export const forecastQuery = (body: Body<"forecastSend">) =>
  queryOptions({
    queryKey: ["sends", "forecast", body],
    queryFn: ({ signal }) => api("forecastSend", { body, signal }),
    staleTime: 30_000,
    gcTime: 60_000,
    refetchOnWindowFocus: false,
    placeholderData: keepPreviousData,
    retry: (failures, error) => failures < 3 && isApiError(error, "workspace_busy"),
    retryDelay: 1000,
  });

/** Who of a forecast gets nothing, or does not start, for one reason. */
export const forecastContactsQuery = (body: Body<"listForecastContacts">) =>
  queryOptions({
    queryKey: ["sends", "forecast-contacts", body],
    queryFn: ({ signal }) => api("listForecastContacts", { body, signal }),
    staleTime: 30_000,
    gcTime: 60_000,
    retry: false,
  });
