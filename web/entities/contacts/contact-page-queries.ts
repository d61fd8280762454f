import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import type { TimelineKind } from "#contract/contact-timeline.ts";
import { api } from "#web/lib/api.ts";

const keys = {
  timelines: (id: string) => ["contacts", "timeline", id],
  timeline: (id: string, kinds: readonly TimelineKind[]) => ["contacts", "timeline", id, kinds.toSorted().join(",")],
  plan: (id: string) => ["contacts", "plan", id],
} as const;

/** How often a page that is looked at asks again; a hidden tab asks nothing. */
const lookEvery = 5_000;

/** What happened with a contact, newest first. Without kinds: all of them. */
export const timelineQuery = (id: string, kinds: readonly TimelineKind[]) =>
  infiniteQueryOptions({
    queryKey: keys.timeline(id, kinds),
    queryFn: ({ pageParam, signal }) =>
      api("listTimeline", { params: { id }, query: { kinds: kinds.length > 0 ? kinds.join(",") : undefined, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    // Several pages are not read again under somebody's eyes; the first one is.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : lookEvery),
  });

/** In which flows a contact is, and what follows there. */
export const contactPlanQuery = (id: string) =>
  queryOptions({
    queryKey: keys.plan(id),
    queryFn: ({ signal }) => api("planContact", { params: { id }, signal }),
    refetchInterval: lookEvery,
  });

export const refreshContactPage = (client: QueryClient, id: string): Promise<unknown> =>
  Promise.all([client.invalidateQueries({ queryKey: keys.timelines(id) }), client.invalidateQueries({ queryKey: keys.plan(id) })]);
