import { Box, Flex, Text } from "@chakra-ui/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "#ui/button.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { contactExecutionsQuery } from "#web/entities/executions/execution-queries.ts";
import { executionState } from "#web/entities/executions/execution-state.ts";
import { StateBadge } from "#web/entities/executions/state-badge.tsx";
import { useSession } from "#web/entities/session/use-session.ts";
import { useNow } from "#web/lib/use-now.ts";

/** The flows that a contact was sent, newest first, each with its state and current step. */
export function ContactHistory({ contactId }: { contactId: string }) {
  const { workspace } = useSession();
  const zone = workspace.timeZone;
  const now = useNow();
  const history = useInfiniteQuery(contactExecutionsQuery(contactId));
  if (history.isPending) return <SkeletonRows rows={3} columns={["45%", "25%"]} label="Loading the flows of this contact" />;
  if (!history.data)
    return <LoadError error={history.error} title="The flows could not be loaded" onRetry={() => void history.refetch()} />;
  const executions = history.data.pages.flatMap((page) => page.items);
  if (executions.length === 0)
    return (
      <Text textStyle="sm" color="fg.muted">
        No flow has been sent to this contact yet.
      </Text>
    );
  return (
    <>
      <Box as="ul" listStyleType="none" borderTopWidth="1px" borderColor="border.muted">
        {executions.map((execution) => (
          <Box as="li" key={execution.id} py="2" borderBottomWidth="1px" borderColor="border.muted" textStyle="sm">
            <Flex justify="space-between" gap="3" align="center">
              <Text fontWeight="medium" truncate asChild>
                <Link to="/executions/$executionId" params={{ executionId: execution.id }} title={execution.flowName}>
                  {execution.flowName}
                </Link>
              </Text>
              <Box flexShrink="0" maxWidth="70%">
                <StateBadge state={executionState(execution, now, zone)} sentence />
              </Box>
            </Flex>
            <Flex justify="space-between" gap="3" color="fg.muted" textStyle="xs" mt="0.5">
              <Text truncate>
                {execution.isTest && "Test · "}
                {execution.currentNodeLabel ? `At “${execution.currentNodeLabel}”` : execution.reason}
              </Text>
              <RelativeTime at={execution.enrolledAt} />
            </Flex>
          </Box>
        ))}
      </Box>
      {history.hasNextPage && (
        <Button size="xs" tone="ghost" onClick={() => void history.fetchNextPage()} busy={history.isFetchingNextPage}>
          Show earlier flows
        </Button>
      )}
    </>
  );
}
