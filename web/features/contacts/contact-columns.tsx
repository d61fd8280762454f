import { chakra, Flex, Text } from "@chakra-ui/react";
import type { Contact } from "#contract/contacts.ts";
import type { LeadStatus } from "#contract/lead-statuses.ts";
import type { DataColumn } from "#ui/data-table/columns.ts";
import { zoneName } from "#ui/format.ts";
import { RelativeTime } from "#ui/relative-time.tsx";
import { ConsentBadges } from "#web/entities/contacts/consent-badges.tsx";
import { LeadStatusMark } from "#web/entities/lead-statuses/lead-status-mark.tsx";

function Cell({ children, muted }: { children: string | null; muted?: boolean }) {
  return (
    <span className="text" title={children ?? undefined} style={muted ? { color: "var(--chakra-colors-fg-muted)" } : undefined}>
      {children || <span style={{ color: "var(--chakra-colors-fg-subtle)" }}>–</span>}
    </span>
  );
}

/** The phone number in E.164; an invalid one as it was typed. */
const number = (contact: Contact) => contact.phoneE164 ?? contact.phoneNumber;

export const contactColumns = (statuses: readonly LeadStatus[]): readonly DataColumn<Contact>[] => [
  {
    id: "name",
    header: "Name",
    width: 170,
    grow: 1.3,
    sortable: true,
    identity: true,
    cell: (contact) => (
      <span className="text" style={{ fontWeight: 500 }} title={contact.displayName}>
        {contact.displayName}
      </span>
    ),
  },
  // As wide as 14 signs in E.164: a German mobile number is cut in its last digits otherwise, where contacts differ.
  { id: "phone", header: "Phone", width: 144, sortable: true, cell: (contact) => <Cell>{number(contact)}</Cell> },
  { id: "email", header: "E-mail", width: 165, grow: 2, sortable: true, cell: (contact) => <Cell>{contact.email}</Cell> },
  {
    id: "lead_status",
    header: "Lead status",
    width: 110,
    sortable: true,
    cell: (contact) => <LeadStatusMark value={contact.leadStatus} statuses={statuses} />,
  },
  { id: "consent", header: "Consent", width: 160, grow: 1, cell: (contact) => <ConsentBadges contact={contact} /> },
  {
    id: "conversation_status",
    header: "Conversation",
    width: 120,
    hiddenByDefault: true,
    cell: (contact) => <Cell>{contact.conversationStatus}</Cell>,
  },
  {
    id: "time_zone",
    header: "Time zone",
    width: 100,
    cell: (contact) => (
      <span className="text" title={contact.timeZone ?? "No time zone is known"}>
        <Cell muted>{contact.timeZone && zoneName(contact.timeZone)}</Cell>
      </span>
    ),
  },
  {
    id: "created_at",
    header: "Added",
    width: 100,
    grow: 0.6,
    align: "end",
    sortable: true,
    firstDirection: "desc",
    cell: (contact) => <RelativeTime at={contact.createdAt} />,
  },
  {
    id: "updated_at",
    header: "Changed",
    width: 120,
    grow: 0.6,
    align: "end",
    sortable: true,
    firstDirection: "desc",
    hiddenByDefault: true,
    cell: (contact) => <RelativeTime at={contact.updatedAt} />,
  },
];

/** A contact as a two-line row on a phone: the name above, the addresses below. */
export function CompactContact({ contact }: { contact: Contact }) {
  return (
    <Flex direction="column" gap="0.5" minWidth="0" width="full">
      <Flex gap="2" align="center" minWidth="0">
        <Text as="span" fontWeight="medium" truncate flexShrink="1">
          {contact.displayName}
        </Text>
        <ConsentBadges contact={contact} brief />
      </Flex>
      <chakra.span color="fg.muted" textStyle="xs" truncate>
        {[number(contact), contact.email, contact.leadStatus].filter(Boolean).join(" · ") || "No phone, no e-mail"}
      </chakra.span>
    </Flex>
  );
}
