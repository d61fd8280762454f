import { Box, Flex, Heading, Text } from "@chakra-ui/react";
import type { ReactNode } from "react";
import type { Contact } from "#contract/contacts.ts";
import { RelativeTime } from "#ui/relative-time.tsx";

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box as="section">
      <Heading as="h3" textStyle="label" color="fg.muted" mb="2">
        {title}
      </Heading>
      {children}
    </Box>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Flex gap="3" minHeight="7" align="baseline" textStyle="sm">
      <Text as="dt" width="28" flexShrink="0" color="fg.muted">
        {label}
      </Text>
      <Text as="dd" m="0" minWidth="0" overflowWrap="anywhere">
        {children || (
          <Text as="span" color="fg.subtle">
            –
          </Text>
        )}
      </Text>
    </Flex>
  );
}

/** The addresses and states of a contact. */
export function Facts({ contact }: { contact: Contact }) {
  const { phoneE164, phoneNumber, email, leadStatus, conversationStatus, timeZone, createdAt, updatedAt } = contact;
  return (
    <Box as="dl">
      <Fact label="Phone">
        {phoneE164 ?? phoneNumber}
        {phoneE164 && phoneNumber && phoneE164 !== phoneNumber && (
          <Text as="span" color="fg.muted">
            {" "}
            (given as {phoneNumber})
          </Text>
        )}
      </Fact>
      <Fact label="E-mail">{email}</Fact>
      <Fact label="Lead status">{leadStatus}</Fact>
      <Fact label="Conversation">{conversationStatus}</Fact>
      <Fact label="Time zone">{timeZone}</Fact>
      <Fact label="Added">
        <RelativeTime at={createdAt} />
      </Fact>
      <Fact label="Changed">
        <RelativeTime at={updatedAt} />
      </Fact>
    </Box>
  );
}

/** Columns of an import that had no field of their own. */
export function Metadata({ metadata }: { metadata: Contact["metadata"] }) {
  const entries = Object.entries(metadata);
  if (entries.length === 0) return null;
  return (
    <Section title="More">
      <Box as="dl">
        {entries.map(([name, value]) => (
          <Fact key={name} label={name}>
            {typeof value === "string" ? value : JSON.stringify(value)}
          </Fact>
        ))}
      </Box>
    </Section>
  );
}
