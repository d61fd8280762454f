import { Box, Flex, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { X } from "lucide-react";
import { executionStatuses } from "#contract/executions.ts";
import { Button } from "#ui/button.tsx";
import { plural } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { Page } from "#ui/page.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { TabBar } from "#ui/tab-bar.tsx";
import { parseMissed } from "#web/entities/executions/missed-words.ts";
import { flowQuery } from "#web/entities/flows/flow-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { EnrollmentHistory } from "#web/features/executions/enrollment-history.tsx";
import { ExecutionPanel } from "#web/features/executions/execution-panel.tsx";
import { FlowProblems } from "#web/features/flows/flow-problems.tsx";
import { LazyDrawing } from "#web/features/flows/lazy-drawing.tsx";
import { ProblemBadge } from "#web/features/flows/problem-badge.tsx";
import { PathDrawing } from "./path-drawing.tsx";

const tabs = [
  { value: "history", label: "Enrollment History" },
  { value: "flow", label: "Flow" },
] as const;
const panelId = "flow-tab";

export function FlowPage() {
  const { flowId } = useParams({ from: "/member/flows/$flowId" });
  const search = useSearch({ from: "/member/flows/$flowId" });
  const navigate = useNavigate();
  const { workspace } = useSession();
  const flow = useQuery(flowQuery(flowId));
  const go = (change: Partial<typeof search>, replace = false) =>
    void navigate({ to: "/flows/$flowId", params: { flowId }, search: { ...search, ...change }, replace });
  const parent = <Link to="/flows">Flows</Link>;

  if (flow.isPending || !flow.data) {
    return (
      <Page title="Flow" parent={parent}>
        {flow.isPending ? (
          <SkeletonRows label="Loading the flow" />
        ) : (
          <LoadError
            title="This flow could not be loaded"
            error={flow.error}
            onRetry={() => void flow.refetch()}
            retrying={flow.isRefetching}
          />
        )}
      </Page>
    );
  }
  const { name, nodes, problems } = flow.data;
  const errors = problems.filter((problem) => problem.severity === "error").length;
  const tab = search.tab === "flow" ? "flow" : "history";
  return (
    <Page
      title={name}
      parent={parent}
      badge={
        <Flex gap="2" align="center">
          <Text as="span" color="fg.muted" textStyle="sm" whiteSpace="nowrap">
            {plural(nodes.length, "step")}
          </Text>
          {errors > 0 && <ProblemBadge count={errors} />}
        </Flex>
      }
      tabs={
        <TabBar
          label="Parts of the flow"
          tabs={[...tabs]}
          value={tab}
          onChange={(next) => go({ tab: next === "flow" ? next : undefined, path: undefined })}
          panelId={panelId}
        />
      }
      scroll={false}
    >
      <Flex id={panelId} role="tabpanel" direction="column" flex="1" minH="0">
        {tab === "history" ? (
          <EnrollmentHistory
            flowId={flowId}
            zone={workspace.timeZone}
            filters={{
              status: executionStatuses.filter((status) => search.status?.split(",").includes(status)),
              search: search.q ?? "",
              sendId: search.send,
              missed: parseMissed(search.missed),
            }}
            onFilters={(next) =>
              go({ status: next.status.join(",") || undefined, q: next.search || undefined, send: next.sendId, missed: next.missed }, true)
            }
            onOpen={(execution) => go({ execution: execution.id }, search.execution !== undefined)}
          />
        ) : search.path ? (
          <PathDrawing
            executionId={search.path}
            zone={workspace.timeZone}
            actions={
              <>
                <Button size="xs" onClick={() => go({ execution: search.path })}>
                  Show steps
                </Button>
                <IconButton icon={X} label="Show the flow without this path" size="xs" onClick={() => go({ path: undefined })} />
              </>
            }
          />
        ) : (
          <>
            {problems.length > 0 && (
              <Box p="3" borderBottomWidth="1px">
                <FlowProblems problems={problems} graph={flow.data} />
              </Box>
            )}
            <Box flex="1" minH="0">
              <LazyDrawing label={name} graph={flow.data} problems={problems} />
            </Box>
          </>
        )}
      </Flex>
      <ExecutionPanel
        executionId={search.execution ?? null}
        onClose={() => go({ execution: undefined })}
        onShowPath={(id) => go({ tab: "flow", path: id, execution: undefined })}
        zone={workspace.timeZone}
      />
    </Page>
  );
}
