import { Box, chakra, Flex, Heading, Table, Text } from "@chakra-ui/react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { QueuedSend } from "#contract/queue.ts";
import { useNarrow } from "#ui/data-table/use-narrow.ts";
import { formatCount, plural } from "#ui/format.ts";
import { SendBadge } from "#web/entities/sends/send-badge.tsx";
import { SendWhen } from "#web/entities/sends/send-when.tsx";

interface QueuedSendsProps {
  sends: readonly QueuedSend[];
  /** Absent for people who may only read. */
  actions?: (send: QueuedSend) => ReactNode;
}

const places = ["executing", "queued", "waiting", "held"] as const;
const heads = { executing: "Running now", queued: "Queued", waiting: "Waiting", held: "Held" } as const;
const SendLink = chakra(Link, {
  base: { fontWeight: "500", truncate: true, _hover: { textDecoration: "underline" } },
});

/** The sends that are not over, newest first, with the counts of their enrollments by place. */
export function QueuedSends(props: QueuedSendsProps) {
  const narrow = useNarrow();
  return (
    <Box as="section" aria-labelledby="queue-sends">
      <Heading as="h2" id="queue-sends" textStyle="md" fontWeight="600" mb="2">
        Sends under way
      </Heading>
      {narrow ? <Cards {...props} /> : <Rows {...props} />}
    </Box>
  );
}

function Rows({ sends, actions }: QueuedSendsProps) {
  return (
    <Box borderWidth="1px" borderRadius="l2" overflow="hidden">
      <Table.Root size="sm" textStyle="table" aria-labelledby="queue-sends">
        <Table.Header>
          <Table.Row bg="bg.subtle">
            <Head>Flow</Head>
            <Head>State</Head>
            {places.map((place) => (
              <Head key={place} end>
                {heads[place]}
              </Head>
            ))}
            <Head end>Not finished</Head>
            <Head>When</Head>
            {actions && <Head end>Actions</Head>}
          </Table.Row>
        </Table.Header>
        <Table.Body>
          {sends.map((send) => (
            <Table.Row key={send.id} bg="bg.panel" height="10" aria-label={send.flowName} _hover={{ bg: "bg.subtle" }}>
              <Table.Cell px="4" maxW="56" truncate>
                <Name send={send} />
              </Table.Cell>
              <Table.Cell px="4">
                <SendBadge send={send} />
              </Table.Cell>
              {places.map((place) => (
                <Figure key={place} count={send[place]} />
              ))}
              <Figure count={send.active} strong />
              <Table.Cell px="4" whiteSpace="nowrap">
                <SendWhen send={send} />
              </Table.Cell>
              {actions && (
                <Table.Cell px="2" py="0">
                  <Flex justify="flex-end" gap="0.5">
                    {actions(send)}
                  </Flex>
                </Table.Cell>
              )}
            </Table.Row>
          ))}
        </Table.Body>
      </Table.Root>
    </Box>
  );
}

function Cards({ sends, actions }: QueuedSendsProps) {
  return (
    <Box as="ul" listStyleType="none" borderWidth="1px" borderRadius="l2" css={{ "& > * + *": { borderTopWidth: "1px" } }}>
      {sends.map((send) => (
        <Box as="li" key={send.id} px="4" py="3" textStyle="sm">
          <Flex gap="3" justify="space-between" align="center">
            <Name send={send} />
            <SendBadge send={send} />
          </Flex>
          <Text color="fg.muted" mt="1" fontVariantNumeric="tabular-nums">
            {placesWords(send)}
          </Text>
          <Flex gap="2" justify="space-between" align="center" mt="1">
            <Text as="span" color="fg.muted" textStyle="xs">
              <SendWhen send={send} />
            </Text>
            {actions && <Flex gap="1">{actions(send)}</Flex>}
          </Flex>
        </Box>
      ))}
    </Box>
  );
}

/** "120 running now, 880 queued": only the places where somebody is. */
const placesWords = (send: QueuedSend): string => {
  const parts = places.filter((place) => send[place] > 0).map((place) => `${formatCount(send[place])} ${heads[place].toLowerCase()}`);
  return parts.length === 0 ? `${plural(send.total, "contact")} selected, nobody has started` : parts.join(", ");
};

function Name({ send }: { send: QueuedSend }) {
  return (
    <Flex as="span" gap="2" minW="0" align="baseline">
      <SendLink to="/sends/$sendId" params={{ sendId: send.id } as never}>
        {send.flowName}
      </SendLink>
      {send.isTest && (
        <Text as="span" color="fg.muted" textStyle="xs">
          Test
        </Text>
      )}
    </Flex>
  );
}

function Head({ children, end }: { children: string; end?: boolean }) {
  return (
    <Table.ColumnHeader px="4" textStyle="label" color="fg.muted" textAlign={end ? "end" : "start"} whiteSpace="nowrap">
      {children}
    </Table.ColumnHeader>
  );
}

function Figure({ count, strong }: { count: number; strong?: boolean }) {
  return (
    <Table.Cell
      px="4"
      textAlign="end"
      fontVariantNumeric="tabular-nums"
      color={count === 0 ? "fg.subtle" : undefined}
      fontWeight={strong ? "500" : undefined}
    >
      {formatCount(count)}
    </Table.Cell>
  );
}
