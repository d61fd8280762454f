import { Flex, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import type { Selection } from "#contract/contacts.ts";
import type { FlowNode } from "#contract/flows.ts";
import type { Launch } from "#contract/launch-values.ts";
import { formatCount } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { MessagePreviewDialog } from "#web/entities/messages/message-preview-dialog.tsx";
import { messagePreviewQuery } from "#web/entities/messages/message-queries.ts";

interface MessageReadingProps {
  open: boolean;
  onClose: () => void;
  flowId: string;
  node: FlowNode;
  selection: Selection;
  total: number;
  /** What is given for what the flow asks for. */
  launch: Launch;
}

/** A message of the flow, for the first of the chosen contacts. Contacts that were picked one by one can be leafed through. */
export function MessageReading({ selection, total, launch, ...dialog }: MessageReadingProps) {
  const [at, setAt] = useState(0);
  const ids = selection.type === "ids" ? selection.ids : null;
  const one: Selection = ids ? { type: "ids", ids: [ids[at] ?? ids[0]] as string[] } : selection;
  const { values, contactValues } = launch;
  const given = { ...(values && { values }), ...(contactValues && { contactValues }) };
  const { data } = useQuery({
    ...messagePreviewQuery(dialog.flowId, { nodeId: dialog.node.id, selection: one, ...given }),
    enabled: dialog.open,
  });
  const place =
    ids && total > 1 ? `${formatCount(at + 1)} of ${formatCount(total)}` : total > 1 ? `the first of ${formatCount(total)}` : null;
  return (
    <MessagePreviewDialog
      {...dialog}
      selection={one}
      given={given}
      who={
        <Flex align="center" gap="2" minH="8" textStyle="sm">
          <Text flex="1" minW="0" truncate role="status">
            <Text as="span" color="fg.muted">
              For{" "}
            </Text>
            <Text as="span" fontWeight="500">
              {data ? (data.contactName ?? data.to ?? "a contact without a name") : "…"}
            </Text>
            {place && (
              <Text as="span" color="fg.muted">
                {` · ${place}`}
              </Text>
            )}
          </Text>
          {ids && ids.length > 1 && (
            <>
              <IconButton icon={ChevronLeft} label="Previous contact" onClick={() => setAt(at - 1)} disabled={at === 0} />
              <IconButton icon={ChevronRight} label="Next contact" onClick={() => setAt(at + 1)} disabled={at === ids.length - 1} />
            </>
          )}
        </Flex>
      }
    />
  );
}
