import { Box, chakra, Flex, Icon, Text } from "@chakra-ui/react";
import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import type { Alert } from "#contract/queue.ts";
import { RelativeTime } from "#ui/relative-time.tsx";
import { alertActs, alertTitle } from "#web/entities/queue/alert-words.ts";

const ChakraLink = chakra(Link, { base: { color: "fg.link", _hover: { textDecoration: "underline" } } });

/** The alerts: what is wrong, since when, and who must act. */
export function AlertList({ alerts }: { alerts: readonly Alert[] }) {
  if (alerts.length === 0) return null;
  return (
    <Box as="ul" listStyleType="none" aria-label="Alerts" display="grid" gap="2">
      {alerts.map((alert) => (
        <Flex as="li" key={`${alert.code} ${alert.sendId ?? alert.text}`} gap="3" px="4" py="3" borderRadius="l2" bg="bg.warning">
          <Icon boxSize="4" mt="0.5" color="fg.warning" flexShrink={0}>
            <TriangleAlert aria-hidden />
          </Icon>
          <Box flex="1" minW="0" textStyle="sm" overflowWrap="anywhere">
            <Flex gap="2" justify="space-between" wrap="wrap" align="baseline">
              <Text fontWeight="600">{alertTitle(alert)}</Text>
              <Text as="span" color="fg.muted" textStyle="xs">
                since <RelativeTime at={alert.since} />
              </Text>
            </Flex>
            <Text mt={{ base: "1", md: "0" }}>{alert.text}</Text>
            <Flex gap="3" mt="1" wrap="wrap">
              <Text as="span" fontWeight="500">
                {alertActs(alert)}
              </Text>
              {alert.sendId && (
                <ChakraLink to="/sends/$sendId" params={{ sendId: alert.sendId } as never}>
                  Open the send
                </ChakraLink>
              )}
              {alert.code === "unknown_messages" && <ChakraLink to="/sends">Open the sends</ChakraLink>}
              {(alert.code === "provider_down" || alert.code === "sender_refused" || alert.code === "channel_refused") && (
                <ChakraLink to="/settings/channels">Open the channels</ChakraLink>
              )}
            </Flex>
          </Box>
        </Flex>
      ))}
    </Box>
  );
}
