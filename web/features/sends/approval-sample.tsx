import { Box, Heading, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import type { ContactForecast } from "#contract/forecasts.ts";
import { reasons } from "#contract/reasons.ts";
import { isolated, momentWords } from "#ui/format.ts";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { ContactChoice } from "#web/entities/contacts/contact-choice.tsx";
import { approvalSampleQuery } from "#web/entities/sends/approval-query.ts";
import { RefusalNotice } from "#web/lib/refusal-notice.tsx";

interface ApprovalSampleProps {
  sendId: string;
  hash: string;
  now: number;
  zone: string;
  /** Null: the first that has values of its own, or else the first. */
  contactId: string | null;
  onChoose: (contactId: string | null) => void;
  /** How often somebody was chosen elsewhere on the page. */
  picks: number;
}

/** The messages as a contact of the audience would get them, whom one may choose. */
export function ApprovalSample({ sendId, hash, now, zone, contactId, onChoose, picks }: ApprovalSampleProps) {
  const sample = useQuery(approvalSampleQuery(sendId, hash, contactId));
  return (
    <Box as="section" aria-labelledby="approval-sample">
      <Heading as="h3" id="approval-sample" textStyle="sm" fontWeight="600" mb="1">
        Messages{sample.data?.name ? ` to ${isolated(sample.data.name)}` : ""}
      </Heading>
      <Box maxWidth="sm" mb="2">
        <ContactChoice key={picks} label="Filled in for" placeholder={sample.data?.name ?? "One of its contacts"} onChange={onChoose} />
      </Box>
      {sample.isPending ? (
        <Text textStyle="sm" color="fg.muted" role="status">
          Filling in the messages…
        </Text>
      ) : sample.data ? (
        <Messages sample={sample.data} now={now} zone={zone} />
      ) : (
        <RefusalNotice title="The messages could not be filled in" error={sample.error} onRetry={() => void sample.refetch()} />
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
