import { useQuery } from "@tanstack/react-query";
import { alertMarkInterval, queueQuery } from "./queue-query.ts";

/** How many alerts are on; 0 while that is not known. */
export function useAlertCount(): number {
  return useQuery({ ...queueQuery(alertMarkInterval), select: (queue) => queue.alerts.length }).data ?? 0;
}
