import { Box, Flex, Stack } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Maximize2, Pencil, Play, Trash2 } from "lucide-react";
import type { Contact } from "#contract/contacts.ts";
import { Button } from "#ui/button.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { SidePanel } from "#ui/side-panel.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { contactQuery } from "#web/entities/contacts/contact-queries.ts";
import { ContactConsent } from "./contact-consent.tsx";
import { Facts, Metadata, Section } from "./contact-facts.tsx";
import { ContactHistory } from "./contact-history.tsx";
import { MissingContact } from "./missing-contact.tsx";

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
          <Box>
            <Button size="xs" asChild>
              <Link to="/contacts/$contactId" params={{ contactId: contact.data.id }} search={{}}>
                <Maximize2 aria-hidden /> Everything about this contact
              </Link>
            </Button>
          </Box>
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
