import { Box, Link as ChakraLink, Flex, Stack, Text } from "@chakra-ui/react";
import { type UseQueryResult, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { PlannedExecution } from "#contract/contact-plan.ts";
import { LoadError } from "#ui/load-error.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { contactPlanQuery, timelineQuery } from "#web/entities/contacts/contact-page-queries.ts";
import { endLine, stepLine } from "#web/entities/contacts/plan-words.ts";
import { TimelineLine } from "#web/entities/contacts/timeline-line.tsx";
import { contactExecutionsQuery } from "#web/entities/executions/execution-queries.ts";
import { executionState } from "#web/entities/executions/execution-state.ts";
import { StateBadge } from "#web/entities/executions/state-badge.tsx";
import { useSession } from "#web/entities/session/use-session.ts";
import { useNow } from "#web/lib/use-now.ts";

/** So many of the last ones are told; the page of the contact has them all. */
const few = { enrollments: 4, messages: 4, steps: 4 };

/** What a contact is in, what was sent last, and what is planned. All of it opens beside the dialog, so that nothing entered there is lost. */
export function HistoryOfContact({ contactId }: { contactId: string }) {
  const { workspace } = useSession();
  const zone = workspace.timeZone;
  const now = useNow();
  const plan = useQuery(contactPlanQuery(contactId));
  const enrollments = useInfiniteQuery(contactExecutionsQuery(contactId));
  const messages = useInfiniteQuery(timelineQuery(contactId, ["messages", "replies"]));
  const last = enrollments.data?.pages[0]?.items.slice(0, few.enrollments) ?? [];
  const sent = messages.data?.pages[0]?.items.slice(0, few.messages) ?? [];
  return (
    <Stack gap="4" p="3" textStyle="sm">
      <Part title="Planned" query={plan} isEmpty={plan.data?.items.length === 0} empty="Nothing is planned.">
        {plan.data?.items.map((item) => (
          <Planned key={item.executionId} item={item} now={now} zone={zone} />
        ))}
      </Part>
      <Part title="Last enrollments" query={enrollments} isEmpty={last.length === 0} empty="No flow has been sent to this contact yet.">
        {last.map((execution) => (
          <Flex as="li" key={execution.id} gap="2" justify="space-between" align="center" wrap="wrap" py="1">
            <ToEnrollment id={execution.id} name={execution.flowName} isTest={execution.isTest} />
            <Flex gap="2" align="center" wrap="wrap" maxW="full">
              <StateBadge state={executionState(execution, now, zone)} sentence />
              <Text as="span" textStyle="xs" color="fg.muted">
                <RelativeTime at={execution.enrolledAt} />
              </Text>
            </Flex>
          </Flex>
        ))}
      </Part>
      <Part title="Last messages" query={messages} isEmpty={sent.length === 0} empty="No message yet.">
        {sent.map((entry) => (
          <TimelineLine key={`${entry.kind} ${entry.id}`} entry={entry} apart />
        ))}
      </Part>
      <ChakraLink asChild color="fg.link" textDecoration="underline" width="fit-content">
        <Link to="/contacts/$contactId" params={{ contactId }} search={{}} target="_blank">
          Open the whole history
        </Link>
      </ChakraLink>
    </Stack>
  );
}

interface PartProps {
  title: string;
  query: Pick<UseQueryResult, "isPending" | "isError" | "data" | "error" | "isRefetching"> & { refetch: () => unknown };
  isEmpty: boolean;
  empty: string;
  children: ReactNode;
}

function Part({ title, query, isEmpty, empty, children }: PartProps) {
  return (
    <Box as="section" aria-label={title}>
      <Text fontWeight="medium" mb="1">
        {title}
      </Text>
      {query.isPending ? (
        <SkeletonRows rows={2} columns={["50%", "25%"]} label={`Loading: ${title}`} />
      ) : query.isError && !query.data ? (
        <LoadError
          title="This could not be loaded"
          error={query.error}
          onRetry={() => void query.refetch()}
          retrying={query.isRefetching}
        />
      ) : isEmpty ? (
        <Text color="fg.muted">{empty}</Text>
      ) : (
        <Box as="ul" listStyleType="none">
          {children}
        </Box>
      )}
    </Box>
  );
}

function ToEnrollment({ id, name, isTest }: { id: string; name: string; isTest: boolean }) {
  return (
    <Text minW="0" overflowWrap="anywhere">
      <ChakraLink asChild textDecoration="underline">
        <Link to="/executions/$executionId" params={{ executionId: id }} search={{}} target="_blank">
          {name}
        </Link>
      </ChakraLink>
      {isTest && (
        <Text as="span" color="fg.muted">
          {" "}
          · Test
        </Text>
      )}
    </Text>
  );
}

/** The messages that follow in one flow, and how it ends. */
function Planned({ item, now, zone }: { item: PlannedExecution; now: number; zone: string }) {
  const follows = item.steps.filter(({ channel }) => channel !== null).slice(0, few.steps);
  const end = endLine(item, now, zone);
  return (
    <Box as="li" py="1">
      <ToEnrollment id={item.executionId} name={item.flowName} isTest={item.isTest} />
      {follows.map((step) => {
        const { when, what, note } = stepLine(step, now, zone);
        return (
          <Text key={`${step.nodeId} ${step.at}`} color="fg.muted" overflowWrap="anywhere">
            {[when, what, note].filter(Boolean).join(" · ")}
          </Text>
        );
      })}
      {follows.length === 0 && <Text color="fg.muted">{end ?? "No message follows as far as is known."}</Text>}
    </Box>
  );
}
