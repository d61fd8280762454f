import { Box, Link as ChakraLink, Flex, Text } from "@chakra-ui/react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { SendApproval } from "#contract/approvals.ts";
import type { Send } from "#contract/sends.ts";
import { formatCount, momentWords, plural, zoneName } from "#ui/format.ts";
import { RelativeTime } from "#ui/relative-time.tsx";
import { testText } from "#web/entities/contacts/filter-address.ts";
import { whomWords } from "#web/entities/contacts/whom-words.ts";
import { dripWords, startWords } from "#web/entities/schedule/schedule-words.ts";
import { FlowOfSend } from "#web/entities/sends/flow-of-send.tsx";

interface ApprovalFactsProps {
  send: Send;
  ask: SendApproval;
  now: number;
  zone: string;
}

/** Shows who asked, what is sent, to whom, when, and within which limits. */
export function ApprovalFacts({ send, ask, now, zone }: ApprovalFactsProps) {
  const { start, drip, notLaterThan } = send;
  return (
    <Box as="dl" display="grid" gap="2" textStyle="sm">
      <Fact label="Asked by">
        {ask.askedByName ?? "Somebody who has left"}, <RelativeTime at={ask.askedAt} />
        {ask.round > 1 && `, for the ${ordinal(ask.round)} time`}
      </Fact>
      <Fact label="Flow">
        <FlowOfSend of={{ ...send, hasOwnGraph: ask.flow.isOwn }} />
        {!ask.flow.isOwn && `, version ${ask.flow.version}`}
      </Fact>
      <Fact label="For">
        <Whom audience={ask.audience} />
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

/** The filter in words, with the contacts that match it now behind a link. */
function Whom({ audience }: { audience: SendApproval["audience"] }) {
  if (audience.type === "ids") return "Contacts that were chosen one by one";
  const { filter, excluded } = audience;
  const search = { q: filter.search, filter: filter.tests.map(testText).join(";") || undefined };
  return (
    <>
      {whomWords(filter)}
      {excluded > 0 && `, except ${formatCount(excluded)} that ${excluded === 1 ? "was" : "were"} taken out`}.{" "}
      <ChakraLink asChild textDecoration="underline">
        <Link to="/contacts" search={search as never}>
          Show who matches now
        </Link>
      </ChakraLink>
    </>
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
