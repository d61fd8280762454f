import { Box, chakra, Flex, Stack, Text } from "@chakra-ui/react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { SendForecast as Compared, DifferingContact } from "#contract/send-forecasts.ts";
import type { Send } from "#contract/sends.ts";
import { Button } from "#ui/button.tsx";
import { formatCount, momentWords, plural } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { differingContactsQuery, sendForecastQuery } from "#web/entities/sends/send-forecast-query.ts";
import { serverNow } from "#web/lib/server-clock.ts";
import { becauseWords, outcomeWords } from "./forecast-outcome-words.ts";

/** What was forecast of a send beside what came, by step and reason, with the contacts that went another way. */
export function SendForecast({ send, zone }: { send: Send; zone: string }) {
  const compared = useQuery(sendForecastQuery(send));
  if (compared.isPending) return <SkeletonRows label="Comparing the send with its forecast" />;
  if (!compared.data) {
    return (
      <LoadError
        title="The comparison could not be loaded"
        error={compared.error}
        onRetry={() => void compared.refetch()}
        retrying={compared.isFetching}
      />
    );
  }
  const { forecastAt, flowChanged, isOver, differing } = compared.data;
  return (
    <Box flex="1" minH="0" overflowY="auto" px={{ base: "4", md: "6" }} py="4" tabIndex={0} role="group" aria-label="Forecast and outcome">
      <Stack gap="4" maxWidth="4xl">
        <Text color="fg.muted" textStyle="sm">
          Forecast of {momentWords(forecastAt, serverNow(), zone)}, in contacts.
        </Text>
        {flowChanged && <Notice status="info">The flow was changed between the forecast and the send.</Notice>}
        {!isOver && <Notice status="info">This send is not over: some of what was forecast is still to come.</Notice>}
        <Outcomes compared={compared.data} />
        {differing === 0 ? (
          <Text textStyle="sm">{isOver ? "Every contact went the way that was forecast." : "Nobody has gone another way so far."}</Text>
        ) : (
          <Differing send={send} compared={compared.data} />
        )}
      </Stack>
    </Box>
  );
}

const Head = chakra("th", { base: { paddingEnd: "3", paddingY: "1", textAlign: "end", fontWeight: "medium", color: "fg.muted" } });
const Cell = chakra("td", { base: { paddingEnd: "3", paddingY: "1", textAlign: "end", fontVariantNumeric: "tabular-nums" } });

/** Steps that only pass contacts on are of no interest here. */
const isTelling = ({ nodeId, reason }: Compared["outcomes"][number], isMessage: boolean) => nodeId === null || isMessage || reason !== null;

function Outcomes({ compared: { outcomes, nodes } }: { compared: Compared }) {
  const nodeOf = (id: string | null) => nodes.find(({ nodeId }) => nodeId === id);
  const rows = outcomes
    .map((row) => ({
      ...row,
      label: row.nodeId === null ? "Start" : (nodeOf(row.nodeId)?.label ?? row.nodeId),
      place: placeOf(row.nodeId, nodes),
    }))
    .filter((row) => isTelling(row, nodeOf(row.nodeId)?.channel != null))
    .toSorted((a, b) => a.place - b.place);
  return (
    <Box overflowX="auto">
      <chakra.table width="full" textStyle="sm">
        <chakra.caption textAlign="start" fontWeight="medium" paddingBottom="1">
          Contacts by step
        </chakra.caption>
        <thead>
          <tr>
            <Head scope="col" textAlign="start">
              Step
            </Head>
            <Head scope="col" textAlign="start">
              What became of it
            </Head>
            <Head scope="col">Forecast</Head>
            <Head scope="col">Came</Head>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, nodeId, status, reason, forecast, came }, index) => (
            <chakra.tr key={JSON.stringify([nodeId, status, reason])} borderTopWidth="1px" borderColor="border.muted">
              <Cell textAlign="start" overflowWrap="anywhere">
                {rows[index - 1]?.nodeId === nodeId && index > 0 ? <span style={{ opacity: 0 }}>{label}</span> : label}
              </Cell>
              <Cell textAlign="start">{outcomeWords({ nodeId, status, reason }, nodeOf(nodeId)?.channel != null)}</Cell>
              <Cell>{formatCount(forecast)}</Cell>
              <Cell fontWeight={came === forecast ? undefined : "semibold"} color={came === forecast ? undefined : "fg.warning"}>
                {formatCount(came)}
              </Cell>
            </chakra.tr>
          ))}
        </tbody>
      </chakra.table>
    </Box>
  );
}

/** Nodes stand in the order of the flow; one that no contact was forecast to reach comes last. */
const placeOf = (id: string | null, nodes: Compared["nodes"]) => {
  if (id === null) return -1;
  const at = nodes.findIndex(({ nodeId }) => nodeId === id);
  return at === -1 ? nodes.length : at;
};

function Differing({ send, compared }: { send: Send; compared: Compared }) {
  const list = useInfiniteQuery(differingContactsQuery(send));
  const contacts = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Box as="section" aria-label="Contacts that went another way">
      <Text fontWeight="medium" textStyle="sm" mb="1">
        {plural(compared.differing, "contact")} went another way than was forecast
      </Text>
      {list.isPending && <SkeletonRows rows={3} label="Loading the contacts" />}
      {list.isError && !list.data && (
        <LoadError title="The contacts could not be loaded" error={list.error} onRetry={() => void list.refetch()} />
      )}
      <Box as="ul" listStyleType="none" textStyle="sm">
        {contacts.map((contact) => (
          <DifferingLine key={contact.contactId} contact={contact} compared={compared} />
        ))}
      </Box>
      {list.hasNextPage && (
        <Button size="xs" mt="2" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </Box>
  );
}

function DifferingLine({ contact, compared: { nodes, flowChanged } }: { contact: DifferingContact; compared: Compared }) {
  const say = (outcomes: DifferingContact["came"]) =>
    outcomes
      .map((outcome) => {
        const node = nodes.find(({ nodeId }) => nodeId === outcome.nodeId);
        const words = outcomeWords(outcome, node?.channel != null);
        return outcome.nodeId === null ? words : `${node?.label ?? outcome.nodeId}: ${words}`;
      })
      .join(", ");
  const why = becauseWords(contact.because, flowChanged);
  return (
    <Box as="li" py="1.5" borderTopWidth="1px" borderColor="border.muted" overflowWrap="anywhere">
      <Flex gap="2" wrap="wrap" justify="space-between">
        <Text as="span" fontWeight="medium">
          {contact.name ?? "Deleted contact"}
        </Text>
        {why.length > 0 && (
          <Text as="span" color="fg.muted">
            {why.join("; ")}
          </Text>
        )}
      </Flex>
      {contact.forecast.length > 0 && <Text color="fg.muted">Forecast: {say(contact.forecast)}</Text>}
      {contact.came.length > 0 && <Text color="fg.muted">Came: {say(contact.came)}</Text>}
    </Box>
  );
}
