import { Box, Flex, Icon, Text } from "@chakra-ui/react";
import { CalendarClock, CirclePause, CircleSlash, type LucideIcon, ShieldQuestionMark, Timer, Undo2 } from "lucide-react";
import type { ReactNode } from "react";
import { isSendGoing, type Send } from "#contract/sends.ts";
import { Button } from "#ui/button.tsx";
import { isolated, momentWords, plural, zoneName } from "#ui/format.ts";
import { RelativeTime } from "#ui/relative-time.tsx";
import { UndoOffer } from "#ui/undo-offer.tsx";
import { dripWords, isBeforeStart, startWords } from "#web/entities/schedule/schedule-words.ts";
import { mayUndo } from "#web/entities/sends/send-state.ts";
import { afterUndo } from "#web/entities/sends/undo-send.ts";
import { serverNow, toOwnClock } from "#web/lib/server-clock.ts";
import { ApprovalComment } from "./approval-comment.tsx";
import { nextRoundWords } from "./next-round-words.ts";
import type { SendControls } from "./use-send-controls.tsx";

interface SendSituationProps {
  send: Send;
  /** Absent for people who may only read. */
  controls: SendControls | null;
  now: number;
  zone: string;
}

/** Says what a send waits for, or who paused, stopped or undid it and when. Renders nothing while the send simply runs. */
export function SendSituation({ send, controls, now, zone }: SendSituationProps) {
  const { state, drip, start, undoUntil, active } = send;
  const isGoing = isSendGoing(state);
  const isScheduled = isGoing && isBeforeStart(start, now, zone);
  const change = controls && (
    <Button size="xs" aria-label="Change when it is sent" onClick={() => controls.reschedule(send)}>
      Change
    </Button>
  );
  const undo = controls && undoUntil && mayUndo(send, serverNow());
  if (undo) {
    return (
      <Strip icon={Undo2} tone="info">
        <Box maxW="sm">
          <UndoOffer
            what={afterUndo(send, now, zone)}
            until={toOwnClock(undoUntil)}
            length={Date.parse(undoUntil) - Date.parse(send.createdAt)}
            onUndo={() => void controls.undo(send)}
            busy={controls.undoing}
          />
        </Box>
      </Strip>
    );
  }
  if (state === "paused") {
    return (
      <Strip icon={CirclePause} tone="warning">
        <By send={send}>Paused</By>. Nothing leaves until it is resumed; delays go on counting.
      </Strip>
    );
  }
  if (state === "awaiting_approval") {
    return (
      <Strip icon={ShieldQuestionMark} tone="info">
        Waits for the approval of an admin. Nothing of it has begun.
      </Strip>
    );
  }
  if (send.approval === "refused" || send.approval === "withdrawn") {
    return (
      <Strip icon={send.approval === "refused" ? CircleSlash : Undo2} tone="quiet">
        <By send={send}>{send.approval === "refused" ? "Refused" : "Withdrawn"}</By>. Nothing of it has left.
        <ApprovalComment send={send} />
      </Strip>
    );
  }
  if (state === "stopped") {
    return (
      <Strip icon={CircleSlash} tone="quiet">
        <By send={send}>Stopped</By>. Nothing else leaves
        {active > 0 ? `; ${plural(active, "contact is", "contacts are")} being ended or in flight.` : "."}
      </Strip>
    );
  }
  if (state === "undone") {
    return (
      <Strip icon={Undo2} tone="quiet">
        <By send={send}>Undone</By>. No message had left.
      </Strip>
    );
  }
  if (isScheduled && start) {
    return (
      <Strip icon={CalendarClock} tone="quiet" action={change}>
        Begins {startWords(start, now, zone)}
        {drip ? `, ${dripWords(drip, zone)}.` : ", everybody at once."}
      </Strip>
    );
  }
  if (isGoing && drip) {
    return (
      <Strip icon={Timer} tone="quiet" action={change}>
        {[`${dripWords(drip, zone)}.`, nextRoundWords(send, drip, now, zone)].join(" ")}
      </Strip>
    );
  }
  if (isGoing && send.notLaterThan) {
    return (
      <Strip icon={CalendarClock} tone="quiet">
        {Date.parse(send.notLaterThan) > now ? "Nothing leaves after" : "Nothing leaves any more since"}{" "}
        {momentWords(send.notLaterThan, now, zone)} ({zoneName(zone)}). What has not left by then is skipped.
      </Strip>
    );
  }
  return null;
}

function By({ send, children }: { send: Send; children: string }) {
  return (
    <Text as="span" fontWeight="500">
      {children}
      {send.changedByName ? ` by ${isolated(send.changedByName)}` : ""}
      {send.changedAt && (
        <>
          {" "}
          <RelativeTime at={send.changedAt} />
        </>
      )}
    </Text>
  );
}

interface StripProps {
  icon: LucideIcon;
  tone: "info" | "warning" | "quiet";
  action?: ReactNode;
  children: ReactNode;
}

function Strip({ icon: Glyph, tone, action, children }: StripProps) {
  return (
    <Flex
      role="status"
      align="center"
      gap="2.5"
      px={{ base: "4", md: "6" }}
      minH="11"
      py="2"
      bg={tone === "quiet" ? "bg.subtle" : `bg.${tone}`}
      borderBottomWidth="1px"
      textStyle="sm"
      flexShrink={0}
    >
      <Icon boxSize="4" color={tone === "quiet" ? "fg.muted" : `fg.${tone}`} flexShrink={0}>
        <Glyph aria-hidden />
      </Icon>
      <Box flex="1" minW="0">
        {children}
      </Box>
      {action}
    </Flex>
  );
}
