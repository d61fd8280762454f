import { Box, chakra, Flex, Grid, Stack, Text } from "@chakra-ui/react";
import { Link } from "@tanstack/react-router";
import type { StopAccount } from "#contract/send-changes.ts";
import { formatCount, plural } from "#ui/format.ts";
import { channelLook } from "#web/entities/channels/channel-look.ts";

const Figure = chakra("dd", { base: { fontWeight: "600", fontVariantNumeric: "tabular-nums", textAlign: "end" } });

/** The exact account of what had been sent when a send was stopped. */
export function StopAccountView({ account }: { account: StopAccount }) {
  const { sent, captured, ended, stopped, finishing, inFlight, inFlightItems } = account;
  return (
    <Stack gap="4" textStyle="sm">
      <Text>
        <strong>{plural(sent, "message")}</strong> had been sent before
        {captured > 0 && `, and ${plural(captured, "message was", "messages were")} test only and not sent`}. Nothing else is sent.
      </Text>
      <Grid as="dl" templateColumns="1fr auto" rowGap="1" borderWidth="1px" borderRadius="l2" px="3" py="2" aria-label="Account">
        <dt>Finished before</dt>
        <Figure>{formatCount(ended)}</Figure>
        <dt>Stopped now</dt>
        <Figure>{formatCount(stopped)}</Figure>
        {finishing > 0 && (
          <>
            <dt>Being ended now, after their last message</dt>
            <Figure>{formatCount(finishing)}</Figure>
          </>
        )}
        <dt>Being sent now</dt>
        <Figure>{formatCount(inFlight)}</Figure>
        <Box as="dt" borderTopWidth="1px" pt="1" fontWeight="600">
          Enrolled
        </Box>
        <Figure borderTopWidth="1px" pt="1">
          {formatCount(ended + stopped + finishing + inFlight)}
        </Figure>
      </Grid>
      {inFlight > 0 && (
        <Box>
          <Text color="fg.muted" mb="2">
            {inFlight === 1 ? "This message" : "These messages"} had been handed to a provider, which had not answered yet:
          </Text>
          <Box
            as="ul"
            listStyleType="none"
            borderWidth="1px"
            borderRadius="l2"
            maxH="52"
            overflowY="auto"
            tabIndex={0}
            aria-label="Being sent now"
            css={{ "& > * + *": { borderTopWidth: "1px" } }}
          >
            {inFlightItems.map((item) => {
              const { Icon, name } = channelLook[item.channel];
              return (
                <Flex as="li" key={item.executionId} align="center" gap="2" px="3" minH="9">
                  <Icon aria-hidden size={14} />
                  <Box flex="1" minW="0" truncate css={{ "& a": { color: "fg.link", _hover: { textDecoration: "underline" } } }}>
                    <Link to="/executions/$executionId" params={{ executionId: item.executionId }}>
                      {item.contactName ?? "Deleted contact"}
                    </Link>
                  </Box>
                  <Text as="span" color="fg.muted">
                    {name}
                  </Text>
                </Flex>
              );
            })}
          </Box>
          {inFlight > inFlightItems.length && (
            <Text color="fg.muted" mt="1">
              and {formatCount(inFlight - inFlightItems.length)} more.
            </Text>
          )}
        </Box>
      )}
    </Stack>
  );
}
