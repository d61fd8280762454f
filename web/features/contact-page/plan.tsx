import { Box, Link as ChakraLink, Flex, Heading, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CalendarClock, SkipForward, UserMinus } from "lucide-react";
import { useState } from "react";
import type { PlannedExecution } from "#contract/contact-plan.ts";
import { Button } from "#ui/button.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { StatusBadge } from "#ui/status-badge.tsx";
import { contactPlanQuery } from "#web/entities/contacts/contact-page-queries.ts";
import { endLine, stepLine } from "#web/entities/contacts/plan-words.ts";
import { executionState } from "#web/entities/executions/execution-state.ts";
import { StateBadge } from "#web/entities/executions/state-badge.tsx";
import { useSession } from "#web/entities/session/use-session.ts";
import { useNow } from "#web/lib/use-now.ts";
import { type ChangedWait, WaitDialog } from "./wait-dialog.tsx";

interface PlanProps {
  contact: { id: string; name: string };
}

/** Where a contact stands in each flow, and what follows if nothing changes. A member who may send may step in. */
export function Plan({ contact }: PlanProps) {
  const { workspace, can } = useSession();
  const now = useNow();
  const plan = useQuery(contactPlanQuery(contact.id));
  const [changing, setChanging] = useState<ChangedWait | null>(null);
  const items = plan.data?.items ?? [];
  return (
    <Box as="section" aria-label="Now and next">
      <Heading as="h2" textStyle="label" color="fg.muted" mb="2">
        Now and next
      </Heading>
      {plan.isPending ? (
        <SkeletonRows rows={2} columns={["40%", "30%"]} label="Loading what is planned" />
      ) : !plan.data ? (
        <LoadError
          error={plan.error}
          title="What is planned could not be loaded"
          onRetry={() => void plan.refetch()}
          retrying={plan.isRefetching}
        />
      ) : items.length === 0 ? (
        <Text textStyle="sm" color="fg.muted">
          {contact.name} is in no flow now, so nothing is planned.
        </Text>
      ) : (
        <Stack as="ul" gap="3" listStyleType="none">
          {items.map((item) => (
            <Item
              key={item.executionId}
              item={item}
              now={now}
              zone={workspace.timeZone}
              onChange={can("editor") ? setChanging : undefined}
            />
          ))}
        </Stack>
      )}
      {plan.data?.hasMore && (
        <Text textStyle="sm" color="fg.muted" mt="2">
          The contact is in more flows than these; all of them are under Flows.
        </Text>
      )}
      <WaitDialog changing={changing} contact={contact} onClose={() => setChanging(null)} />
    </Box>
  );
}

const moreWords = ({ waitingFor }: PlannedExecution): string => {
  if (waitingFor === "child") return "What follows is known when the other flow has ended.";
  return waitingFor === "hold" ? "What follows is known when the first messages have been checked." : "And more steps after these.";
};

interface ItemProps {
  item: PlannedExecution;
  now: number;
  zone: string;
  /** Undefined: the person may only read. */
  onChange: ((changing: ChangedWait) => void) | undefined;
}

function Item({ item, now, zone, onChange }: ItemProps) {
  const status = item.waitingFor === null && item.until !== null ? "pending" : "running";
  const state = executionState({ status, wakeAt: item.until, waitingFor: item.waitingFor, reached: false, missed: [] }, now, zone);
  const act = (type: ChangedWait["type"]) => () => item.wait && onChange?.({ type, item, wait: item.wait });
  const end = endLine(item, now, zone);
  return (
    <Box as="li" borderWidth="1px" borderRadius="l2" p="3">
      <Flex justify="space-between" gap="2" wrap="wrap" align="center">
        <Text fontWeight="medium" textStyle="sm" minW="0" overflowWrap="anywhere">
          <ChakraLink asChild>
            <Link to="/executions/$executionId" params={{ executionId: item.executionId }} search={{}}>
              {item.flowName}
            </Link>
          </ChakraLink>
          {item.isTest && (
            <Text as="span" color="fg.muted" fontWeight="normal">
              {" "}
              · Test
            </Text>
          )}
        </Text>
        <Flex gap="1" wrap="wrap" maxW="full">
          {item.isPaused && <StatusBadge status="paused" label="The send is paused" />}
          <StateBadge state={state} sentence />
        </Flex>
      </Flex>
      {item.label && (
        <Text textStyle="sm" color="fg.muted" mt="0.5">
          At “{item.label}”
        </Text>
      )}
      {onChange && item.wait && (
        <Flex gap="1" wrap="wrap" mt="2">
          {item.wait.mayMove && (
            <>
              <Button size="xs" icon={CalendarClock} onClick={act("reschedule")}>
                Reschedule…
              </Button>
              <Button size="xs" icon={SkipForward} onClick={act("skip")}>
                Skip this step…
              </Button>
            </>
          )}
          <Button size="xs" icon={UserMinus} color="red.fg" onClick={act("take_out")}>
            Take out…
          </Button>
        </Flex>
      )}
      {(item.steps.length > 0 || end !== null || item.hasMore) && (
        <Box mt="3" ps="3" borderStartWidth="2px" borderColor="border.muted">
          <Text textStyle="xs" color="fg.muted" mb="1">
            If nothing changes
          </Text>
          <Stack as="ol" gap="1" listStyleType="none" textStyle="sm">
            {item.steps.map((step, index) => {
              const { when, what, note } = stepLine(step, now, zone);
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: a step may come twice, and its place is what tells it apart
                <Flex as="li" key={index} gap="3">
                  <Text color="fg.muted" width="24" flexShrink="0" fontVariantNumeric="tabular-nums">
                    {when}
                  </Text>
                  <Text minW="0" overflowWrap="anywhere">
                    {what}
                    {note && (
                      <Text as="span" color="fg.muted">
                        {" "}
                        · {note}
                      </Text>
                    )}
                  </Text>
                </Flex>
              );
            })}
            {item.hasMore && (
              <Text as="li" color="fg.muted">
                {moreWords(item)}
              </Text>
            )}
            {end && (
              <Text as="li" color="fg.muted">
                {end}
              </Text>
            )}
          </Stack>
        </Box>
      )}
    </Box>
  );
}
