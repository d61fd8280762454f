import { Box, Flex, Skeleton, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { FlowNode } from "#contract/flows.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { stepMomentsQuery } from "#web/entities/flows/step-preview-queries.ts";
import { isApiError } from "#web/lib/api-error.ts";
import { useDebounced } from "#web/lib/use-debounced.ts";
import { PreviewChooser } from "../message/preview-chooser.tsx";
import type { PreviewContact } from "../message/use-preview-contact.ts";
import { exitLabel } from "./exit-label.ts";
import { clockWords, momentLine } from "./moment-line.ts";

/** Milliseconds without a change, after which the moments are asked for. */
const soon = 250;

interface MomentsViewProps {
  flowId: string;
  node: FlowNode;
  chosen: PreviewContact;
}

/** When the step lets the chosen contact go on, the next times. The engine's own code has worked them out. */
export function MomentsView({ flowId, node, chosen }: MomentsViewProps) {
  const { id, type, data } = node;
  const question = useMemo(
    () => ({ flowId, node: { id, type, position: { x: 0, y: 0 }, data: { config: data.config ?? {} } } }),
    [flowId, id, type, data.config],
  );
  const { data: found, error, ...query } = useQuery(stepMomentsQuery({ ...useDebounced(question, soon), contactId: chosen.who }));
  const isGone = isApiError(error) && error.code === "contact_not_found";
  const { choose } = chosen;
  useEffect(() => {
    if (isGone) choose("newest");
  }, [isGone, choose]);
  const isUnfinished = isApiError(error) && error.code === "flow_invalid";
  const isOld = query.isPlaceholderData || error !== null;
  const labelOf = (handle: string) => exitLabel(node, handle);
  return (
    <Stack as="section" aria-label="The next times" gap="2" borderTopWidth="1px" pt="3">
      <PreviewChooser chosen={chosen} preview={found} />
      {isUnfinished ? (
        <Notice status="info">The next times are shown once the settings of this step are complete.</Notice>
      ) : (
        error && (
          <LoadError
            title="The next times could not be worked out"
            error={error}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        )
      )}
      {found && !isUnfinished ? (
        <Stack gap="2" aria-busy={isOld} opacity={isOld ? 0.5 : 1} transition="opacity 150ms">
          <Stack as="ol" gap="1.5" listStyleType="none">
            {found.moments.map((moment, index) => {
              const line = momentLine(found, index, labelOf);
              return (
                <Box as="li" key={moment.comes}>
                  <Flex gap="2" align="baseline" wrap="wrap">
                    <Text as="span" textStyle="sm" fontWeight="medium" fontVariantNumeric="tabular-nums">
                      {line.when}
                    </Text>
                    {line.detail && (
                      <Text as="span" textStyle="xs" color="fg.muted">
                        {line.detail}
                      </Text>
                    )}
                  </Flex>
                  {line.change && (
                    <Text textStyle="xs" color="fg.warning">
                      {line.change}
                    </Text>
                  )}
                </Box>
              );
            })}
          </Stack>
          <Text textStyle="xs" color="fg.muted">
            {clockWords(found)}
          </Text>
        </Stack>
      ) : (
        query.isPending && <Skeleton height="16" role="status" aria-label="Loading the next times" aria-busy />
      )}
    </Stack>
  );
}
