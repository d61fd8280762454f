import { Box, Heading, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import type { Consent } from "#contract/consents.ts";
import { formatExact } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { useZone } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { contactConsentsQuery } from "#web/entities/contacts/contact-queries.ts";

const channelWords = { sms: "SMS", email: "e-mail", all: "all messages" } as const;
const sourceWords: Record<string, string> = {
  manual: "set by hand",
  import: "from an import",
  flow: "by a flow",
  unsubscribe: "by the link of an e-mail",
  complaint: "by reporting an e-mail as spam",
  form: "on a web form",
  paper: "on paper",
  spoken: "by word of mouth",
  message: "in a message of theirs",
  other: "in another way",
};

/** "Opted out of SMS, set by hand": what happened, and how it is known. */
const what = ({ channel, state, source }: Consent): string => {
  const act = channel === "all" && state === "opted_out" ? "Marked do-not-contact" : undefined;
  const words = act ?? `${state === "opted_in" ? "Opted in to" : "Opted out of"} ${channelWords[channel]}`;
  return source === null ? words : `${words}, ${sourceWords[source] ?? source}`;
};

/** Everything that the contact has allowed and forbidden. Nothing is shown where there is no entry. */
export function ConsentHistory({ contactId }: { contactId: string }) {
  const consents = useQuery(contactConsentsQuery(contactId));
  const zone = useZone();
  if (consents.isError)
    return <LoadError error={consents.error} title="The history of consent could not be loaded" onRetry={() => void consents.refetch()} />;
  if (consents.isPending) return <SkeletonRows rows={1} columns={["60%"]} label="Loading the history of consent" />;
  if (consents.data.items.length === 0) return null;
  return (
    <Box mt="3">
      <Heading as="h4" textStyle="xs" color="fg.muted" mb="1.5">
        History of consent
      </Heading>
      <Stack as="ol" gap="2" listStyleType="none">
        {consents.data.items.map((entry) => (
          <Box as="li" key={entry.id} textStyle="sm">
            <Text>{what(entry)}</Text>
            {entry.evidence && <Text overflowWrap="anywhere">“{entry.evidence}”</Text>}
            {entry.textShown && (
              <Text overflowWrap="anywhere" whiteSpace="pre-line" textStyle="xs" borderStartWidth="2px" ps="2" my="1">
                Shown to them: {entry.textShown}
              </Text>
            )}
            <Text color="fg.muted" textStyle="xs">
              {formatExact(entry.givenAt, zone)}
              {entry.actorName && `, written down by ${entry.actorName}`}
            </Text>
          </Box>
        ))}
      </Stack>
    </Box>
  );
}
