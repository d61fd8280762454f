import { Box, Link as ChakraLink, chakra, Flex, Heading, Text } from "@chakra-ui/react";
import { Link } from "@tanstack/react-router";
import { ArrowLeft, MessagesSquare, ShieldCheck } from "lucide-react";
import type { ReactNode } from "react";
import { staysHere } from "#channels/stays-here.ts";
import type { Message } from "#contract/messages.ts";
import { reasons } from "#contract/reasons.ts";
import { Button } from "#ui/button.tsx";
import { formatExact, isolated } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { Notice } from "#ui/notice.tsx";
import { RelativeTime, useZone } from "#ui/relative-time.tsx";
import { EmailView } from "#web/entities/messages/email-view.tsx";
import { MessageBadge } from "#web/entities/messages/message-badge.tsx";
import { MessageTracked } from "#web/entities/messages/message-tracked.tsx";
import { SmsBubble } from "#web/entities/messages/sms-bubble.tsx";
import { FlowOfSend } from "#web/entities/sends/flow-of-send.tsx";

interface MessageViewProps {
  message: Message;
  onClose: () => void;
  onConversation?: ((contactId: string) => void) | undefined;
}

export function MessageView({ message, onClose, onConversation }: MessageViewProps) {
  const zone = useZone();
  const isEmail = message.channel === "email";
  const isCaptured = staysHere(message.provider);
  const failed = message.reason ?? message.errorMessage;
  return (
    <Flex as="article" direction="column" flex="1" minH="0" overflowY="auto" aria-label="Message">
      <Box px={{ base: "4", md: "6" }} py="4" borderBottomWidth="1px" flexShrink={0}>
        <Flex align="flex-start" gap="2" mb="3">
          <Box display={{ base: "block", md: "none" }} ms="-2">
            <IconButton icon={ArrowLeft} label="Back to the list" tooltip="title" onClick={onClose} />
          </Box>
          <Heading as="h2" textStyle="lg" fontWeight="600" flex="1" minW="0" overflowWrap="anywhere" pt="0.5">
            {isEmail ? (message.subject ?? "No subject") : `SMS to ${isolated(message.contactName ?? message.to ?? "nobody")}`}
          </Heading>
          <Box pt="1">
            <MessageBadge message={message} />
          </Box>
        </Flex>
        <chakra.dl display="grid" gridTemplateColumns="5.5rem 1fr" gapX="3" gapY="1" textStyle="sm">
          <Fact term="To">
            {message.contactName && `${message.contactName} · `}
            {message.to ?? "no address"}
          </Fact>
          {message.from && <Fact term="From">{message.from}</Fact>}
          <Fact term="When">
            <RelativeTime at={message.sentAt ?? message.createdAt} />
            <Text as="span" color="fg.muted">{` · ${formatExact(message.sentAt ?? message.createdAt, zone)}`}</Text>
          </Fact>
          {message.flowId && (
            <Fact term="Flow">
              <FlowOfSend of={{ flowId: message.flowId, flowName: message.flowName ?? "", hasOwnGraph: message.hasOwnGraph }} />
              {message.executionId && (
                <>
                  {" · "}
                  <ChakraLink asChild textDecoration="underline">
                    <Link to="/executions/$executionId" params={{ executionId: message.executionId }} search={{}}>
                      Every step of this contact
                    </Link>
                  </ChakraLink>
                </>
              )}
            </Fact>
          )}
        </chakra.dl>
        {message.tracked && <MessageTracked tracked={message.tracked} />}
        {(isCaptured || message.isTest) && (
          <Flex align="center" gap="1.5" mt="3" textStyle="xs" color="fg.muted">
            <ShieldCheck aria-hidden size={14} />
            {isCaptured ? "Test only: it never left this machine." : "A test message."}
          </Flex>
        )}
        {onConversation && message.contactId !== null && !message.contactInBin && (
          <Box mt="3">
            <Button size="sm" icon={MessagesSquare} onClick={() => onConversation(message.contactId as string)}>
              {isCaptured ? "Answer as the contact" : "Open the conversation"}
            </Button>
          </Box>
        )}
        {failed && (
          <Box mt="3">
            <Notice
              status={message.status === "failed" || message.status === "undelivered" ? "error" : "warning"}
              title={message.reason ? reasons[message.reason].text : undefined}
            >
              {message.errorMessage}
            </Notice>
          </Box>
        )}
      </Box>
      {isEmail ? (
        <EmailView subject={message.subject} text={message.body} html={message.html} />
      ) : (
        <SmsBubble text={message.body ?? ""} segments={message.segments} />
      )}
    </Flex>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <chakra.dt color="fg.muted">{term}</chakra.dt>
      <chakra.dd minW="0" overflowWrap="anywhere">
        {children}
      </chakra.dd>
    </>
  );
}
