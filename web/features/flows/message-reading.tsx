import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Selection } from "#contract/contacts.ts";
import type { FlowNode } from "#contract/flows.ts";
import { ContactChoice } from "#web/entities/contacts/contact-choice.tsx";
import { MessagePreviewDialog } from "#web/entities/messages/message-preview-dialog.tsx";
import { messagePreviewQuery } from "#web/entities/messages/message-queries.ts";

const everybody: Selection = { type: "filter", filter: { tests: [] }, excluded: [] };

interface MessageReadingProps {
  open: boolean;
  onClose: () => void;
  flowId: string;
  node: FlowNode;
}

/** A message of a flow, filled in for the first contact of the workspace or for one that is chosen here. */
export function MessageReading(dialog: MessageReadingProps) {
  const [contactId, setContactId] = useState<string | null>(null);
  const first = useQuery({ ...messagePreviewQuery(dialog.flowId, { nodeId: dialog.node.id, selection: everybody }), enabled: dialog.open });
  const name = first.data?.contactName;
  return (
    <MessagePreviewDialog
      {...dialog}
      selection={contactId === null ? everybody : { type: "ids", ids: [contactId] }}
      who={
        <ContactChoice
          label="Filled in for"
          placeholder={name ? `${name} (your first contact)` : "Your first contact"}
          onChange={setContactId}
        />
      }
    />
  );
}
