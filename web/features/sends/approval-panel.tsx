import { Box, Link as ChakraLink, Flex, Heading, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { hasMoved, returnWords, type SendApproval } from "#contract/approvals.ts";
import type { Send } from "#contract/sends.ts";
import { formatCount, momentWords, plural, zoneName } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { dripWords, startWords } from "#web/entities/schedule/schedule-words.ts";
import { sendApprovalQuery } from "#web/entities/sends/approval-query.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { ApprovalForecast } from "./approval-forecast.tsx";
import { ApprovalSample } from "./approval-sample.tsx";
import { DecideApproval } from "./decide-approval.tsx";

interface ApprovalPanelProps {
  send: Send;
  now: number;
  zone: string;
  onChanged: (send: Send) => void;
}

/** Everything that an admin looks at before they approve a send that waits, and where they do it. */
export function ApprovalPanel({ send, now, zone, onChanged }: ApprovalPanelProps) {
  const { can } = useSession();
  const approval = useQuery(sendApprovalQuery(send));
  if (approval.isPending) return <SkeletonRows label="Loading what is to be approved" />;
  if (!approval.data) {
    return (
      <LoadError
        title="What is to be approved could not be loaded"
        error={approval.error}
        onRetry={() => void approval.refetch()}
        retrying={approval.isFetching}
      />
    );
  }
  const ask = approval.data;
  return (
    <Box as="section" aria-labelledby="approval-title" flex="1" minH="0" overflowY="auto" px={{ base: "4", md: "6" }} py="4" tabIndex={0}>
      <Stack gap="5" maxWidth="3xl">
        <Heading as="h2" id="approval-title" textStyle="md" fontWeight="600">
          {ask.mayNot === null ? "Your approval is asked for" : "This send waits for approval"}
        </Heading>
        <Changes ask={ask} now={now} zone={zone} />
        <Facts send={send} ask={ask} now={now} zone={zone} />
        {send.forecastId !== null && can("editor") && <ApprovalForecast id={send.forecastId} now={now} zone={zone} />}
        {can("editor") && <ApprovalSample sendId={send.id} hash={ask.hash} now={now} zone={zone} />}
        <DecideApproval key={ask.hash} ask={ask} onChanged={onChanged} onOutdated={() => void approval.refetch()} />
      </Stack>
    </Box>
  );
}

/** What is another than when it was asked for. */
function Changes({ ask, now, zone }: { ask: SendApproval; now: number; zone: string }) {
  const { returned, contacts, contactsNow, flow } = ask;
  const moved = contactsNow !== null && hasMoved(contacts, contactsNow);
  return (
    <>
      {returned && (
        <Notice status="warning" title="It was asked for again">
          {returnWords(returned.because, { before: returned.contactsBefore, now: contacts })} That was {momentWords(returned.at, now, zone)}
          .
        </Notice>
      )}
      {flow.isArchived && (
        <Notice status="warning" title="The flow is archived">
          Nobody can approve this send while it is: unarchive the flow first. It can be refused or withdrawn all the same.
        </Notice>
      )}
      {flow.hasChanged && !flow.isArchived && (
        <Notice status="warning" title="The flow has changed since">
          An approval now begins nothing: the send is asked for again, with the flow as it is now.
        </Notice>
      )}
      {moved && !flow.hasChanged && !flow.isArchived && (
        <Notice status="warning" title="The audience has moved">
          {returnWords("audience_moved", { before: contacts, now: contactsNow })} An approval now begins nothing: the send is asked for
          again.
        </Notice>
      )}
      {ask.isTooLate ? (
        <Notice status="warning" title="It is too late for this send">
          The time after which nothing of it leaves has passed. It can only be refused or withdrawn.
        </Notice>
      ) : (
        ask.startPassed && (
          <Notice status="warning" title="The planned start has passed">
            Approved now, it begins at once.
          </Notice>
        )
      )}
    </>
  );
}

function Facts({ send, ask, now, zone }: { send: Send; ask: SendApproval; now: number; zone: string }) {
  const { start, drip, notLaterThan } = send;
  return (
    <Box as="dl" display="grid" gap="2" textStyle="sm">
      <Fact label="Asked by">
        {ask.askedByName ?? "Somebody who has left"}, <RelativeTime at={ask.askedAt} />
        {ask.round > 1 && `, for the ${ordinal(ask.round)} time`}
      </Fact>
      <Fact label="Flow">
        <ChakraLink asChild textDecoration="underline">
          <Link to="/flows/$flowId" params={{ flowId: send.flowId }}>
            {send.flowName}
          </Link>
        </ChakraLink>
        , version {ask.flow.version}
      </Fact>
      <Fact label="Audience">{audienceWords(ask)}</Fact>
      <Fact label="Begins">
        {start && !ask.startPassed ? startWords(start, now, zone) : "At once when it is approved"}
        {drip && `, ${dripWords(drip, zone)}`}
      </Fact>
      {notLaterThan && (
        <Fact label="Not later than">
          {momentWords(notLaterThan, now, zone)} ({zoneName(zone)})
        </Fact>
      )}
      <Fact label="Same address">{send.oncePerAddress ? "Each phone number and e-mail address gets it once" : "Each contact gets it"}</Fact>
      <Fact label="Limits">{limitWords(ask.limits)}</Fact>
    </Box>
  );
}

const ordinal = (round: number): string => (round === 2 ? "second" : round === 3 ? "third" : `${formatCount(round)}th`);

function audienceWords({ contacts, contactsNow }: SendApproval): string {
  if (contactsNow === null) return `${plural(contacts, "contact")} when it was asked; it takes too long to count them now`;
  return contactsNow === contacts
    ? `${plural(contactsNow, "contact")} now`
    : `${plural(contactsNow, "contact")} now, ${formatCount(contacts)} when it was asked`;
}

function limitWords({ perContactDay, marketingPerDay, marketingPerWeek }: SendApproval["limits"]): string {
  const marketing = [
    ...(marketingPerDay === null ? [] : [`${formatCount(marketingPerDay)} a day`]),
    ...(marketingPerWeek === null ? [] : [`${formatCount(marketingPerWeek)} a week`]),
  ];
  return [
    `${plural(perContactDay, "message")} a day to one contact`,
    ...(marketing.length > 0 ? [`of marketing ${marketing.join(" and ")}`] : []),
  ].join(", ");
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Flex gap={{ base: "0", md: "3" }} direction={{ base: "column", md: "row" }} align="baseline">
      <Text as="dt" color="fg.muted" flexShrink={0} width="28">
        {label}
      </Text>
      <Text as="dd" minW="0" overflowWrap="anywhere">
        {children}
      </Text>
    </Flex>
  );
}
