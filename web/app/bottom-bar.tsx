import { Box, chakra, Flex, Text } from "@chakra-ui/react";
import { Link } from "@tanstack/react-router";
import { keepsClear } from "#ui/keeps-clear.ts";
import { CountMark } from "./count-mark.tsx";
import { places } from "./navigation.ts";
import { markedLabel, useMarks } from "./use-marks.ts";

const ChakraLink = chakra(Link);

/** The navigation on a phone. */
export function BottomBar() {
  const marks = useMarks();
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
          aria-label={markedLabel(label, marks[to])}
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
            {marks[to] && <CountMark text="" dot />}
          </Box>
          <Text as="span" textStyle="2xs" fontSize="0.6875rem" fontWeight="500" whiteSpace="nowrap">
            {label}
          </Text>
        </ChakraLink>
      ))}
    </Flex>
  );
}
