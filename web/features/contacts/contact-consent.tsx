import { Box, Flex, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { ShieldBan } from "lucide-react";
import type { ReactNode } from "react";
import type { Contact } from "#contract/contacts.ts";
import { LoadError } from "#ui/load-error.tsx";
import { useZone } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { consentMarks } from "#web/entities/contacts/consent-badges.tsx";
import { SuppressionLine } from "#web/entities/suppressions/suppression-line.tsx";
import { suppressionsOfContactQuery } from "#web/entities/suppressions/suppression-queries.ts";
import { ConsentHistory } from "./consent-history.tsx";
import { RecordConsent } from "./record-consent.tsx";

/** By which channels a contact can be written to whom no consent mark excludes. */
function reachWords({ phoneE164, email }: Contact): string {
  if (phoneE164 && email) return "Can receive SMS and e-mail";
  if (phoneE164) return "Can receive SMS; there is no e-mail address";
  return email ? "Can receive e-mail; there is no number for SMS" : "There is no number and no address to write to";
}

/** Everything that keeps messages from a contact: their own wishes, and addresses on the suppression list. */
export function ContactConsent({ contact }: { contact: Contact }) {
  const marks = consentMarks(contact, useZone());
  const suppressions = useQuery(suppressionsOfContactQuery(contact.id));
  const closed = suppressions.data?.items ?? [];
  return (
    <Stack gap="1.5">
      {(marks.length > 0 || closed.length > 0) && (
        <Stack as="ul" gap="1.5" listStyleType="none">
          {marks.map(({ word, why, icon: Icon, tone }) => (
            <Item key={word} icon={<Icon size={16} aria-hidden />} color={`status.${tone}`}>
              <Text>{why}</Text>
            </Item>
          ))}
          {closed.map((suppression) => (
            <Item key={suppression.id} icon={<ShieldBan size={16} aria-hidden />} color="status.failed">
              <SuppressionLine suppression={suppression} />
            </Item>
          ))}
        </Stack>
      )}
      {suppressions.isError ? (
        <LoadError
          error={suppressions.error}
          title="Whether an address is on the suppression list could not be loaded"
          onRetry={() => void suppressions.refetch()}
        />
      ) : suppressions.isPending ? (
        <SkeletonRows rows={1} columns={["60%"]} label="Loading the suppression list" />
      ) : (
        marks.length === 0 && closed.length === 0 && <Text textStyle="sm">{reachWords(contact)}</Text>
      )}
      <RecordConsent contact={contact} />
      <ConsentHistory contactId={contact.id} />
    </Stack>
  );
}

function Item({ icon, color, children }: { icon: ReactNode; color: string; children: ReactNode }) {
  return (
    <Flex as="li" gap="2" textStyle="sm" align="flex-start">
      <Box color={color} pt="0.5" flexShrink="0">
        {icon}
      </Box>
      <Box minWidth="0" flex="1">
        {children}
      </Box>
    </Flex>
  );
}
