import { Box, Grid } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Page } from "#ui/page.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { executionQuery } from "#web/entities/executions/execution-queries.ts";
import { FlowOfSend } from "#web/entities/sends/flow-of-send.tsx";
import { useSession } from "#web/entities/session/use-session.ts";
import { Missing } from "#web/entities/workspace/missing.tsx";
import { ExecutionDetail } from "#web/features/executions/execution-detail.tsx";
import { useExecutionControls } from "#web/features/executions/use-execution-controls.tsx";
import { PathDrawing } from "./path-drawing.tsx";

export function ExecutionPage() {
  const { executionId } = useParams({ from: "/member/executions/$executionId" });
  const { workspace, can } = useSession();
  const controls = useExecutionControls();
  const execution = useQuery(executionQuery(executionId));
  const { data } = execution;
  if (!data) {
    return (
      <Page title="Enrollment">
        {execution.isPending ? (
          <SkeletonRows label="Loading the enrollment" />
        ) : (
          <Missing
            kind="execution"
            id={executionId}
            title="This enrollment could not be loaded"
            error={execution.error}
            onRetry={() => void execution.refetch()}
            retrying={execution.isRefetching}
          />
        )}
      </Page>
    );
  }
  return (
    <Page
      title={data.contactId === null ? "Deleted contact" : (data.contactName ?? "No name")}
      parent={<FlowOfSend of={data} />}
      actions={can("editor") && controls.buttons(data)}
      scroll={false}
    >
      <Grid templateColumns={{ base: "1fr", lg: "minmax(26rem, 34rem) 1fr" }} flex="1" minH="0" overflowY={{ base: "auto", lg: "hidden" }}>
        <Box px={{ base: "4", md: "6" }} py="5" overflowY={{ lg: "auto" }} borderEndWidth={{ lg: "1px" }}>
          <ExecutionDetail execution={data} zone={workspace.timeZone} />
        </Box>
        <Box height={{ base: "70dvh", lg: "full" }} minH="0" borderTopWidth={{ base: "1px", lg: "0" }}>
          <PathDrawing executionId={data.id} zone={workspace.timeZone} embedded />
        </Box>
      </Grid>
      {controls.dialogs}
    </Page>
  );
}
