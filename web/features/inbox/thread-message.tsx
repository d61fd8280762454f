import { Box, Link as ChakraLink, Flex, Text } from "@chakra-ui/react";
import { Link } from "@tanstack/react-router";
import { staysHere } from "#channels/stays-here.ts";
import type { ConversationMessage } from "#contract/conversations.ts";
import { reasons } from "#contract/reasons.ts";
import { plural } from "#ui/format.ts";
import { RelativeTime } from "#ui/relative-time.tsx";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { wordLabels } from "./conversation-list.tsx";
import { MarkedText } from "./marked-text.tsx";

interface ThreadMessageProps {
  message: ConversationMessage;
  /** Its words are marked. */
  search?: string | undefined;
  /** It is the one at which the conversation was opened. */
  isFound?: boolean;
}

/** One message: what the contact wrote at the left, what we wrote at the right, with what became of it. */
export function ThreadMessage({ message, search, isFound = false }: ThreadMessageProps) {
  const isOurs = message.direction === "out";
  const outcome = isOurs ? outcomeWords(message) : undefined;
  return (
    <Flex
      as="li"
      direction="column"
      align={isOurs ? "flex-end" : "flex-start"}
      data-message={message.id}
      aria-current={isFound || undefined}
    >
      <Box
        maxW={{ base: "88%", md: "36rem" }}
        bg={isOurs ? "accent.subtle" : "bg.muted"}
        borderRadius="18px"
        {...(isOurs ? { borderBottomEndRadius: "4px" } : { borderBottomStartRadius: "4px" })}
        {...(isFound && { outline: "2px solid", outlineColor: "accent.solid", outlineOffset: "2px" })}
        px="4"
        py="2"
        textStyle="md"
        whiteSpace="pre-wrap"
        overflowWrap="anywhere"
        dir="auto"
      >
        {message.subject && (
          <Text fontWeight="600" textStyle="sm">
            <MarkedText text={message.subject} search={search} />
          </Text>
        )}
        {message.text ? <MarkedText text={message.text} search={search} /> : isOurs ? "Erased" : message.files > 0 ? "" : "Empty"}
        {message.files > 0 && <Text color="fg.muted">{plural(message.files, "file")}, not kept</Text>}
      </Box>
      <Flex gap="1.5" mt="1" textStyle="xs" color="fg.muted" wrap="wrap" justify={isOurs ? "flex-end" : "flex-start"}>
        <span>{channelLook[message.channel].name}</span>
        <RelativeTime at={message.at} />
        {message.word && (
          <Text as="span" fontWeight="600">
            {wordLabels[message.word]}
          </Text>
        )}
        {message.automatic && <span>An automatic answer</span>}
        {isOurs &&
          (message.executionId ? (
            <ChakraLink asChild textDecoration="underline">
              <Link to="/executions/$executionId" params={{ executionId: message.executionId }} search={{}}>
                {message.flowName ?? "A flow"}
              </Link>
            </ChakraLink>
          ) : (
            <span>By hand</span>
          ))}
        {outcome && (
          <Text as="span" color={outcome.isBad ? "fg.error" : undefined} fontWeight={outcome.isBad ? "600" : undefined}>
            {outcome.words}
          </Text>
        )}
      </Flex>
    </Flex>
  );
}

function outcomeWords({ status, reason, provider, errorMessage }: ConversationMessage): { words: string; isBad: boolean } {
  const why = reason ? reasons[reason].text : errorMessage;
  switch (status) {
    case "delivered":
      return { words: "Delivered", isBad: false };
    case "undelivered":
      return { words: `Not delivered${why ? `: ${why}` : ""}`, isBad: true };
    case "failed":
      return { words: `Not sent${why ? `: ${why}` : ""}`, isBad: true };
    case "unknown":
      return { words: reasons.outcome_unknown.text, isBad: true };
    case "sent":
      return { words: staysHere(provider) ? "Test only, not sent" : "Sent", isBad: false };
    default:
      return { words: "Being sent", isBad: false };
  }
}
