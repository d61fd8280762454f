import { useQuery } from "@tanstack/react-query";
import type { Send } from "#contract/sends.ts";
import { retryableQuery } from "./send-queries.ts";
import { mayRetry } from "./send-state.ts";

/** A key for the query while there is no send to ask for. */
const nobody = { id: "", failed: 0, partialFailure: 0 };

/**
 * How many contacts of a send can be tried again, which the counters do not say: they only say that something failed.
 * Undefined while it is counted; 0 where it cannot be counted, so that nothing is offered that would be refused.
 */
export function useRetryable(send: Send | null): number | undefined {
  const enabled = send !== null && mayRetry(send);
  const { data, isError } = useQuery({ ...retryableQuery(send ?? nobody), enabled });
  return enabled && !isError ? data : 0;
}
