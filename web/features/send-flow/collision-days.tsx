import { Box, Flex, Stack, Table, Text, VisuallyHidden } from "@chakra-ui/react";
import { CalendarClock, UserRoundX } from "lucide-react";
import type { Collisions } from "#contract/collisions.ts";
import { mostLeftOut } from "#contract/who-not.ts";
import { Button } from "#ui/button.tsx";
import { formatCount, momentWords, plural } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { momentOfText, tomorrowAtNine } from "#web/entities/schedule/zoned-time.ts";
import { serverNow } from "#web/lib/server-clock.ts";

interface CollisionDaysProps {
  collisions: Collisions;
  zone: string;
  leftOut: readonly string[];
  onLeaveOut: (contactIds: readonly string[]) => void;
  onStartAt: (at: string) => void;
  disabled: boolean;
}

/** The next days with the messages that the contacts get from each flow, who gets as many as they may, and what can be done about it. */
export function CollisionDays({ collisions, zone, leftOut, onLeaveOut, onStartAt, disabled }: CollisionDaysProps) {
  const { days, who, planned, lastAt, unfollowed, contacts } = collisions;
  const full = who.filter(({ isFull }) => isFull);
  const getting = who.filter(({ messages }) => messages > 0);
  const startAt = lastAt === null ? null : tomorrowAtNine(Date.parse(lastAt), zone);
  return (
    <Stack gap="3" p="3" textStyle="sm">
      {planned === 0 ? (
        <Text>{`None of these ${formatCount(contacts)} contacts gets a message of another flow in the next 7 days.`}</Text>
      ) : (
        <>
          <Text>{`In the next 7 days ${plural(planned, "of these contacts already gets", "of these contacts already get")}:`}</Text>
          <Days days={days} />
        </>
      )}
      {full.length > 0 && (
        <Notice status="warning" title={`${plural(full.length, "contact has", "contacts have")} as many marketing messages as they may`}>
          <Text>{capWords(collisions)}</Text>
          <Text color="fg.muted" overflowWrap="anywhere">
            {namesOf(full)}
          </Text>
        </Notice>
      )}
      {unfollowed > 0 && (
        <Text color="fg.muted">
          {`${plural(unfollowed, "enrollment was", "enrollments were")} not followed to the last day, so there may be more messages than these.`}
        </Text>
      )}
      {(full.length > 0 || getting.length > 0) && (
        <Flex gap="2" wrap="wrap">
          {full.length > 0 && (
            <LeaveOut
              label={`Leave out the ${formatCount(full.length)} at the limit`}
              ids={full.map(({ contactId }) => contactId)}
              {...{ leftOut, onLeaveOut, disabled }}
            />
          )}
          {getting.length > 0 && getting.some(({ isFull }) => !isFull) && (
            <LeaveOut
              label={`Leave out ${getting.length === 1 ? "who gets" : `all ${formatCount(getting.length)} who get`} something`}
              ids={getting.map(({ contactId }) => contactId)}
              {...{ leftOut, onLeaveOut, disabled }}
            />
          )}
          {startAt !== null && (
            <Button size="xs" icon={CalendarClock} onClick={() => onStartAt(startAt)} disabled={disabled}>
              {`Start after that, ${momentWords(new Date(momentOfText(startAt, zone) ?? 0).toISOString(), serverNow(), zone)}`}
            </Button>
          )}
        </Flex>
      )}
    </Stack>
  );
}

interface LeaveOutProps extends Pick<CollisionDaysProps, "leftOut" | "onLeaveOut" | "disabled"> {
  label: string;
  ids: readonly string[];
}

/** Takes these contacts out of the send; pressed once more, it takes them in again. */
function LeaveOut({ label, ids, leftOut, onLeaveOut, disabled }: LeaveOutProps) {
  const isDone = ids.every((id) => leftOut.includes(id));
  const next = isDone ? leftOut.filter((id) => !ids.includes(id)) : [...new Set([...leftOut, ...ids])];
  return (
    <Button
      size="xs"
      icon={UserRoundX}
      onClick={() => onLeaveOut(next)}
      disabled={disabled || next.length > mostLeftOut}
      aria-pressed={isDone}
    >
      {label}
    </Button>
  );
}

function Days({ days }: Pick<Collisions, "days">) {
  const flows = new Map(days.flatMap((day) => day.flows.map(({ flowId, flowName }) => [flowId, flowName] as const)));
  const most = Math.max(...days.map(({ messages }) => messages), 1);
  const countOf = (day: Collisions["days"][number], flowId: string) => day.flows.find((flow) => flow.flowId === flowId)?.messages ?? 0;
  return (
    <Table.Root size="sm" css={{ tableLayout: "fixed", "& th, & td": { px: "1", py: "1", textAlign: "center", borderBottomWidth: "0" } }}>
      <caption>
        <VisuallyHidden>Messages by day and flow</VisuallyHidden>
      </caption>
      <Table.Header>
        <Table.Row>
          {days.map(({ date }) => (
            <Table.ColumnHeader key={date} scope="col" fontWeight="normal" color="fg.muted">
              {dayName(date, { weekday: "short" })}
              <Box as="span" display="block">
                {dayName(date, { day: "numeric" })}
              </Box>
            </Table.ColumnHeader>
          ))}
        </Table.Row>
      </Table.Header>
      {[...flows].map(([flowId, flowName]) => (
        <Table.Body key={flowId}>
          <Table.Row>
            <Table.ColumnHeader scope="rowgroup" colSpan={days.length} css={{ textAlign: "start !important" }} overflowWrap="anywhere">
              {flowName}
            </Table.ColumnHeader>
          </Table.Row>
          <Table.Row>
            {days.map((day) => {
              const count = countOf(day, flowId);
              return (
                <Table.Cell key={day.date} fontVariantNumeric="tabular-nums" color={count === 0 ? "fg.muted" : undefined}>
                  <Box
                    borderRadius="l1"
                    py="0.5"
                    bg={count === 0 ? undefined : "bg.info"}
                    css={{ opacity: 1, fontWeight: count * 2 > most ? 600 : 400 }}
                  >
                    {formatCount(count)}
                  </Box>
                </Table.Cell>
              );
            })}
          </Table.Row>
        </Table.Body>
      ))}
    </Table.Root>
  );
}

/** A date without a time is the same day everywhere. */
const dayName = (date: string, how: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat("en", { ...how, timeZone: "UTC" }).format(new Date(`${date}T12:00:00Z`));

function capWords({ cap: { perDay, perWeek } }: Collisions): string {
  const parts = [
    ...(perDay === null ? [] : [`${formatCount(perDay)} a day`]),
    ...(perWeek === null ? [] : [`${formatCount(perWeek)} in seven days`]),
  ];
  return `At most ${parts.join(" and ")}. Marketing messages of this send may not leave to them.`;
}

const fewNames = 5;
function namesOf(who: Collisions["who"]): string {
  const named = who.slice(0, fewNames).map(({ name }) => name ?? "No name");
  const more = who.length - named.length;
  return more > 0 ? `${named.join(", ")} and ${formatCount(more)} more` : named.join(", ");
}
