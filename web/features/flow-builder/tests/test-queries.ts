import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

const testsKey = (flowId: string) => ["flows", "tests", flowId];

/** The saved tests of a flow, with what was found last. */
export const flowTestsQuery = (flowId: string) =>
  queryOptions({ queryKey: testsKey(flowId), queryFn: ({ signal }) => api("listFlowTests", { params: { id: flowId }, signal }) });

/** Runs tests on what is edited; all of the flow, where none is named. */
export function useRunTests(flowId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (tests: string[] | undefined) =>
      api("runFlowTests", { params: { id: flowId }, body: { of: "draft", ...(tests && { tests }) } }),
    onSettled: () => client.invalidateQueries({ queryKey: testsKey(flowId) }),
  });
}

/** Reads the tests again after one was saved, changed or deleted. */
export function useRefreshTests(flowId: string): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: testsKey(flowId) });
}
