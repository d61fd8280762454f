import { Flex, Text } from "@chakra-ui/react";
import type { FlowTest, FlowTestFailure } from "#contract/flow-tests.ts";
import { Button } from "#ui/button.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { TestFailures } from "./test-failures.tsx";

interface OpenedTestProps {
  tests: { isPending: boolean; isRefetching: boolean; error: Error | null; refetch: () => unknown };
  test: FlowTest | undefined;
  /** What of it does not hold; undefined before it was walked. */
  judged: FlowTestFailure[] | undefined;
  onLeft: () => void;
}

/** The test that is simulated, and what it says of what is edited now. */
export function OpenedTest({ tests, test, judged, onLeft }: OpenedTestProps) {
  if (tests.error) {
    return (
      <LoadError
        title="The test could not be loaded"
        error={tests.error}
        onRetry={() => void tests.refetch()}
        retrying={tests.isRefetching}
      />
    );
  }
  if (tests.isPending) return <SkeletonRows label="Loading the test" />;
  return (
    <>
      <Flex gap="3" align="center" wrap="wrap">
        <Text flex="1" minW="10rem" fontWeight="medium" overflowWrap="anywhere">
          {test ? `Test “${test.name}”` : "This test was deleted."}
        </Text>
        <Button size="xs" onClick={onLeft}>
          Simulate something else
        </Button>
      </Flex>
      {judged && judged.length === 0 && <Notice status="success">Everything comes as the test expects.</Notice>}
      {judged && judged.length > 0 && (
        <Notice status="error" title="Something comes otherwise than the test expects">
          <TestFailures failures={judged} label="What comes otherwise" />
        </Notice>
      )}
    </>
  );
}
