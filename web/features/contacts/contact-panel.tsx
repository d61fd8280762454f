import { Box, Flex, Heading, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { Pencil, Play, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import type { Contact } from "#contract/contacts.ts";
import { Button } from "#ui/button.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { SidePanel } from "#ui/side-panel.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { contactQuery } from "#web/entities/contacts/contact-queries.ts";
import { Missing } from "#web/entities/workspace/missing.tsx";
import { isApiError } from "#web/lib/api-error.ts";
import { BinnedContact } from "./binned-contact.tsx";
import { ContactConsent } from "./contact-consent.tsx";
import { ContactHistory } from "./contact-history.tsx";

interface ContactPanelProps {
  /** Null: closed. */
  contactId: string | null;
  onClose: () => void;
  /** Absent for those who may only read. */
  actions?: { sendFlow: (contact: Contact) => void; edit: (contact: Contact) => void; remove: (contact: Contact) => void };
}

/** The details of a contact: addresses, consent, other imported columns, and the flows it was sent. */
export function ContactPanel({ contactId, onClose, actions }: ContactPanelProps) {
  const contact = useQuery({ ...contactQuery(contactId ?? ""), enabled: contactId !== null });
  return (
    <SidePanel
      open={contactId !== null}
      onClose={onClose}
      modal={false}
      title={contact.data?.displayName ?? "Contact"}
      footer={
        actions &&
        contact.data && (
          <Flex gap="2" width="full">
            <Button tone="primary" icon={Play} onClick={() => actions.sendFlow(contact.data)}>
              Send Flow
            </Button>
            <Button icon={Pencil} onClick={() => actions.edit(contact.data)}>
              Edit
            </Button>
            <Box flex="1" />
            <IconButton icon={Trash2} label="Delete contact" tone="danger" onClick={() => actions.remove(contact.data)} />
          </Flex>
        )
      }
    >
      {contact.isError ? (
        <MissingContact
          contactId={contactId}
          mayRestore={actions !== undefined}
          error={contact.error}
          onRetry={() => void contact.refetch()}
        />
      ) : contact.data ? (
        <Stack gap="6">
          <Facts contact={contact.data} />
          <Section title="Consent">
            <ContactConsent contact={contact.data} />
          </Section>
          <Metadata metadata={contact.data.metadata} />
          <Section title="Flows">
            <ContactHistory contactId={contact.data.id} />
          </Section>
        </Stack>
      ) : (
        <SkeletonRows rows={6} columns={["30%", "55%"]} label="Loading the contact" />
      )}
    </SidePanel>
  );
}

interface MissingContactProps {
  contactId: string | null;
  mayRestore: boolean;
  error: Error;
  onRetry: () => void;
}

/** A contact that cannot be read: it may be in the bin. */
function MissingContact({ contactId, mayRestore, error, onRetry }: MissingContactProps) {
  const told = { error, title: "This contact could not be loaded", onRetry };
  const failure = contactId === null ? <LoadError {...told} /> : <Missing kind="contact" id={contactId} {...told} />;
  const mayBeInBin = contactId !== null && isApiError(error, "contact_not_found");
  return mayBeInBin ? <BinnedContact contactId={contactId} mayRestore={mayRestore} otherwise={failure} /> : failure;
}

function Section({ title, children }: { title: string; children: ReactNode }) {
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

function Facts({ contact }: { contact: Contact }) {
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
function Metadata({ metadata }: { metadata: Contact["metadata"] }) {
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
