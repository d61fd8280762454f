import { chakra, Flex, Text } from "@chakra-ui/react";
import type { BinnedContact } from "#contract/bin.ts";
import type { DataColumn } from "#ui/data-table/columns.ts";
import { isolated } from "#ui/format.ts";
import { RelativeTime, useZone } from "#ui/relative-time.tsx";
import { erasedIn } from "./bin-words.ts";

const Plain = ({ text }: { text: string | null }) => (
  <span className="text" title={text ?? undefined}>
    {text || <span style={{ color: "var(--chakra-colors-fg-subtle)" }}>–</span>}
  </span>
);

const Erased = ({ contact }: { contact: BinnedContact }) => <span className="text">{erasedIn(contact, new Date(), useZone())}</span>;

export const binColumns: readonly DataColumn<BinnedContact>[] = [
  {
    id: "name",
    header: "Name",
    width: 190,
    grow: 1.3,
    identity: true,
    cell: (contact) => (
      <span className="text" style={{ fontWeight: 500 }} title={contact.displayName}>
        {contact.displayName}
      </span>
    ),
  },
  { id: "phone", header: "Phone", width: 150, cell: (contact) => <Plain text={contact.phoneNumber} /> },
  { id: "email", header: "E-mail", width: 200, grow: 1.5, cell: (contact) => <Plain text={contact.email} /> },
  { id: "deleted_by", header: "Deleted by", width: 150, grow: 1, cell: (contact) => <Plain text={contact.deletedByName} /> },
  { id: "deleted_at", header: "Deleted", width: 120, cell: (contact) => <RelativeTime at={contact.deletedAt} /> },
  {
    id: "erased_at",
    header: "Erased",
    width: 120,
    align: "end",
    cell: (contact) => <Erased contact={contact} />,
  },
];

/** A deleted contact as a two-line row on a phone. */
export function CompactBinned({ contact }: { contact: BinnedContact }) {
  return (
    <Flex direction="column" gap="0.5" minWidth="0" width="full">
      <Flex gap="2" align="baseline" minWidth="0">
        <Text as="span" fontWeight="medium" truncate flex="1">
          {contact.displayName}
        </Text>
        <Text as="span" color="fg.muted" textStyle="xs" flexShrink="0">
          Erased <Erased contact={contact} />
        </Text>
      </Flex>
      <chakra.span color="fg.muted" textStyle="xs" truncate>
        Deleted <RelativeTime at={contact.deletedAt} />
        {contact.deletedByName && ` by ${isolated(contact.deletedByName)}`}
      </chakra.span>
    </Flex>
  );
}
