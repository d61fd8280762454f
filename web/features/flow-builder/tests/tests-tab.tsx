import { Box, Flex, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { useState } from "react";
import type { FlowTest, FlowTestRunAnswer } from "#contract/flow-tests.ts";
import type { FlowNode } from "#contract/flows.ts";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { plural } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { api } from "#web/lib/api.ts";
import { RefusalNotice } from "#web/lib/refusal-notice.tsx";
import { nameIn } from "../outline/step-name.ts";
import { TestCard } from "./test-card.tsx";
import { TestDialog } from "./test-dialog.tsx";
import { flowTestsQuery, useRefreshTests, useRunTests } from "./test-queries.ts";

interface TestsTabProps {
  flowId: string;
  zone: string;
  canEdit: boolean;
  /** Shows the simulation of a test in the builder; without one, an empty simulator. */
  onShow: (testId?: string) => void;
}

/** The saved tests of a flow: what each found last, and all of them anew. */
export function TestsTab({ flowId, zone, canEdit, onShow }: TestsTabProps) {
  const tests = useQuery(flowTestsQuery(flowId));
  const draft = useQuery({
    queryKey: ["flows", "tested", flowId, tests.data?.revision],
    queryFn: ({ signal }) => api("getFlowDraft", { params: { id: flowId }, signal }),
    enabled: tests.data !== undefined,
  });
  const run = useRunTests(flowId);
  const refresh = useRefreshTests(flowId);
  const [editing, setEditing] = useState<FlowTest | null>(null);
  const [deleting, setDeleting] = useState<FlowTest | null>(null);
  const remove = useMutation({
    mutationFn: (id: string) => api("deleteFlowTest", { params: { id } }),
    onSuccess: async () => {
      await refresh();
      setDeleting(null);
    },
  });
  if (tests.isPending) return <SkeletonRows label="Loading the tests" />;
  if (tests.isError) {
    return (
      <LoadError
        title="The tests could not be loaded"
        error={tests.error}
        onRetry={() => void tests.refetch()}
        retrying={tests.isRefetching}
      />
    );
  }
  const { items, revision } = tests.data;
  const nodes = draft.data?.nodes ?? [];
  const isRunning = (id: string) => run.isPending && (run.variables?.includes(id) ?? true);
  if (items.length === 0) {
    return (
      <EmptyState icon={FlaskConical} title="No tests yet" action={canEdit && <Button onClick={() => onShow()}>Open the simulator</Button>}>
        Simulate the flow, then save what you see as a test. It is run whenever the flow is published.
      </EmptyState>
    );
  }
  return (
    <Box overflowY="auto" px={{ base: "4", md: "6" }} py="4">
      <Stack gap="3" maxW="48rem">
        <Flex gap="3" align="center" wrap="wrap">
          <Text flex="1" minW="12rem" textStyle="sm" color="fg.muted">
            {`${plural(items.length, "test")}, run on what is edited. Nothing is sent.`}
          </Text>
          {canEdit && (
            <Button tone="primary" onClick={() => run.mutate(undefined)} busy={run.isPending && run.variables === undefined}>
              Run all
            </Button>
          )}
        </Flex>
        {run.isError && <RefusalNotice error={run.error} title="The tests were not run" onRetry={() => run.mutate(run.variables)} />}
        {run.data && !run.isPending && run.variables === undefined && <Summary answer={run.data} nodes={nodes} />}
        <Stack gap="3" role="list" aria-label="Tests">
          {items.map((test) => (
            <TestCard
              key={test.id}
              {...{ test, revision, zone, canEdit }}
              running={isRunning(test.id)}
              onRun={() => run.mutate([test.id])}
              onShow={() => onShow(test.id)}
              onEdit={() => setEditing(test)}
              onDelete={() => setDeleting(test)}
            />
          ))}
        </Stack>
      </Stack>
      {editing && <TestDialog {...{ flowId, nodes }} test={editing} expect={editing.expect} onClose={() => setEditing(null)} />}
      {deleting && (
        <ConfirmDialog
          open
          title={`Delete the test “${deleting.name}”`}
          confirmLabel="Delete the test"
          busy={remove.isPending}
          onClose={() => setDeleting(null)}
          onConfirm={() => remove.mutate(deleting.id)}
        >
          <Stack gap="3">
            <Text>The flow stays as it is. This cannot be undone.</Text>
            {remove.isError && <Notice status="error">{remove.error.message}</Notice>}
          </Stack>
        </ConfirmDialog>
      )}
    </Box>
  );
}

const mostWays = 20;

/** How a run of all tests came out, and what none of them has walked. */
function Summary({ answer, nodes }: { answer: FlowTestRunAnswer; nodes: readonly FlowNode[] }) {
  const passed = answer.results.filter(({ result }) => result.status === "passed").length;
  const many = answer.results.length;
  const ways = answer.unwalked.map(({ nodeId, target }) => `${nameIn({ nodes }, nodeId)} → ${nameIn({ nodes }, target)}`);
  return (
    <Notice
      status={passed === many ? "success" : "error"}
      title={
        passed === many
          ? many === 1
            ? "The test passes"
            : `All ${many} tests pass`
          : many === 1
            ? "The test does not pass"
            : `${passed} of ${many} tests pass`
      }
    >
      {ways.length === 0
        ? "They walk every way of the flow."
        : `No test walks: ${ways.slice(0, mostWays).join(" · ")}${ways.length > mostWays ? ` and ${ways.length - mostWays} more` : ""}`}
    </Notice>
  );
}
