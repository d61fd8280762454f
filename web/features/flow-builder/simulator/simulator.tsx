import { Flex, Stack } from "@chakra-ui/react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import type { FlowTest, FlowTestFailure } from "#contract/flow-tests.ts";
import type { FlowGraph } from "#contract/flows.ts";
import type { Simulation } from "#contract/simulations.ts";
import { judgeFlowTest } from "#nodes/flow-tests/judge-flow-test.ts";
import { proposeExpectations } from "#nodes/flow-tests/propose-expectations.ts";
import { stepNames } from "#nodes/flow-tests/step-names.ts";
import { Button } from "#ui/button.tsx";
import { Notice } from "#ui/notice.tsx";
import { SidePanel } from "#ui/side-panel.tsx";
import { webhookSamplesQuery } from "#web/entities/flows/step-preview-queries.ts";
import { api } from "#web/lib/api.ts";
import { RefusalNotice } from "#web/lib/refusal-notice.tsx";
import { OpenedTest } from "../tests/opened-test.tsx";
import { TestDialog } from "../tests/test-dialog.tsx";
import { flowTestsQuery } from "../tests/test-queries.ts";
import { Conversation } from "./conversation.tsx";
import { DryRunButton } from "./dry-run-button.tsx";
import { newScript, readScript, type ScriptProblems } from "./script.ts";
import { ScriptFields } from "./script-fields.tsx";

interface SimulatorProps {
  open: boolean;
  onClose: () => void;
  flowId: string;
  /** What is edited now, saved or not. */
  graph: FlowGraph;
  zone: string;
  /** Tells what was walked, so that the drawing can show it; null before the next walk. */
  onWalked: (simulation: Simulation | null) => void;
  canEdit: boolean;
  /** A saved test that is walked instead of a script that is entered here. */
  testId?: string | undefined;
  onTestLeft: () => void;
}

type Script = Extract<ReturnType<typeof readScript>, { script: unknown }>["script"];

/** Walks the flow for one contact on a virtual clock. */
export function Simulator({ open, onClose, flowId, graph, zone, onWalked, canEdit, testId, onTestLeft }: SimulatorProps) {
  const [draft, setDraft] = useState(newScript);
  const [problems, setProblems] = useState<ScriptProblems>({});
  const [saving, setSaving] = useState(false);
  const tests = useQuery({ ...flowTestsQuery(flowId), enabled: testId !== undefined });
  const test = tests.data?.items.find(({ id }) => id === testId);
  const hasWebhook = graph.nodes.some(({ type }) => type === "webhook");
  const samples = useQuery({ ...webhookSamplesQuery(flowId), enabled: canEdit && open && hasWebhook });
  const run = useMutation({
    mutationFn: (script: Script) =>
      api("simulateFlow", { params: { id: flowId }, body: { ...script, graph: { nodes: graph.nodes, edges: graph.edges } } }),
    onSuccess: onWalked,
    onError: () => onWalked(null),
  });
  const { mutate } = run;
  // A test is opened to be seen, so it is walked at once.
  useEffect(() => {
    if (open && test) mutate(test.script);
  }, [open, test, mutate]);
  const start = () => {
    if (test) return mutate(test.script);
    const read = readScript(draft, { nodes: graph.nodes, zone });
    setProblems(read.problems ?? {});
    if (!read.problems) mutate(read.script);
  };
  const seen = run.error ? undefined : run.data;
  const judged = useMemo(() => seen && test && judge(test, { simulation: seen, graph, flowId }), [seen, test, graph, flowId]);
  return (
    <SidePanel
      open={open}
      onClose={onClose}
      title="Simulate"
      size="md"
      modal={false}
      footer={
        <Flex gap="2" wrap="wrap" justify="flex-end">
          {canEdit && testId === undefined && draft.who === "contact" && draft.contactId !== null && (
            <DryRunButton
              flowId={flowId}
              contactId={draft.contactId}
              graph={graph}
              values={valuesOf(draft, { nodes: graph.nodes, zone })}
            />
          )}
          {canEdit && seen && !run.isPending && (
            <Button onClick={() => setSaving(true)}>{test ? "Expect what is seen now…" : "Save as a test…"}</Button>
          )}
          <Button tone="primary" onClick={start} busy={run.isPending}>
            {run.data ? "Simulate again" : "Simulate"}
          </Button>
        </Flex>
      }
    >
      <Stack gap="5">
        <Notice status="info">Nothing is sent, nothing is kept.</Notice>
        {testId === undefined ? (
          <ScriptFields
            draft={draft}
            onChange={setDraft}
            problems={problems}
            nodes={graph.nodes}
            zone={zone}
            kept={samples.data?.items ?? []}
          />
        ) : (
          <OpenedTest {...{ tests, test, judged }} onLeft={onTestLeft} />
        )}
        {run.error && <RefusalNotice error={run.error} title="The flow was not simulated" onRetry={start} />}
        {seen && <Conversation simulation={seen} nodes={graph.nodes} flowId={flowId} zone={zone} failures={judged ?? noFailures} />}
      </Stack>
      {saving && seen && (
        <TestDialog
          flowId={flowId}
          nodes={graph.nodes}
          expect={proposeExpectations(seen, flowId)}
          {...(test ? { test } : { script: { ...(run.variables as Script), startAt: seen.startedAt } })}
          onClose={() => setSaving(false)}
        />
      )}
    </SidePanel>
  );
}

/** The values that can be read; the server says what of them is missing. */
function valuesOf(...given: Parameters<typeof readScript>): Record<string, unknown> | undefined {
  const read = readScript(...given);
  return read.problems ? undefined : read.script.values;
}

const noFailures: FlowTestFailure[] = [];

/** What of the test does not hold of what is edited, saved or not. */
function judge(
  test: FlowTest,
  { simulation, graph, flowId }: { simulation: Simulation; graph: FlowGraph; flowId: string },
): FlowTestFailure[] {
  return judgeFlowTest({ expect: test.expect, simulation, flowId, name: stepNames(graph) });
}
