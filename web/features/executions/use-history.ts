import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import type { HistoryScope } from "#web/entities/executions/execution-keys.ts";
import { historyQuery, newestQuery, rowsQuery } from "#web/entities/executions/execution-queries.ts";
import { freshRows, idsToAsk, type Known, learn, liveRows } from "./history-rows.ts";

const nothing: Known = new Map();

/**
 * Keeps a history up to date while it is read: the pages that were scrolled to, each row in its latest state, and a count
 * of the rows that arrived above. Give the component that uses it a `key` per scope, so that another list begins anew.
 */
export function useHistory(scope: HistoryScope) {
  const client = useQueryClient();
  const pages = useInfiniteQuery(historyQuery(scope));
  const newest = useQuery({ ...newestQuery(scope), enabled: pages.isSuccess });
  const [known, setKnown] = useState(nothing);
  const [generation, setGeneration] = useState(0);

  const rows = useMemo(() => liveRows(pages.data?.pages ?? [], known), [pages.data, known]);
  const asking = useRef({ rows, newest: newest.data, round: 0 });
  asking.current.rows = rows;
  asking.current.newest = newest.data;
  const others = useQuery({
    ...rowsQuery(scope, () => idsToAsk(asking.current.rows, asking.current.newest, asking.current.round++)),
    enabled: pages.isSuccess,
  });
  useEffect(() => {
    if (newest.data) setKnown((before) => learn(before, newest.data));
  }, [newest.data]);
  useEffect(() => {
    if (others.data) setKnown((before) => learn(before, others.data));
  }, [others.data]);

  const showNewest = () => {
    if (!newest.data) return;
    client.setQueryData(historyQuery(scope).queryKey, { pages: [newest.data], pageParams: [undefined] });
    setGeneration((count) => count + 1);
  };
  const fresh = freshRows(rows, newest.data);
  // In an empty list no reading is disturbed, so the first rows appear by themselves.
  const appear = pages.isSuccess && rows.length === 0 && fresh.count > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it becomes so.
  useEffect(() => {
    if (appear) showNewest();
  }, [appear]);

  const failing = newest.isError ? newest : others.isError ? others : null;
  return {
    rows,
    fresh: appear ? { count: 0, isMore: false } : fresh,
    showNewest,
    /** Increases when the list begins again at its top. */
    generation,
    loading: pages.isPending,
    error: pages.isError && rows.length === 0 ? pages.error : null,
    retry: () => void pages.refetch(),
    retrying: pages.isRefetching,
    more: {
      has: pages.hasNextPage,
      load: () => {
        if (!pages.isFetching && !pages.isFetchNextPageError) void pages.fetchNextPage();
      },
      error: pages.isFetchNextPageError ? pages.error : null,
      retry: () => void pages.fetchNextPage(),
    },
    /** The time since which the rows are not kept up to date, and the reason. */
    stale: failing ? { since: failing.dataUpdatedAt, error: failing.error, retry: () => void failing.refetch() } : null,
  };
}
