import { Box, chakra, Flex, Text } from "@chakra-ui/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ChevronDown, FileCheck } from "lucide-react";
import type { ReactNode } from "react";
import type { ProofLine } from "#contract/proof.ts";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { formatExact } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { MessageBadge } from "#web/entities/messages/message-badge.tsx";
import { type ProofOf, proofQuery } from "#web/entities/messages/proof-query.ts";
import { momentsOf } from "./proof-words.ts";

interface ProofListProps {
  of: ProofOf;
  /** In which times are written. */
  zone: string;
  /** Saves the whole ledger. */
  exportLink: ReactNode;
}

/** The ledger of the messages of a send or to a contact: each with all that is on record about it, from before the call on. */
export function ProofList({ of, zone, exportLink }: ProofListProps) {
  const ledger = useInfiniteQuery(proofQuery(of));
  if (ledger.isPending) return <SkeletonRows rows={6} columns={["30%", "25%", "20%"]} label="Loading the record of messages" />;
  if (!ledger.data) {
    return (
      <LoadError
        title="The record of messages could not be loaded"
        error={ledger.error}
        onRetry={() => void ledger.refetch()}
        retrying={ledger.isRefetching}
      />
    );
  }
  const lines = ledger.data.pages.flatMap((page) => page.items);
  if (lines.length === 0 && !ledger.hasNextPage) {
    return (
      <EmptyState icon={FileCheck} title="No message was written">
        {of.kind === "send" ? "Nothing of this send was handed to a provider." : "Nothing was handed to a provider for this contact."}
      </EmptyState>
    );
  }
  return (
    <Box display="grid" gridTemplateColumns="minmax(0, 1fr)" gap="3" maxW="5xl">
      <Flex gap="3" wrap="wrap" align="center" justify="space-between">
        <Text textStyle="sm" color="fg.muted" flex="1" minW="16rem">
          One line for each message to each address. It is written before the provider is called, so what has no line did not leave.
        </Text>
        {exportLink}
      </Flex>
      <Box as="ul" listStyleType="none" borderTopWidth="1px" borderColor="border.muted">
        {lines.map((line) => (
          <Line key={line.messageId} line={line} zone={zone} withContact={of.kind === "send"} />
        ))}
      </Box>
      {lines.length === 0 && (
        <Text textStyle="sm" color="fg.muted" role="status">
          No message was written for the first contacts of this send.
        </Text>
      )}
      {ledger.isFetchNextPageError ? (
        <LoadError title="More could not be loaded" error={ledger.error} onRetry={() => void ledger.fetchNextPage()} />
      ) : (
        ledger.hasNextPage && (
          <Box>
            <Button onClick={() => void ledger.fetchNextPage()} busy={ledger.isFetchingNextPage}>
              Show more messages
            </Button>
          </Box>
        )
      )}
    </Box>
  );
}

const Summary = chakra("summary", {
  base: {
    cursor: "pointer",
    paddingY: "2.5",
    listStyle: "none",
    display: "flex",
    gap: "3",
    alignItems: "center",
    borderRadius: "l1",
    focusVisibleRing: "outside",
    _hover: { bg: "bg.subtle" },
    "&::-webkit-details-marker": { display: "none" },
  },
});

function Line({ line, zone, withContact }: { line: ProofLine; zone: string; withContact: boolean }) {
  const { Icon, name } = channelLook[line.channel];
  const who = withContact ? (line.contactName ?? "Erased contact") : (line.flowName ?? "Written by hand");
  return (
    <Box as="li" borderBottomWidth="1px" borderColor="border.muted" textStyle="sm">
      <chakra.details>
        <Summary>
          <Box color="fg.muted" flexShrink={0}>
            <Icon size={16} aria-label={name} />
          </Box>
          <Box flex="1" minW="0">
            <Text fontWeight="500" truncate>
              {who}
            </Text>
            <Text color="fg.muted" truncate>
              {line.to ?? "Address erased"} · {formatExact(line.writtenAt, zone)}
            </Text>
          </Box>
          <Box flexShrink={0}>
            <MessageBadge message={line} />
          </Box>
          <Box color="fg.muted" flexShrink={0} css={{ "details[open] &": { transform: "rotate(180deg)" } }}>
            <ChevronDown aria-hidden size={16} />
          </Box>
        </Summary>
        <Record line={line} zone={zone} />
      </chakra.details>
    </Box>
  );
}

/** Everything that is on record about one message. */
function Record({ line, zone }: { line: ProofLine; zone: string }) {
  return (
    <Box ps={{ base: "0", md: "7" }} pb="4" display="grid" gridTemplateColumns="minmax(0, 1fr)" gap="3">
      <Box as="ol" listStyleType="none" display="grid" gap="1.5">
        {momentsOf(line).map(({ key, at, words, said, isBad }) => (
          <Flex as="li" key={key} gap="3" direction={{ base: "column", md: "row" }} rowGap="0">
            <Text color="fg.muted" fontVariantNumeric="tabular-nums" flexShrink={0} width={{ md: "17rem" }}>
              <time dateTime={at}>{formatExact(at, zone)}</time>
            </Text>
            <Box minW="0" color={isBad ? "fg.error" : undefined} overflowWrap="anywhere">
              {words}.
              {said && (
                <Text as="span" color="fg.muted">
                  {" "}
                  “{said}”
                </Text>
              )}
            </Box>
          </Flex>
        ))}
      </Box>
      <Box as="dl" display="grid" gridTemplateColumns={{ base: "1fr", md: "17rem minmax(0, 1fr)" }} columnGap="3" rowGap="1">
        <Fact name="Provider">{line.provider}</Fact>
        <Fact name="The provider’s id of it">{line.providerMessageId ?? "None"}</Fact>
        <Fact name="Our id of it">{line.messageId}</Fact>
        {line.executionId && (
          <Fact name="Enrollment, visit">
            {line.executionId}, {line.visit}
          </Fact>
        )}
      </Box>
    </Box>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <chakra.dt color="fg.muted">{name}</chakra.dt>
    <chakra.dd m="0" overflowWrap="anywhere" mb={{ base: "1", md: "0" }}>
      {children}
    </chakra.dd>
  </>
);
