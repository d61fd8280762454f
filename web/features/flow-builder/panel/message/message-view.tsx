import { Box, Flex, Skeleton, Stack } from "@chakra-ui/react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { FlowNode } from "#contract/flows.ts";
import type { DraftMessagePreview } from "#contract/message-previews.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { PreviewedMessage } from "#web/entities/messages/previewed-message.tsx";
import { isApiError } from "#web/lib/api-error.ts";

interface MessageViewProps {
  chooser: ReactNode;
  preview: UseQueryResult<DraftMessagePreview>;
  node: FlowNode;
  /** Sends it to who looks at it, on channels where they can be reached. */
  toMe: ReactNode;
}

/** The message as it leaves for the chosen contact. While a text is unfinished, what it was before stays, paler. */
export function MessageView({ chooser, preview, node, toMe }: MessageViewProps) {
  const { data, error } = preview;
  const isUnfinished = isApiError(error) && error.code === "flow_invalid";
  const isOld = preview.isPlaceholderData || error !== null;
  return (
    <Stack as="section" aria-label="Preview" gap="3" borderTopWidth="1px" pt="3">
      {chooser}
      {isUnfinished ? (
        <Notice status="info">It is shown once the settings of this step are complete.</Notice>
      ) : (
        error && (
          <LoadError
            title="The message could not be shown"
            error={error}
            onRetry={() => void preview.refetch()}
            retrying={preview.isFetching}
          />
        )
      )}
      {data ? (
        <Flex direction="column" gap="3" aria-busy={isOld} opacity={isOld ? 0.5 : 1} transition="opacity 150ms">
          <PreviewedMessage preview={data} node={node} />
        </Flex>
      ) : (
        preview.isPending && (
          <Box role="status" aria-label="Loading the message" aria-busy>
            <Skeleton height="4" width="45%" mb="2.5" />
            <Skeleton height="16" borderRadius="l2" />
          </Box>
        )
      )}
      {toMe}
    </Stack>
  );
}
