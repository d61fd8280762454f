import { Badge, Box, Flex, Stack, Text } from "@chakra-ui/react";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import { useState } from "react";
import type { FlowVersionSummary } from "#contract/flow-versions.ts";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { formatCount, formatExact, isolated, plural } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { ProgressBar } from "#ui/progress-bar.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { toast } from "#ui/toaster.tsx";
import { liveEvery } from "#web/entities/executions/execution-queries.ts";
import { api } from "#web/lib/api.ts";
import { CompareDialog } from "./compare-dialog.tsx";

interface VersionsProps {
  flowId: string;
  zone: string;
  canEdit: boolean;
  /** A version was put into the draft. */
  onRestored: () => void;
}

/** The versions of a flow, newest first: what each changed, who is in it, and how to go back to it. */
export function Versions({ flowId, zone, canEdit, onRestored }: VersionsProps) {
  const [comparing, setComparing] = useState<[FlowVersionSummary, FlowVersionSummary] | null>(null);
  const [restoring, setRestoring] = useState<FlowVersionSummary | null>(null);
  const versions = useInfiniteQuery({
    queryKey: ["flows", "versions", flowId],
    queryFn: ({ pageParam, signal }) =>
      api("listFlowVersions", { params: { id: flowId }, query: { ...(pageParam !== null && { cursor: pageParam }) }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    // People who are being moved are counted while one looks.
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isMoving)) ? liveEvery : false),
  });
  if (versions.isPending) return <SkeletonRows rows={4} rowHeight="20" columns={["60%"]} label="Loading the versions" />;
  if (versions.isError) {
    return (
      <LoadError
        title="The versions could not be loaded"
        error={versions.error}
        onRetry={() => void versions.refetch()}
        retrying={versions.isRefetching}
      />
    );
  }
  const items = versions.data.pages.flatMap((page) => page.items);
  if (items.length === 0) {
    return (
      <EmptyState icon={History} title="No versions yet">
        A version is made when a flow is published, or sent for the first time.
      </EmptyState>
    );
  }
  return (
    <Box overflowY="auto" px={{ base: "4", md: "6" }} py="4">
      <Stack gap="3" maxW="48rem" role="list" aria-label="Versions">
        {items.map((version, index) => {
          // The oldest one is compared with the newest.
          const before = items[index + 1] ?? (items.length > 1 ? items[0] : undefined);
          return (
            <Flex key={version.id} role="listitem" borderWidth="1px" rounded="md" p="4" gap="4" wrap="wrap" align="start">
              <Box flex="1" minW="14rem">
                <Flex gap="2" align="center" wrap="wrap">
                  <Text fontWeight="medium">Version {version.number}</Text>
                  {version.isLive && <Badge colorPalette="green">Live</Badge>}
                </Flex>
                <Text textStyle="sm" color="fg.muted">
                  {version.publishedAt
                    ? `Published ${formatExact(version.publishedAt, zone)}${version.publishedByName ? ` by ${isolated(version.publishedByName)}` : ""}`
                    : `First sent ${formatExact(version.createdAt, zone)}`}
                </Text>
                <Text textStyle="sm" color="fg.muted">
                  {[
                    plural(version.stepCount, "step"),
                    plural(version.sends, "send"),
                    `${plural(version.active, "contact")} in it now`,
                  ].join(" · ")}
                </Text>
                {version.moves && <Moves moves={version.moves} />}
                {version.tests && (
                  <Text textStyle="sm" color="fg.muted" overflowWrap="anywhere">
                    {testWords(version.tests)}
                  </Text>
                )}
                {version.note && (
                  <Text mt="1" overflowWrap="anywhere">
                    {version.note}
                  </Text>
                )}
              </Box>
              <Flex gap="2" wrap="wrap">
                {before && (
                  <Button size="xs" onClick={() => setComparing([before, version])}>
                    What changed
                  </Button>
                )}
                {canEdit && !version.isLive && (
                  <Button size="xs" onClick={() => setRestoring(version)}>
                    Restore…
                  </Button>
                )}
              </Flex>
            </Flex>
          );
        })}
        {versions.hasNextPage && (
          <Button onClick={() => void versions.fetchNextPage()} busy={versions.isFetchingNextPage} alignSelf="start">
            Show older versions
          </Button>
        )}
      </Stack>
      {comparing && (
        <CompareDialog flowId={flowId} versions={items} from={comparing[0]} to={comparing[1]} onClose={() => setComparing(null)} />
      )}
      {restoring && (
        <RestoreDialog
          flowId={flowId}
          version={restoring}
          onClose={() => setRestoring(null)}
          onRestored={() => {
            setRestoring(null);
            onRestored();
          }}
        />
      )}
    </Box>
  );
}

const isMoving = ({ moves }: FlowVersionSummary) => moves?.isMoving === true;

/** How far the people of earlier versions are on their way to this one. */
function Moves({ moves: { people, moved, left, isMoving: isUnderWay } }: { moves: NonNullable<FlowVersionSummary["moves"]> }) {
  const done = moved + left;
  if (people === 0 && done === 0) return null;
  // A contact who came to a step after the publication is moved as well.
  const all = Math.max(people, done);
  const words = [
    `${formatCount(moved)} of ${plural(all, "contact")} of earlier versions moved here`,
    ...(left > 0 ? [`${formatCount(left)} taken out`] : []),
  ].join(", ");
  return (
    <Box mt="1" maxW="24rem">
      <Text textStyle="sm" color="fg.muted">
        {words}
      </Text>
      {isUnderWay && <ProgressBar label="People on their way to this version" value={done} max={all} />}
    </Box>
  );
}

/** What the tests said when it was published. */
function testWords({ passed, failed, reason }: NonNullable<FlowVersionSummary["tests"]>): string {
  if (failed.length === 0) return passed === 1 ? "Its test passed" : `All ${passed} tests passed`;
  const names = failed.map((name) => `“${name}”`).join(", ");
  return `Published although ${plural(failed.length, "test")} did not pass: ${names}. Why: ${reason}`;
}

function RestoreDialog({
  flowId,
  version,
  onClose,
  onRestored,
}: {
  flowId: string;
  version: FlowVersionSummary;
  onClose: () => void;
  onRestored: () => void;
}) {
  const draft = useQuery({
    queryKey: ["flows", "draft", flowId],
    queryFn: ({ signal }) => api("getFlowDraft", { params: { id: flowId }, signal }),
    gcTime: 0,
  });
  const restore = useMutation({
    mutationFn: (baseRevision: string) =>
      api("restoreFlowDraft", { params: { id: flowId }, body: { baseRevision, from: { type: "version", id: version.id } } }),
    onSuccess: () => {
      toast({
        status: "success",
        title: `Version ${version.number} is in the draft`,
        description: "It is live again when you publish it.",
      });
      onRestored();
    },
  });
  return (
    <ConfirmDialog
      open
      tone="primary"
      title={`Put version ${version.number} into the draft`}
      confirmLabel="Restore into the draft"
      busy={restore.isPending}
      disabled={!draft.data}
      onClose={onClose}
      onConfirm={() => draft.data && restore.mutate(draft.data.revision)}
    >
      <Stack gap="3">
        <Text>What is live stays as it is until you publish the draft.</Text>
        {draft.data?.isDraft && (
          <Notice status="warning">{`The flow has a draft${draft.data.updatedByName ? ` by ${isolated(draft.data.updatedByName)}` : ""} that is not published. It is replaced.`}</Notice>
        )}
        {draft.isError && <Notice status="error">{draft.error.message}</Notice>}
        {restore.isError && <Notice status="error">{restore.error.message}</Notice>}
      </Stack>
    </ConfirmDialog>
  );
}
