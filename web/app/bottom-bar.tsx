import { Box, chakra, Flex, Text } from "@chakra-ui/react";
import { Link } from "@tanstack/react-router";
import { keepsClear } from "#ui/keeps-clear.ts";
import { useAlertCount } from "#web/entities/queue/use-alert-count.ts";
import { AlertMark, alertWords } from "./alert-mark.tsx";
import { places } from "./navigation.ts";

const ChakraLink = chakra(Link);

/** The navigation on a phone. */
export function BottomBar() {
  const alerts = useAlertCount();
  const alertsAt = (to: string) => (to === "/queue" ? alerts : 0);
  return (
    <Flex
      as="nav"
      aria-label="Main"
      display={{ base: "flex", md: "none" }}
      flexShrink={0}
      borderTopWidth="1px"
      bg="bg.canvas"
      pb="env(safe-area-inset-bottom)"
      {...keepsClear}
    >
      {places.map(({ to, label, icon: Icon }) => (
        <ChakraLink
          key={to}
          to={to}
          aria-label={alertWords(label, alertsAt(to))}
          flex="1"
          minW="0"
          display="flex"
          flexDirection="column"
          alignItems="center"
          justifyContent="center"
          gap="0.5"
          h="14"
          color="fg.muted"
          focusVisibleRing="inside"
          css={{ "&[data-status=active]": { color: "accent.fg" } }}
        >
          <Box as="span" position="relative">
            <Icon aria-hidden size={20} strokeWidth={1.9} />
            <AlertMark alerts={alertsAt(to)} dot />
          </Box>
          <Text as="span" textStyle="2xs" fontSize="0.6875rem" fontWeight="500" whiteSpace="nowrap">
            {label}
          </Text>
        </ChakraLink>
      ))}
    </Flex>
  );
}
