import { Box, Heading, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import type { Contact } from "#contract/contacts.ts";
import { formatExact } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { useZone } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { addressWords, consentWords } from "#web/entities/contacts/consent-words.ts";
import { contactConsentsQuery } from "#web/entities/contacts/contact-queries.ts";

/** Everything that the contact has allowed and forbidden. Nothing is shown where there is no entry. */
export function ConsentHistory({ contact }: { contact: Contact }) {
  const consents = useQuery(contactConsentsQuery(contact.id));
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
            <Text>{consentWords(entry)}</Text>
            {addressWords(entry, contact) && <Text overflowWrap="anywhere">{addressWords(entry, contact)}</Text>}
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
