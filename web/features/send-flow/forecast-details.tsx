import { Box, chakra, Flex, Stack, Text, VisuallyHidden } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Forecast } from "#contract/forecasts.ts";
import { type Reason, reasons } from "#contract/reasons.ts";
import type { ForecastQuestion } from "#contract/sends.ts";
import { formatCount, formatDate, momentWords, upperFirst } from "#ui/format.ts";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { forecastContactsQuery } from "#web/entities/sends/forecast-query.ts";
import { serverNow } from "#web/lib/server-clock.ts";
import { Disclosure } from "./disclosure.tsx";
import { assumedWords } from "./forecast-words.ts";

type Question = Omit<ForecastQuestion, "oncePerAddress"> & { oncePerAddress: boolean };

/** The forecast by step and by moment, with who gets nothing, and what was assumed. */
export function ForecastDetails({ forecast, question }: { forecast: Forecast; question: Question }) {
  const steps = forecast.nodes.filter(({ channel, refused }) => channel !== null || refused.length > 0);
  return (
    <Stack gap="4" mt="2" ms="6" ps="3" borderStartWidth="2px" borderColor="border.emphasized">
      {forecast.willNotStart.length > 0 && (
        <Box>
          <Text fontWeight="medium">Will not start</Text>
          <Refused all={forecast.willNotStart} question={question} />
        </Box>
      )}
      {steps.map(({ nodeId, label, contacts, messages, channel, refused }) => (
        <Box key={nodeId}>
          <Text fontWeight="medium" overflowWrap="anywhere">
            {label}
          </Text>
          <Text color="fg.muted" fontVariantNumeric="tabular-nums">
            {channel === null
              ? `${formatCount(contacts)} come here`
              : `${formatCount(messages)} ${messages === 1 ? channelLook[channel].noun : channelLook[channel].nouns} to ${formatCount(contacts)} who come here`}
          </Text>
          <Refused all={refused} nodeId={nodeId} question={question} />
        </Box>
      ))}
      {forecast.moments.counts.length > 1 && <Moments moments={forecast.moments} />}
      <Stack as="ul" gap="1" listStyleType="none" textStyle="xs" color="fg.muted">
        {assumedWords(forecast).map((words) => (
          <li key={words}>{words}</li>
        ))}
      </Stack>
    </Stack>
  );
}

function Refused({ all, nodeId, question }: { all: Forecast["willNotStart"]; nodeId?: string; question: Question }) {
  return (
    <Box as="ul" listStyleType="none" color="fg.muted" fontVariantNumeric="tabular-nums">
      {all.map(({ reason, contacts }) => (
        <RefusedReason key={reason} reason={reason} contacts={contacts} nodeId={nodeId} question={question} />
      ))}
    </Box>
  );
}

interface RefusedReasonProps {
  reason: Reason;
  contacts: number;
  nodeId: string | undefined;
  question: Question;
}

/** A reason, which opens into the names of its contacts. */
function RefusedReason({ reason, contacts, nodeId, question }: RefusedReasonProps) {
  const [open, setOpen] = useState(false);
  const who = useQuery({ ...forecastContactsQuery({ ...question, reason, ...(nodeId !== undefined && { nodeId }) }), enabled: open });
  const more = who.data ? who.data.total - who.data.items.length : 0;
  return (
    <li>
      {reasons[reason].text}: {formatCount(contacts)}{" "}
      <Disclosure type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        Who
        <VisuallyHidden> has the reason “{reasons[reason].text}”</VisuallyHidden>
      </Disclosure>
      {open && (
        <Text textStyle="xs" role="status" overflowWrap="anywhere" maxHeight="32" overflowY="auto">
          {who.isPending && "Looking…"}
          {who.isError && who.error.message}
          {who.data?.items.map(({ name, contactId }) => name ?? `Contact ${contactId}`).join(", ")}
          {more > 0 && ` and ${formatCount(more)} more`}
        </Text>
      )}
    </li>
  );
}

const titles = { hour: "Messages by hour", day: "Messages by day", month: "Messages by month" } as const;
const Cell = chakra("td", { base: { paddingEnd: "3", textAlign: "end", fontVariantNumeric: "tabular-nums" } });
const Head = chakra("th", { base: { paddingEnd: "3", fontWeight: "normal", textAlign: "end", color: "fg.muted" } });

/** A table, whose bars say to the eye what its figures say to everybody. */
function Moments({ moments: { every, zone, counts } }: { moments: Forecast["moments"] }) {
  const most = Math.max(...counts.map(({ sms, email }) => sms + email));
  return (
    <Box maxHeight="60" overflowY="auto" tabIndex={0} role="group" aria-label={titles[every]}>
      <chakra.table width="full" textStyle="xs">
        <chakra.caption textAlign="start" fontWeight="medium" textStyle="sm" paddingBottom="1">
          {titles[every]}
        </chakra.caption>
        <thead>
          <tr>
            <Head scope="col" textAlign="start">
              {every === "hour" ? "Hour" : every === "day" ? "Day" : "Month"}
            </Head>
            <Head scope="col">SMS</Head>
            <Head scope="col">E-mail</Head>
            <td />
          </tr>
        </thead>
        <tbody>
          {counts.map(({ at, sms, email }) => (
            <tr key={at}>
              <Head scope="row" textAlign="start" whiteSpace="nowrap">
                {every === "hour" ? upperFirst(momentWords(at, serverNow(), zone)) : formatDate(at, zone)}
              </Head>
              <Cell>{formatCount(sms)}</Cell>
              <Cell>{formatCount(email)}</Cell>
              <chakra.td width="40%" aria-hidden>
                <Flex height="2" borderRadius="full" overflow="hidden" width={`${((sms + email) / most) * 100}%`} minWidth="2px">
                  <Box bg="blue.solid" width={`${(sms / (sms + email)) * 100}%`} />
                  <Box bg="teal.solid" flex="1" />
                </Flex>
              </chakra.td>
            </tr>
          ))}
        </tbody>
      </chakra.table>
    </Box>
  );
}
