import { Box, Flex, Skeleton, Stack } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { UserRoundX } from "lucide-react";
import type { ReactNode } from "react";
import type { Selection } from "#contract/contacts.ts";
import type { FlowNode } from "#contract/flows.ts";
import type { Launch } from "#contract/launch-values.ts";
import { describeNode } from "#nodes/describe-node.tsx";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { isApiError } from "#web/lib/api-error.ts";
import { messagePreviewQuery } from "./message-queries.ts";
import { PreviewedMessage } from "./previewed-message.tsx";

interface MessagePreviewDialogProps {
  open: boolean;
  onClose: () => void;
  flowId: string;
  /** The step that sends the message. */
  node: FlowNode;
  /** The message is filled in for the first of these contacts. */
  selection: Selection;
  /** What is given for what the flow asks for when it is sent. */
  given?: Pick<Launch, "values" | "contactValues">;
  /** Says for whom it is filled in, or lets the person choose. */
  who: ReactNode;
}

/** A message of a flow as it will be sent, filled in for one contact by the code that sends it. */
export function MessagePreviewDialog({ open, onClose, flowId, node, selection, given, who }: MessagePreviewDialogProps) {
  const preview = useQuery({ ...messagePreviewQuery(flowId, { nodeId: node.id, selection, ...given }), enabled: open });
  const hasNobody = isApiError(preview.error) && preview.error.code === "contact_not_found";
  return (
    <Dialog
      open={open}
      onClose={onClose}
      size="lg"
      title={describeNode(node).label}
      description="The message as it would be sent now. Nothing is sent by looking at it."
      footer={<Button onClick={onClose}>Close</Button>}
    >
      <Stack gap="4">
        {who}
        {preview.isPending ? (
          <Stack gap="2.5" role="status" aria-label="Loading the message" aria-busy>
            <Skeleton height="4" width="45%" />
            <Skeleton height="24" borderRadius="l2" />
          </Stack>
        ) : hasNobody ? (
          <Box my="-8">
            <EmptyState icon={UserRoundX} title="There is no contact to show it for">
              The message is filled in with the details of a contact. Add one, or choose another.
            </EmptyState>
          </Box>
        ) : preview.isError ? (
          <LoadError
            title="The message could not be shown"
            error={preview.error}
            onRetry={() => void preview.refetch()}
            retrying={preview.isFetching}
          />
        ) : (
          <Flex
            direction="column"
            gap="3"
            aria-busy={preview.isPlaceholderData}
            opacity={preview.isPlaceholderData ? 0.5 : 1}
            transition="opacity 150ms"
          >
            <PreviewedMessage preview={preview.data} node={node} />
          </Flex>
        )}
      </Stack>
    </Dialog>
  );
}
