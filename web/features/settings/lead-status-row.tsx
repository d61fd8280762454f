import { Badge, Flex, Text } from "@chakra-ui/react";
import { ArrowDown, ArrowUp, Pencil, Trash2 } from "lucide-react";
import type { LeadStatus, StatusKind } from "#contract/lead-statuses.ts";
import { plural } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { StatusDot } from "#web/entities/lead-statuses/lead-status-mark.tsx";
import { Row } from "./section.tsx";

export const kindWords: Record<StatusKind, string> = { open: "Open", won: "Won", lost: "Lost" };

interface LeadStatusRowProps {
  status: LeadStatus;
  /** Undefined while they are being counted. */
  contacts: number | undefined;
  first?: boolean;
  last?: boolean;
  /** The actions are absent for those who may only read. */
  onMove?: (by: -1 | 1) => void;
  onEdit?: () => void;
  onRemove?: () => void;
}

export function LeadStatusRow({ status, contacts, first, last, onMove, onEdit, onRemove }: LeadStatusRowProps) {
  const { name, color, kind, isDefault } = status;
  return (
    <Row
      stacked
      actions={
        onMove &&
        onEdit &&
        onRemove && (
          <Flex gap="1" flexShrink={0}>
            <IconButton icon={ArrowUp} label={`Move ${name} up`} disabled={first} onClick={() => onMove(-1)} />
            <IconButton icon={ArrowDown} label={`Move ${name} down`} disabled={last} onClick={() => onMove(1)} />
            <IconButton icon={Pencil} label={`Edit ${name}`} onClick={onEdit} />
            <IconButton icon={Trash2} label={`Remove ${name}`} onClick={onRemove} />
          </Flex>
        )
      }
    >
      <Flex gap="2" align="center" wrap="wrap">
        <Text fontWeight="medium" overflowWrap="anywhere">
          <StatusDot color={color} />
          {name}
        </Text>
        {isDefault && <Badge size="sm">Default</Badge>}
      </Flex>
      <Text textStyle="sm" color="fg.muted">
        {kindWords[kind]}
        {contacts !== undefined && ` · ${plural(contacts, "contact")}`}
      </Text>
    </Row>
  );
}
