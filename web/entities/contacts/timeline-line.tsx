import { Box, Link as ChakraLink, Flex, Text } from "@chakra-ui/react";
import { Link } from "@tanstack/react-router";
import {
  CircleCheck,
  CircleDot,
  Footprints,
  Inbox,
  LogIn,
  LogOut,
  type LucideIcon,
  MailOpen,
  MousePointerClick,
  Send,
  ShieldCheck,
  SkipForward,
  TriangleAlert,
} from "lucide-react";
import type { TimelineEntry } from "#contract/contact-timeline.ts";
import { RelativeTime } from "#ui/relative-time.tsx";
import { lineOf } from "./timeline-words.ts";

/** One thing that happened: what, in which flow, and when. `apart`: what it links to opens beside this page. */
export function TimelineLine({ entry, apart = false }: { entry: TimelineEntry; apart?: boolean }) {
  const { title, text, isBad } = lineOf(entry);
  const Icon = iconOf(entry);
  return (
    <Flex as="li" gap="3" py="2" borderBottomWidth="1px" borderColor="border.muted" textStyle="sm" align="flex-start">
      <Box color={isBad ? "fg.error" : "fg.muted"} pt="0.5" flexShrink="0">
        <Icon size={16} aria-hidden />
      </Box>
      <Box minW="0" flex="1">
        <Text overflowWrap="anywhere">{title}</Text>
        {text && (
          <Text color="fg.muted" lineClamp="3" whiteSpace="pre-wrap" overflowWrap="anywhere" dir="auto">
            {text}
          </Text>
        )}
        <Origin entry={entry} apart={apart} />
      </Box>
      <Box color="fg.muted" textStyle="xs" flexShrink="0" pt="0.5">
        <RelativeTime at={entry.at} />
      </Box>
    </Flex>
  );
}

function Origin({ entry, apart }: { entry: TimelineEntry; apart: boolean }) {
  if (entry.kind === "consent") {
    return entry.actorName === null ? null : (
      <Text textStyle="xs" color="fg.muted">
        Written down by {entry.actorName}
      </Text>
    );
  }
  const isTest = "isTest" in entry && entry.isTest;
  if (entry.executionId === null)
    return isTest ? (
      <Text textStyle="xs" color="fg.muted">
        Test
      </Text>
    ) : null;
  return (
    <Text textStyle="xs" color="fg.muted">
      <ChakraLink asChild color="fg.muted" textDecoration="underline">
        <Link to="/executions/$executionId" params={{ executionId: entry.executionId }} search={{}} target={apart ? "_blank" : undefined}>
          {entry.flowName ?? "A flow"}
        </Link>
      </ChakraLink>
      {isTest && " · Test"}
    </Text>
  );
}

function iconOf(entry: TimelineEntry): LucideIcon {
  switch (entry.kind) {
    case "message":
      return Send;
    case "reply":
      return Inbox;
    case "begun":
      return LogIn;
    case "ended":
      return entry.status === "completed" ? CircleCheck : entry.status === "cancelled" ? LogOut : TriangleAlert;
    case "step":
      return entry.status === "failed"
        ? TriangleAlert
        : entry.status === "skipped"
          ? SkipForward
          : entry.nodeType === "start"
            ? CircleDot
            : Footprints;
    case "tracked":
      return entry.what === "click" ? MousePointerClick : MailOpen;
    case "consent":
      return ShieldCheck;
  }
}
