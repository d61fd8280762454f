import { Box, Text } from "@chakra-ui/react";
import type { Message } from "#contract/messages.ts";
import { plural } from "#ui/format.ts";

/** As it looks on the contact's telephone, and what it costs: carriers bill by parts. */
export function SmsBubble({ message }: { message: Message }) {
  const body = message.body ?? "";
  return (
    <Box px={{ base: "4", md: "6" }} py="6">
      <Box
        maxW="22rem"
        width="fit-content"
        bg="bg.muted"
        borderRadius="18px"
        borderBottomStartRadius="4px"
        px="4"
        py="2.5"
        textStyle="md"
        whiteSpace="pre-wrap"
        overflowWrap="anywhere"
        // Names and sentences of any script: each message reads in its own direction.
        dir="auto"
      >
        {body}
      </Box>
      <Text mt="2" textStyle="xs" color="fg.muted" fontVariantNumeric="tabular-nums">
        {plural([...body].length, "character")}
        {message.segments !== null && ` · ${plural(message.segments, "part")}`}
      </Text>
    </Box>
  );
}
