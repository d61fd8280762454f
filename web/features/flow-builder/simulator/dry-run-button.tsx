import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { FlowGraph } from "#contract/flows.ts";
import { Button } from "#ui/button.tsx";
import { toast } from "#ui/toaster.tsx";
import { api } from "#web/lib/api.ts";

interface DryRunButtonProps {
  flowId: string;
  contactId: string;
  /** What is edited now, saved or not. */
  graph: FlowGraph;
  /** What is given for what the flow asks for. */
  values: Record<string, unknown> | undefined;
}

/** Runs what is edited for one contact as a test: nothing leaves, no wait takes time, and the history keeps it, marked. */
export function DryRunButton({ flowId, contactId, graph: { nodes, edges }, values }: DryRunButtonProps) {
  const navigate = useNavigate();
  const run = useMutation({
    mutationFn: () =>
      api("executeWorkflow", {
        body: {
          workflowId: flowId,
          contactId,
          workflowDefinition: { nodes, edges },
          ...(values && { triggerData: values }),
          ...{ isTest: true, skipWaits: true },
        },
      }),
    onSuccess: ({ taskId, contactName }) =>
      toast({
        status: "success",
        title: "The dry run began",
        description: `For ${contactName}. Nothing leaves; the history keeps it, marked as a test.`,
        duration: 8000,
        action: { label: "Open it", onClick: () => void navigate({ to: "/executions/$executionId", params: { executionId: taskId } }) },
      }),
    onError: (error) => toast({ status: "error", title: "The dry run did not begin", description: error.message }),
  });
  return (
    <Button onClick={() => run.mutate()} busy={run.isPending} title="Nothing leaves. The history keeps the run, marked as a test.">
      Dry run
    </Button>
  );
}
