import { Box, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { TextField } from "#ui/fields/text-field.tsx";
import { plural } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { api } from "#web/lib/api.ts";
import { TestFailures } from "./test-failures.tsx";
import { TestStatus } from "./test-status.tsx";

/** The tests of a flow, run on the draft that is about to be published. */
export function usePublishTests(flowId: string, revision: string, enabled: boolean) {
  return useQuery({
    queryKey: ["flows", "tests-at-publish", flowId, revision],
    queryFn: ({ signal }) => api("runFlowTests", { params: { id: flowId }, body: { of: "draft" }, signal }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    enabled,
  });
}

type PublishTestsQuery = ReturnType<typeof usePublishTests>;

export const failedTests = (tests: PublishTestsQuery) => (tests.data?.results ?? []).filter(({ result }) => result.status !== "passed");

interface PublishTestsProps {
  tests: PublishTestsQuery;
  /** Whether the person may publish although tests do not pass. */
  mayAccept: boolean;
  reason: string;
  onReason: (reason: string) => void;
}

/** What the tests say of the draft. One that does not pass keeps it from being published, unless an admin says why. */
export function PublishTests({ tests, mayAccept, reason, onReason }: PublishTestsProps) {
  if (tests.isError) {
    return (
      <LoadError
        title="The tests could not be run"
        error={tests.error}
        onRetry={() => void tests.refetch()}
        retrying={tests.isRefetching}
      />
    );
  }
  if (tests.data === undefined) return <SkeletonRows label="Running the tests" />;
  const many = tests.data.results.length;
  const failed = failedTests(tests);
  if (many === 0) return null;
  if (failed.length === 0) return <Notice status="success">{many === 1 ? "The test passes." : `All ${many} tests pass.`}</Notice>;
  return (
    <Stack gap="3" role="group" aria-label="Tests">
      <Notice status="error" title={`${plural(failed.length, "test does", "tests do")} not pass`}>
        {mayAccept
          ? "Mend the flow or the test, or say below why it is published all the same."
          : "Mend the flow or the test. An admin may publish it all the same."}
      </Notice>
      <Box as="ul" listStyleType="none" display="grid" gap="3">
        {failed.map(({ testId, name, result }) => (
          <Box as="li" key={testId} display="grid" gap="2">
            <Text textStyle="sm" fontWeight="medium" overflowWrap="anywhere">
              {name} <TestStatus status={result.status} />
            </Text>
            <TestFailures failures={result.failures} label={`What “${name}” found`} />
          </Box>
        ))}
      </Box>
      {mayAccept && (
        <TextField
          label="Why it is published all the same"
          value={reason}
          onChange={onReason}
          maxLength={500}
          help="It is kept with the version and in the audit log."
        />
      )}
    </Stack>
  );
}
