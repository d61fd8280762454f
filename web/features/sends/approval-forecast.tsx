import { Box, Heading, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import type { Forecast } from "#contract/forecasts.ts";
import { reasons } from "#contract/reasons.ts";
import { formatCount, momentWords, plural } from "#ui/format.ts";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { shownForecastQuery } from "#web/entities/sends/approval-query.ts";

/** The figures that whoever asked was shown: who starts, which messages leave and when, and who gets nothing and why. */
export function ApprovalForecast({ id, now, zone }: { id: string; now: number; zone: string }) {
  const { data, error } = useQuery(shownForecastQuery(id));
  const told = data?.forecast;
  return (
    <Box as="section" aria-labelledby="approval-forecast">
      <Heading as="h3" id="approval-forecast" textStyle="sm" fontWeight="600" mb="1">
        Forecast
      </Heading>
      {error ? (
        <Text textStyle="sm" color="fg.muted" role="alert">
          The forecast could not be read. {error.message}
        </Text>
      ) : told ? (
        <Stack gap="1" textStyle="sm">
          {linesOf(told, now, zone).map((line) => (
            <Text key={line}>{line}</Text>
          ))}
          <Text color="fg.muted">Made {momentWords(told.at, now, zone)}.</Text>
        </Stack>
      ) : (
        <Text textStyle="sm" color="fg.muted" role="status">
          Reading the forecast…
        </Text>
      )}
    </Box>
  );
}

function linesOf({ total, willStart, willNotStart, nothing, channels, firstAt, lastAt }: Forecast, now: number, zone: string): string[] {
  const messages = channels
    .filter((channel) => channel.messages > 0)
    .map(({ channel, messages, segments }) => {
      const parts = segments !== null && segments !== messages ? ` (${plural(segments, "part")})` : "";
      return `${formatCount(messages)} ${channelLook[channel].noun}${parts}`;
    });
  const when =
    firstAt && lastAt
      ? firstAt === lastAt
        ? `, ${momentWords(firstAt, now, zone)}`
        : `, the first ${momentWords(firstAt, now, zone)} and the last ${momentWords(lastAt, now, zone)}`
      : "";
  return [
    `${formatCount(willStart)} of ${plural(total, "contact")} would start.`,
    messages.length > 0 ? `${messages.join(" and ")} would leave${when}.` : "No message would leave.",
    ...willNotStart.map(({ reason, contacts }) => `${plural(contacts, "contact")} would not start: ${reasons[reason].text}.`),
    ...(nothing > 0 ? [`${plural(nothing, "contact")} would start and get no message.`] : []),
  ];
}
