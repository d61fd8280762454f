import { Box, Flex, Heading, Text } from "@chakra-ui/react";
import { messageLimits, type Queue } from "#contract/queue.ts";
import { formatCount, momentWords, zoneName } from "#ui/format.ts";
import { ProgressBar } from "#ui/progress-bar.tsx";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { LimitRow } from "./limit-row.tsx";

/** How much of the workspace runs at once, and how fast each channel sends. */
export function LimitList({ queue, editable, zone }: { queue: Queue; editable: boolean; zone: string }) {
  return (
    <Box as="section" aria-labelledby="queue-limits">
      <Heading as="h2" id="queue-limits" textStyle="md" fontWeight="600" mb="2">
        Limits
      </Heading>
      <Box role="list" borderWidth="1px" borderRadius="l2" css={{ "& > * + *": { borderTopWidth: "1px" } }}>
        <LimitRow
          label="Parallel batches"
          value={queue.lanes.limit}
          min={1}
          max={64}
          field="Parallel batches at once"
          help="Portions of up to 500 enrollments that are worked on at once, all sends of the workspace together. Four for each worker, unless you set a number."
          optional={false}
          toLimits={(lanes) => ({ lanes: lanes ?? 1 })}
          editable={editable}
        >
          <Flex gap="3" align="center">
            <span>
              {formatCount(queue.lanes.used)} of {formatCount(queue.lanes.limit)} in use
            </span>
            <Box width="24" aria-hidden>
              <ProgressBar value={queue.lanes.used} max={queue.lanes.limit} label="Parallel batches in use" />
            </Box>
          </Flex>
        </LimitRow>
        <LimitRow
          label="Messages to one contact"
          value={queue.messages.perContactDay}
          min={1}
          max={messageLimits.perContactDay.most}
          field="Messages within a day"
          help="On all channels together. What would be more is skipped, and the history says so."
          optional={false}
          toLimits={(perContactDay) => ({ messages: { perContactDay } })}
          editable={editable}
        >
          {formatCount(queue.messages.perContactDay)} within a day
        </LimitRow>
        <LimitRow
          label="All messages of an hour"
          value={queue.messages.perHour}
          min={1}
          max={messageLimits.perHour.most}
          field="Messages within an hour"
          help="On all channels together. What would be more waits for the next hour."
          optional={false}
          toLimits={(perHour) => ({ messages: { perHour } })}
          editable={editable}
        >
          {formatCount(queue.messages.usedThisHour)} of {formatCount(queue.messages.perHour)} within this hour
          {queue.messages.nextHourAt && queue.messages.usedThisHour >= queue.messages.perHour && (
            <Text as="span" display="block" color="fg.warning">
              The limit is reached. Messages wait until {momentWords(queue.messages.nextHourAt, Date.parse(queue.at), zone)} (
              {zoneName(zone)}).
            </Text>
          )}
        </LimitRow>
        <LimitRow
          label="All messages of a day"
          value={queue.messages.perDay}
          min={1}
          max={messageLimits.perDay.most}
          field="Messages of all contacts within a day"
          help="On all channels together. What would be more waits for the next day, and the history says so."
          optional={false}
          toLimits={(perDay) => ({ messages: { perDay } })}
          editable={editable}
        >
          {formatCount(queue.messages.usedThisDay)} of {formatCount(queue.messages.perDay)} within this day
          {queue.messages.nextDayAt && queue.messages.usedThisDay >= queue.messages.perDay && (
            <Text as="span" display="block" color="fg.warning">
              The limit is reached. Messages wait until {momentWords(queue.messages.nextDayAt, Date.parse(queue.at), zone)} (
              {zoneName(zone)}
              ).
            </Text>
          )}
        </LimitRow>
        {queue.channels.map(({ channel, perMinute, free, closedUntil }) => (
          <LimitRow
            key={channel}
            label={channelLook[channel].name}
            value={perMinute}
            min={1}
            max={1_000_000}
            field="Messages a minute"
            help="Empty: no limit, as fast as the provider takes them."
            optional
            toLimits={(next) => ({ channels: [{ channel, perMinute: next }] })}
            editable={editable}
          >
            {perMinute === null
              ? "No limit"
              : `${formatCount(perMinute)} a minute${free === null ? "" : `, ${formatCount(free)} free now`}`}
            {closedUntil && (
              <Text as="span" display="block" color="fg.warning">
                Paused until {momentWords(closedUntil, Date.parse(queue.at), zone)} ({zoneName(zone)}): its provider kept failing or asked
                for a pause
              </Text>
            )}
          </LimitRow>
        ))}
      </Box>
      <Text mt="2" textStyle="xs" color="fg.muted">
        {editable
          ? "Changes apply at once, also to sends that are running. Every change is in the audit log."
          : "Admins and owners change these."}
      </Text>
    </Box>
  );
}
