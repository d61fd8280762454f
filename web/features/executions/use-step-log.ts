import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { LoggedStep } from "#contract/executions.ts";
import { newestStepsQuery, type StepLogScope, stepLogQuery } from "#web/entities/executions/step-log-queries.ts";
import { freshRows } from "./history-rows.ts";

/**
 * A log that grows while it is read: rows stay where they are, those that arrived above are counted until they are asked
 * for. Give the component that uses it a `key` per scope.
 */
export function useStepLog(scope: StepLogScope) {
  const client = useQueryClient();
  const pages = useInfiniteQuery(stepLogQuery(scope));
  const newest = useQuery({ ...newestStepsQuery(scope), enabled: pages.isSuccess });
  const [generation, setGeneration] = useState(0);
  const [known, setKnown] = useState<ReadonlyMap<string, LoggedStep>>(new Map());
  // A step that waited has ended meanwhile: what the row says changes in place.
  useEffect(() => {
    if (newest.data) setKnown((before) => new Map([...before, ...newest.data.items.map((step) => [step.id, step] as const)]));
  }, [newest.data]);
  const rows = pages.data?.pages.flatMap(({ items }) => items.map((step) => known.get(step.id) ?? step)) ?? [];
  const fresh = freshRows(rows, newest.data);
  const showNewest = () => {
    if (!newest.data) return;
    client.setQueryData(stepLogQuery(scope).queryKey, { pages: [newest.data], pageParams: [undefined] });
    setGeneration((count) => count + 1);
  };
  // In an empty list no reading is disturbed.
  const appear = pages.isSuccess && rows.length === 0 && !pages.hasNextPage && fresh.count > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it becomes so.
  useEffect(() => {
    if (appear) showNewest();
  }, [appear]);
  // Where few steps match, a page may be empty and the next one not.
  const looksOn = rows.length === 0 && pages.hasNextPage && !pages.isFetchNextPageError;
  const { isFetching, fetchNextPage } = pages;
  useEffect(() => {
    if (looksOn && !isFetching) void fetchNextPage();
  }, [looksOn, isFetching, fetchNextPage]);
  return {
    rows,
    fresh: appear ? { count: 0, isMore: false } : fresh,
    showNewest,
    generation,
    loading: pages.isPending || looksOn,
    error: pages.isError && rows.length === 0 ? pages.error : null,
    retry: () => void pages.refetch(),
    retrying: pages.isRefetching,
    more: {
      has: pages.hasNextPage,
      load: () => {
        if (!isFetching && !pages.isFetchNextPageError) void fetchNextPage();
      },
      error: pages.isFetchNextPageError ? pages.error : null,
      retry: () => void fetchNextPage(),
    },
    /** The time since which the rows are not kept up to date, and the reason. */
    stale: newest.isError ? { since: newest.dataUpdatedAt, error: newest.error, retry: () => void newest.refetch() } : null,
  };
}
