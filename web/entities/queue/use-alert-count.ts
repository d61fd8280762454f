import { useQuery } from "@tanstack/react-query";
import { fromAfar, queueQuery } from "./queue-query.ts";

/** How many alerts are on, for a mark beside the way to them. Says nothing while it cannot be known. */
export const useAlertCount = (): number => useQuery({ ...queueQuery(fromAfar), select: (queue) => queue.alerts.length }).data ?? 0;
