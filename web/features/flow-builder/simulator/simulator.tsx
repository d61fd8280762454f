import { Stack } from "@chakra-ui/react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { FlowGraph } from "#contract/flows.ts";
import type { Simulation } from "#contract/simulations.ts";
import { Button } from "#ui/button.tsx";
import { Notice } from "#ui/notice.tsx";
import { SidePanel } from "#ui/side-panel.tsx";
import { api } from "#web/lib/api.ts";
import { RefusalNotice } from "#web/lib/refusal-notice.tsx";
import { Conversation } from "./conversation.tsx";
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
}

/** Walks the flow for one contact on a virtual clock. */
export function Simulator({ open, onClose, flowId, graph, zone, onWalked }: SimulatorProps) {
  const [draft, setDraft] = useState(newScript);
  const [problems, setProblems] = useState<ScriptProblems>({});
  const run = useMutation({
    mutationFn: (script: Extract<ReturnType<typeof readScript>, { script: unknown }>["script"]) =>
      api("simulateFlow", { params: { id: flowId }, body: { ...script, graph: { nodes: graph.nodes, edges: graph.edges } } }),
    onSuccess: onWalked,
    onError: () => onWalked(null),
  });
  const start = () => {
    const read = readScript(draft, { nodes: graph.nodes, zone });
    setProblems(read.problems ?? {});
    if (!read.problems) run.mutate(read.script);
  };
  return (
    <SidePanel
      open={open}
      onClose={onClose}
      title="Simulate"
      size="md"
      modal={false}
      footer={
        <Button tone="primary" onClick={start} busy={run.isPending}>
          {run.data ? "Simulate again" : "Simulate"}
        </Button>
      }
    >
      <Stack gap="5">
        <Notice status="info">Nothing is sent, nothing is kept.</Notice>
        <ScriptFields draft={draft} onChange={setDraft} problems={problems} nodes={graph.nodes} zone={zone} />
        {run.error && <RefusalNotice error={run.error} title="The flow was not simulated" onRetry={start} />}
        {run.data && !run.error && <Conversation simulation={run.data} nodes={graph.nodes} flowId={flowId} zone={zone} />}
      </Stack>
    </SidePanel>
  );
}
