import { Box, Text } from "@chakra-ui/react";
import { plural } from "#ui/format.ts";

/** As it looks on the contact's telephone, and what it costs: carriers bill by parts. */
export function SmsBubble({ text, segments }: { text: string; segments: number | null }) {
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
        {text}
      </Box>
      <Text mt="2" textStyle="xs" color="fg.muted" fontVariantNumeric="tabular-nums">
        {plural([...text].length, "character")}
        {segments !== null && ` · ${plural(segments, "part")}`}
      </Text>
    </Box>
  );
}
