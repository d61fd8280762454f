import { Box, Skeleton } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Maximize2, Route } from "lucide-react";
import { Button } from "#ui/button.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { SidePanel } from "#ui/side-panel.tsx";
import { executionQuery } from "#web/entities/executions/execution-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { ExecutionDetail } from "./execution-detail.tsx";
import { useExecutionControls } from "./use-execution-controls.tsx";

interface ExecutionPanelProps {
  /** The execution whose record is open, or null. */
  executionId: string | null;
  onClose: () => void;
  /** Draws the path of the execution on the flow. */
  onShowPath: (executionId: string) => void;
  zone: string;
}

/** Shows the record of one execution beside the history, whose rows can still be clicked. */
export function ExecutionPanel({ executionId, onClose, onShowPath, zone }: ExecutionPanelProps) {
  const execution = useQuery({ ...executionQuery(executionId ?? ""), enabled: executionId !== null });
  const { data } = execution;
  const { can } = useSession();
  const controls = useExecutionControls();
  return (
    <SidePanel
      open={executionId !== null}
      onClose={onClose}
      size="md"
      modal={false}
      footer={
        data && (
          <>
            {can("editor") && controls.buttons(data)}
            <Box flex="1" />
            <Button tone="ghost" asChild>
              <Link to="/executions/$executionId" params={{ executionId: data.id }}>
                <Maximize2 aria-hidden /> Open page
              </Link>
            </Button>
            <Button icon={Route} onClick={() => onShowPath(data.id)}>
              Show path
            </Button>
          </>
        )
      }
      title={data ? (data.contactId === null ? "Deleted contact" : (data.contactName ?? "No name")) : "Enrollment"}
    >
      {execution.isPending ? (
        <Skeleton height="48" />
      ) : !data ? (
        <LoadError title="This enrollment could not be loaded" error={execution.error} onRetry={() => void execution.refetch()} />
      ) : (
        <ExecutionDetail execution={data} zone={zone} />
      )}
      {controls.dialogs}
    </SidePanel>
  );
}
