import { Box, chakra, Flex, Stack, Text, VisuallyHidden } from "@chakra-ui/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Forecast, isForecastOver, type KeptForecast } from "#contract/forecasts.ts";
import { type Reason, reasons } from "#contract/reasons.ts";
import { Button } from "#ui/button.tsx";
import { formatCount, formatDate, momentWords, plural, upperFirst } from "#ui/format.ts";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { forecastContactsQuery, type WhichContacts } from "#web/entities/sends/forecast-query.ts";
import { serverNow } from "#web/lib/server-clock.ts";
import { Disclosure } from "./disclosure.tsx";
import { assumedWords, movedWords } from "./forecast-words.ts";

/** The forecast by step and by moment, with who gets nothing, and what was assumed. */
export function ForecastDetails({ forecast, of }: { forecast: Forecast; of: KeptForecast }) {
  const steps = forecast.nodes.filter(({ channel, refused }) => channel !== null || refused.length > 0);
  return (
    <Stack gap="4" mt="2" ms="6" ps="3" borderStartWidth="2px" borderColor="border.emphasized">
      {forecast.willNotStart.length > 0 && (
        <Box>
          <Text fontWeight="medium">Will not start</Text>
          <Refused all={forecast.willNotStart} who="not_starting" of={of} />
        </Box>
      )}
      {forecast.nothing > 0 && (
        <Box>
          <Text fontWeight="medium">{plural(forecast.nothing, "contact")} will get no message</Text>
          <Refused all={forecast.nothingBy} who="nothing" of={of} />
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
          <Refused all={refused} who="at_node" nodeId={nodeId} of={of} />
        </Box>
      ))}
      {forecast.moments.counts.length > 1 && <Moments moments={forecast.moments} />}
      <Stack as="ul" gap="1" listStyleType="none" textStyle="xs" color="fg.muted">
        {[...(isForecastOver(of) ? movedWords(forecast, of) : []), ...assumedWords(forecast)].map((words) => (
          <li key={words}>{words}</li>
        ))}
      </Stack>
    </Stack>
  );
}

interface RefusedProps {
  all: Forecast["nothingBy"];
  who: WhichContacts["who"];
  nodeId?: string;
  of: KeptForecast;
}

function Refused({ all, ...which }: RefusedProps) {
  return (
    <Box as="ul" listStyleType="none" color="fg.muted" fontVariantNumeric="tabular-nums">
      {all.map(({ reason, contacts }) => (
        <RefusedReason key={reason} reason={reason} contacts={contacts} {...which} />
      ))}
    </Box>
  );
}

interface RefusedReasonProps extends Omit<RefusedProps, "all"> {
  /** Null: no message is on their way. */
  reason: Reason | null;
  contacts: number;
}

/** A reason, which opens into the names of its contacts. */
function RefusedReason({ reason, contacts, who: group, nodeId, of }: RefusedReasonProps) {
  const [open, setOpen] = useState(false);
  const who = useInfiniteQuery({ ...forecastContactsQuery(of.id, { who: group, nodeId, ...(reason && { reason }) }), enabled: open });
  const words = reason === null ? "No message is on their way through the flow" : reasons[reason].text;
  const named = who.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <li>
      {words}: {formatCount(contacts)}{" "}
      <Disclosure type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        Who
        <VisuallyHidden> has the reason “{words}”</VisuallyHidden>
      </Disclosure>
      {open && (
        <Box textStyle="xs" maxHeight="32" overflowY="auto">
          <Text role="status" overflowWrap="anywhere">
            {who.isPending && "Looking…"}
            {who.isError && who.error.message}
            {named.map(({ name, contactId }) => name ?? `Contact ${contactId}`).join(", ")}
          </Text>
          {who.hasNextPage && (
            <Button size="xs" mt="1" busy={who.isFetchingNextPage} onClick={() => void who.fetchNextPage()}>
              Show more
            </Button>
          )}
        </Box>
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
