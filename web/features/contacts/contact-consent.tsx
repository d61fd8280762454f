import { Box, Flex, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { ShieldBan } from "lucide-react";
import type { ReactNode } from "react";
import type { Contact } from "#contract/contacts.ts";
import { type Channel, channels } from "#contract/messages.ts";
import type { Suppression } from "#contract/suppressions.ts";
import { LoadError } from "#ui/load-error.tsx";
import { useZone } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { consentMarks, type Mark } from "#web/entities/contacts/consent-badges.tsx";
import { contactReachQuery } from "#web/entities/contacts/contact-queries.ts";
import { SuppressionLine } from "#web/entities/suppressions/suppression-line.tsx";
import { suppressionsOfContactQuery } from "#web/entities/suppressions/suppression-queries.ts";
import { ConsentHistory } from "./consent-history.tsx";
import { closedWords, reachWords } from "./reach-words.ts";
import { RecordConsent } from "./record-consent.tsx";

/** Everything that keeps messages from a contact: their own wishes, and addresses on the suppression list. */
export function ContactConsent({ contact }: { contact: Contact }) {
  const marks = consentMarks(contact, useZone());
  const suppressions = useQuery(suppressionsOfContactQuery(contact.id));
  const closed = suppressions.data?.items ?? [];
  const isTold = (channel: Channel) =>
    marks.some((mark) => mark.channel === channel || mark.channel === "all") || closed.some((one) => one.channel === channel);
  const untold = channels.filter((channel) => !isTold(channel));
  return (
    <Stack gap="1.5">
      {(marks.length > 0 || closed.length > 0) && (
        <Stack as="ul" gap="1.5" listStyleType="none">
          {(["all", "sms", "email"] as const).map((channel) => (
            <Closed
              key={channel}
              marks={marks.filter((mark) => mark.channel === channel)}
              closed={closed.filter((suppression) => suppression.channel === channel)}
            />
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
        untold.length > 0 && <Reach contact={contact} of={untold} />
      )}
      <RecordConsent contact={contact} />
      <ConsentHistory contact={contact} />
    </Stack>
  );
}

/**
 * Says by which channels a contact can be written to whom no mark and no suppression excludes, as the gate would decide. Where some are told
 * already, it says only what keeps messages from the others, such as what the contact asked for under an earlier number.
 */
function Reach({ contact, of }: { contact: Contact; of: readonly Channel[] }) {
  const reach = useQuery(contactReachQuery(contact.id));
  if (reach.isError)
    return (
      <LoadError error={reach.error} title="Whether messages can reach them could not be loaded" onRetry={() => void reach.refetch()} />
    );
  if (reach.isPending) return <SkeletonRows rows={1} columns={["60%"]} label="Loading whether messages can reach them" />;
  if (of.length === channels.length) return <Text textStyle="sm">{reachWords(reach.data)}</Text>;
  const words = closedWords(reach.data, of);
  return words === "" ? null : <Text textStyle="sm">{words}</Text>;
}

/** One channel and everything that closes it. A wish that stands with the contact and on the suppression list is one thing, and is told once. */
function Closed({ marks, closed }: { marks: readonly Mark[]; closed: readonly Suppression[] }) {
  const [mark] = marks;
  if (!mark && closed.length === 0) return null;
  const Icon = mark?.icon ?? ShieldBan;
  return (
    <Item icon={<Icon size={16} aria-hidden />} color={mark ? `status.${mark.tone}` : "status.failed"}>
      <Stack gap="1">
        {marks.map(({ word, why }) => (
          <Text key={word}>{why}</Text>
        ))}
        {closed.map((suppression) => (
          <SuppressionLine key={suppression.id} suppression={suppression} />
        ))}
      </Stack>
    </Item>
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
