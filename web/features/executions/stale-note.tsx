import { Flex, Text } from "@chakra-ui/react";
import { WifiOff } from "lucide-react";
import { Button } from "#ui/button.tsx";
import { momentWords } from "#ui/format.ts";

interface StaleNoteProps {
  /** The time in milliseconds at which the rows were last up to date. It is 0 where they never were since they were loaded. */
  since: number;
  error: unknown;
  retry: () => void;
  zone: string;
}

/** Tells that the rows on screen are no longer kept up to date, and since when. */
export function StaleNote({ since, error, retry, zone }: StaleNoteProps) {
  return (
    <Flex
      role="alert"
      align="center"
      gap="2"
      ps="3"
      pe="1"
      h="8"
      borderRadius="full"
      borderWidth="1px"
      bg="bg.panel"
      pointerEvents="auto"
      boxShadow="md"
    >
      <WifiOff aria-hidden size={14} />
      <Text textStyle="xs" title={error instanceof Error ? error.message : undefined}>
        {since > 0 ? `Not updated since ${momentWords(new Date(since).toISOString(), Date.now(), zone)}` : "Not kept up to date"}
      </Text>
      <Button tone="ghost" size="xs" onClick={retry}>
        Try again
      </Button>
    </Flex>
  );
}
