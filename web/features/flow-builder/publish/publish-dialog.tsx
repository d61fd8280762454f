import { Box, Stack, Text, VisuallyHidden } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { FlowNode, FlowProblem } from "#contract/flows.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { plural } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { toast } from "#ui/toaster.tsx";
import { flowQuery, refreshFlows } from "#web/entities/flows/flow-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";
import { ChangeList } from "../changes/change-list.tsx";
import { changeWords } from "../changes/change-words.ts";
import { stepName } from "../outline/step-name.ts";
import { problemWords } from "../panel/problem-words.ts";
import { failedTests, PublishTests, usePublishTests } from "../tests/publish-tests.tsx";
import { type Choices, insideWords, isUndecided, movesOf, publishWords } from "./people-choices.ts";
import { PeopleInside } from "./people-inside.tsx";

interface PublishDialogProps {
  flowId: string;
  revision: string;
  live: string;
  liveChanged: boolean;
  nodes: readonly FlowNode[];
  problems: readonly FlowProblem[];
  onClose: () => void;
  onPublished: () => void;
  onShowProblem: (nodeId: string) => void;
}

/** Shows what would go live, and makes it live. Errors keep it from being published, and all of them are listed. */
export function PublishDialog({
  flowId,
  revision,
  live,
  liveChanged,
  nodes,
  problems,
  onClose,
  onPublished,
  onShowProblem,
}: PublishDialogProps) {
  const client = useQueryClient();
  const [note, setNote] = useState("");
  const flow = useQuery(flowQuery(flowId));
  const comparison = useQuery({
    queryKey: ["flows", "compare", flowId, revision],
    queryFn: ({ signal }) => api("compareFlowVersions", { params: { id: flowId }, query: { from: "live", to: "draft" }, signal }),
  });
  const [choices, setChoices] = useState<Choices>({});
  const errors = problems.filter(({ severity }) => severity === "error");
  const preview = useQuery({
    queryKey: ["flows", "publish", flowId, revision],
    queryFn: ({ signal }) => api("previewPublish", { params: { id: flowId }, body: { revision }, signal }),
    // People come and go while the dialog is open. What has errors cannot be published, so nobody is asked about it.
    staleTime: 0,
    enabled: errors.length === 0,
  });
  const { can } = useSession();
  const tests = usePublishTests(flowId, revision, errors.length === 0);
  const failed = failedTests(tests);
  const [reason, setReason] = useState("");
  const isHeld = tests.data === undefined || (failed.length > 0 && (!can("admin") || reason.trim() === ""));
  const publish = useMutation({
    mutationFn: () => {
      const moves = preview.data ? movesOf(preview.data, choices) : [];
      return api("publishFlow", {
        params: { id: flowId },
        body: {
          revision,
          note: note.trim(),
          moves,
          ...(liveChanged && { replaces: live }),
          ...(failed.length > 0 && { acceptFailedTests: reason.trim() }),
        },
      });
    },
    // Somebody may have come to a step that is removed since it was looked at.
    onError: (error) => {
      if (isApiError(error, "moves_needed")) void preview.refetch();
      if (isApiError(error, "tests_failed")) void tests.refetch();
    },
    onSuccess: async ({ version, people }) => {
      onPublished();
      toast({
        status: "success",
        title: `Version ${version.number} is live`,
        description:
          people.following + people.leaving > 0
            ? "Who enters from now on gets this version. Moving the people inside may take a moment."
            : "Who enters from now on gets this version.",
      });
      await refreshFlows(client);
    },
  });
  const warnings = problems.filter(({ severity }) => severity === "warning").length;
  const undecided = preview.data?.people.some((at) => isUndecided(at, choices)) ?? true;
  const words = comparison.data && flow.data ? changeWords(comparison.data.changes, flow.data.nodes, nodes) : undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      closeable={!publish.isPending}
      title="Publish"
      description="What you publish is what contacts get who enter from now on. For those inside, choose below where their way ahead changes."
      footer={
        <>
          <Button tone="ghost" onClick={onClose} disabled={publish.isPending}>
            Cancel
          </Button>
          <Button
            tone="primary"
            busy={publish.isPending}
            disabled={errors.length > 0 || nodes.length === 0 || preview.data === undefined || undecided || isHeld}
            onClick={() => publish.mutate()}
          >
            {publishWords(preview.data, choices, failed.length > 0)}
          </Button>
        </>
      }
    >
      <Stack gap="4">
        {/* They are counted while the dialog is open already, so that they are there is said. */}
        <VisuallyHidden role="status">{preview.data ? insideWords(preview.data) : ""}</VisuallyHidden>
        {errors.length > 0 && <Errors errors={errors} nodes={nodes} onShow={onShowProblem} />}
        {warnings > 0 && <Notice status="warning">{`${plural(warnings, "warning")}: see the signs beside the steps.`}</Notice>}
        {liveChanged && (
          <Notice status="warning">
            What is published was changed by the API or another tool since this draft began. Publishing replaces that.
          </Notice>
        )}
        {comparison.isError ? (
          <LoadError
            title="The changes could not be compared"
            error={comparison.error}
            onRetry={() => void comparison.refetch()}
            retrying={comparison.isRefetching}
          />
        ) : words === undefined ? (
          <SkeletonRows rows={2} columns={["80%"]} label="Comparing with what is live" />
        ) : (
          <Box role="group" aria-label="Changes">
            <Text fontWeight="medium" mb="1">
              {words.length === 0 ? "Nothing was changed that contacts notice." : "What changes"}
            </Text>
            <ChangeList changes={words.slice(0, 50)} />
            {words.length > 50 && <Text textStyle="sm" color="fg.muted">{`And ${plural(words.length - 50, "more change")}.`}</Text>}
          </Box>
        )}
        {errors.length === 0 && <PublishTests tests={tests} mayAccept={can("admin")} reason={reason} onReason={setReason} />}
        {errors.length > 0 ? null : preview.isError ? (
          <LoadError
            title="Who is inside could not be counted"
            error={preview.error}
            onRetry={() => void preview.refetch()}
            retrying={preview.isRefetching}
          />
        ) : preview.data === undefined ? (
          <SkeletonRows rows={2} columns={["80%"]} label="Counting who is inside" />
        ) : (
          <PeopleInside preview={preview.data} nodes={nodes} choices={choices} onChoose={setChoices} />
        )}
        <TextField label="Note" required={false} value={note} onChange={setNote} maxLength={1000} placeholder="Why it was changed" />
        {publish.isError && <Notice status="error">{isApiError(publish.error) ? publish.error.message : "Something went wrong."}</Notice>}
      </Stack>
    </Dialog>
  );
}

interface ErrorsProps {
  errors: readonly FlowProblem[];
  nodes: readonly FlowNode[];
  onShow: (nodeId: string) => void;
}

/** Every error, each a way to its step. */
function Errors({ errors, nodes, onShow }: ErrorsProps) {
  return (
    <Box role="group" aria-label="Problems">
      <Notice status="error">{`Fix ${plural(errors.length, "problem")} before you publish.`}</Notice>
      <Box as="ul" mt="2" listStyleType="none">
        {errors.map((problem, index) => {
          const node = nodes.find(({ id }) => id === problem.nodeId);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: two problems may be the same in every word
            <Box as="li" key={`${problem.nodeId}${index}`}>
              {node ? (
                <Button size="xs" tone="ghost" h="auto" py="1" whiteSpace="normal" textAlign="start" onClick={() => onShow(node.id)}>
                  {stepName(node)}: {problemWords(problem, node.type)}
                </Button>
              ) : (
                <Text textStyle="xs" px="2.5" py="1">
                  {problem.message}
                </Text>
              )}
            </Box>
          );
        })}
      </Box>
    </Box>
  );
}
