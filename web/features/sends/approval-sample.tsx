import { Box, Flex, Heading, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import type { ContactForecast } from "#contract/forecasts.ts";
import { reasons } from "#contract/reasons.ts";
import { Button } from "#ui/button.tsx";
import { momentWords } from "#ui/format.ts";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { approvalSampleQuery } from "#web/entities/sends/approval-query.ts";

interface ApprovalSampleProps {
  sendId: string;
  hash: string;
  now: number;
  zone: string;
}

/** The messages as the first contact of the audience would get them. */
export function ApprovalSample({ sendId, hash, now, zone }: ApprovalSampleProps) {
  const sample = useQuery(approvalSampleQuery(sendId, hash));
  return (
    <Box as="section" aria-labelledby="approval-sample">
      <Heading as="h3" id="approval-sample" textStyle="sm" fontWeight="600" mb="1">
        Messages{sample.data?.name ? ` to ${sample.data.name}` : ""}
      </Heading>
      {sample.isPending ? (
        <Text textStyle="sm" color="fg.muted" role="status">
          Filling in the messages…
        </Text>
      ) : sample.data ? (
        <Messages sample={sample.data} now={now} zone={zone} />
      ) : (
        <Flex role="alert" gap="2" align="center" textStyle="sm" color="fg.muted" wrap="wrap">
          The messages could not be filled in. {sample.error.message}
          <Button size="xs" onClick={() => void sample.refetch()} busy={sample.isFetching}>
            Retry
          </Button>
        </Flex>
      )}
    </Box>
  );
}

function Messages({ sample: { notStarted, steps }, now, zone }: { sample: ContactForecast; now: number; zone: string }) {
  if (notStarted) return <Text textStyle="sm">This contact would not start: {reasons[notStarted].text}.</Text>;
  const told = steps.filter(({ message, reason }) => message || reason);
  if (told.length === 0) return <Text textStyle="sm">This contact would get no message.</Text>;
  return (
    <Stack as="ol" listStyleType="none" gap="2">
      {told.map(({ nodeId, visit, attempt, label, message, reason, at }) => (
        <Box as="li" key={`${nodeId} ${visit} ${attempt}`} borderWidth="1px" borderRadius="l2" px="3" py="2" textStyle="sm">
          <Text color="fg.muted" textStyle="xs">
            {label} · {momentWords(at, now, zone)}
            {message && ` · ${channelLook[message.channel].noun} to ${message.to}`}
          </Text>
          {message ? (
            <>
              {message.subject !== null && <Text fontWeight="500">{message.subject}</Text>}
              <Text whiteSpace="pre-wrap" overflowWrap="anywhere">
                {message.text}
              </Text>
            </>
          ) : (
            reason && <Text>{reasons[reason].text}.</Text>
          )}
        </Box>
      ))}
    </Stack>
  );
}
