import { Box, Text } from "@chakra-ui/react";
import type { FlowTestFailure } from "#contract/flow-tests.ts";

const mostShown = 20;

/** What a test expected, each with what came instead. */
export function TestFailures({ failures, label }: { failures: readonly FlowTestFailure[]; label: string }) {
  return (
    <Box as="ul" aria-label={label} listStyleType="none" display="grid" gap="2" textStyle="sm">
      {failures.slice(0, mostShown).map(({ expected, actual }) => (
        <Box as="li" key={expected} borderStartWidth="2px" borderColor="border.error" ps="3" overflowWrap="anywhere">
          <Text>
            <Text as="span" fontWeight="medium">
              Expected:
            </Text>{" "}
            {expected}
          </Text>
          <Text>
            <Text as="span" fontWeight="medium">
              Instead:
            </Text>{" "}
            {actual}
          </Text>
        </Box>
      ))}
      {failures.length > mostShown && <li>{`And ${failures.length - mostShown} more.`}</li>}
    </Box>
  );
}
