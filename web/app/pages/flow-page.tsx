import { Box, Flex, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { ClipboardList, Ellipsis, X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { FlowNode } from "#contract/flows.ts";
import { Button } from "#ui/button.tsx";
import { plural } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { lazyLater } from "#ui/lazy-later.ts";
import { ActionMenu } from "#ui/menu.tsx";
import { Page } from "#ui/page.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { TabBar } from "#ui/tab-bar.tsx";
import { useLastShown } from "#ui/use-last-shown.ts";
import { flowQuery, importReportQuery } from "#web/entities/flows/flow-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { Missing } from "#web/entities/workspace/missing.tsx";
import { EnrollmentHistory } from "#web/features/executions/enrollment-history.tsx";
import { ExecutionPanel } from "#web/features/executions/execution-panel.tsx";
import { noFilters, readHistoryFilters, writeHistoryFilters } from "#web/features/executions/history-filters.tsx";
import { readLogFilters, writeLogFilters } from "#web/features/executions/log-filters.ts";
import { FavouriteButton } from "#web/features/flows/favourite-button.tsx";
import { FlowProblems } from "#web/features/flows/flow-problems.tsx";
import { PeopleHere } from "#web/features/flows/people-here.tsx";
import { ProblemBadge } from "#web/features/flows/problem-badge.tsx";
import { useFlowActions } from "#web/features/flows/use-flow-actions.tsx";
import { LiveDrawing } from "./live-drawing.tsx";
import { PathDrawing } from "./path-drawing.tsx";

const MessageReading = lazyLater(async () => (await import("#web/features/flows/message-reading.tsx")).MessageReading);

/** Fetched when their tab is opened: most who look at a flow change nothing. */
const Builder = lazy(async () => ({ default: (await import("#web/features/flow-builder/builder.tsx")).Builder }));
const ImportReport = lazy(async () => ({ default: (await import("#web/features/flows/import-report.tsx")).ImportReport }));
const ExecutionLogs = lazy(async () => ({ default: (await import("#web/features/executions/execution-logs.tsx")).ExecutionLogs }));
const TestsTab = lazy(async () => ({ default: (await import("#web/features/flow-builder/tests/tests-tab.tsx")).TestsTab }));
const Versions = lazy(async () => ({ default: (await import("#web/features/flow-builder/versions/versions.tsx")).Versions }));

const tabs = [
  { value: "history", label: "Enrollment History" },
  { value: "logs", label: "Execution Logs" },
  { value: "flow", label: "Flow" },
  { value: "edit", label: "Builder" },
  { value: "settings", label: "Settings" },
  { value: "tests", label: "Tests" },
  { value: "versions", label: "Versions" },
] as const;
type Tab = (typeof tabs)[number]["value"];
const panelId = "flow-tab";

export function FlowPage() {
  const { flowId } = useParams({ from: "/member/flows/$flowId" });
  const search = useSearch({ from: "/member/flows/$flowId" });
  const navigate = useNavigate();
  const { workspace, can } = useSession();
  const flow = useQuery(flowQuery(flowId));
  const go = (change: Partial<typeof search>, replace = false) =>
    void navigate({ to: "/flows/$flowId", params: { flowId }, search: { ...search, ...change }, replace });
  const parent = <Link to="/flows">Flows</Link>;
  const actions = useFlowActions({
    onOpen: (copy) => void navigate({ to: "/flows/$flowId", params: { flowId: copy.id }, search: { tab: "edit" } }),
    onGone: () => void navigate({ to: "/flows" }),
  });

  // Before it is published, only its draft tells whether it was imported.
  const isUnpublished = flow.data?.nodes.length === 0;
  const report = useQuery({ ...importReportQuery(flowId), enabled: isUnpublished, refetchInterval: false });
  const [asked, setAsked] = useState(search.step === undefined ? undefined : { step: search.step });
  const [reading, setReading] = useState<FlowNode | null>(null);
  const { shown, opening } = useLastShown(reading);

  if (flow.isPending || !flow.data) {
    return (
      <Page title="Flow" parent={parent}>
        {flow.isPending ? (
          <SkeletonRows label="Loading the flow" />
        ) : (
          <Missing
            kind="flow"
            id={flowId}
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
  const isImported = nodes.some(({ data }) => "cameInAs" in data) || report.data?.lines.some(({ kind }) => kind === "changed");
  const tab: Tab = tabs.find(({ value }) => value === search.tab)?.value ?? "history";
  return (
    <Page
      title={name}
      parent={parent}
      badge={
        <Flex gap="2" align="center">
          <Text as="span" color="fg.muted" textStyle="sm" whiteSpace="nowrap">
            {nodes.length === 0 ? "Not published" : plural(nodes.length, "step")}
          </Text>
          {flow.data.archivedAt !== null && (
            <Text as="span" color="fg.warning" textStyle="sm" whiteSpace="nowrap">
              Archived
            </Text>
          )}
          {errors > 0 && <ProblemBadge count={errors} />}
        </Flex>
      }
      actions={
        <>
          <PeopleHere flowId={flowId} />
          <FavouriteButton flowId={flowId} />
          {can("editor") && (
            <ActionMenu
              trigger={<IconButton icon={Ellipsis} label={`Actions for ${name}`} tooltip="title" tone="secondary" />}
              items={[
                ...actions.items(flow.data),
                ...(isImported && search.report === undefined
                  ? [{ label: "Import report", icon: ClipboardList, onSelect: () => go({ tab: "edit", report: "1" }) }]
                  : []),
              ]}
            />
          )}
        </>
      }
      tabs={
        <TabBar
          label="Parts of the flow"
          tabs={[...tabs]}
          value={tab}
          onChange={(next) => go({ tab: next === "history" ? undefined : next, path: undefined, status: undefined, test: undefined })}
          panelId={panelId}
        />
      }
      scroll={false}
    >
      <Flex id={panelId} role="tabpanel" direction="column" flex="1" minH="0">
        {tab === "edit" || tab === "settings" ? (
          <Flex flex="1" minH="0" direction={{ base: "column", lg: "row" }}>
            <Suspense fallback={<SkeletonRows columns={["3%", "45%"]} label="Loading the builder" />}>
              {tab === "edit" && search.report !== undefined && (
                <ImportReport flowId={flowId} onShowStep={(step) => setAsked({ step })} onClose={() => go({ report: undefined }, true)} />
              )}
              <Flex direction="column" flex="1" minH="0" minW="0">
                <Builder
                  flowId={flowId}
                  zone={workspace.timeZone}
                  canEdit={can("editor")}
                  asked={asked}
                  test={search.test}
                  onTest={(test) => go({ test }, true)}
                  part={tab === "settings" ? "settings" : "steps"}
                  onPart={(part) => go({ tab: part === "settings" ? "settings" : "edit" })}
                />
              </Flex>
            </Suspense>
          </Flex>
        ) : tab === "tests" ? (
          <Suspense fallback={<SkeletonRows label="Loading the tests" />}>
            <TestsTab
              flowId={flowId}
              zone={workspace.timeZone}
              canEdit={can("editor")}
              onShow={(test = "new") => go({ tab: "edit", test })}
            />
          </Suspense>
        ) : tab === "versions" ? (
          <Suspense fallback={<SkeletonRows rows={4} rowHeight="20" columns={["60%"]} label="Loading the versions" />}>
            <Versions flowId={flowId} zone={workspace.timeZone} canEdit={can("editor")} onRestored={() => go({ tab: "edit" })} />
          </Suspense>
        ) : tab === "logs" ? (
          <Suspense fallback={<SkeletonRows label="Loading the logs" />}>
            <ExecutionLogs
              flowId={flowId}
              zone={workspace.timeZone}
              {...readLogFilters(search)}
              onFilters={(next) => go(writeLogFilters(next), true)}
              onOpen={(execution) => go({ execution }, search.execution !== undefined)}
              onShowPath={(path) => go({ tab: "flow", path, execution: undefined })}
            />
          </Suspense>
        ) : tab === "history" ? (
          <EnrollmentHistory
            flowId={flowId}
            zone={workspace.timeZone}
            {...readHistoryFilters(search)}
            onFilters={(next) => go(writeHistoryFilters(next), true)}
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
            <LiveDrawing
              flow={flow.data}
              zone={workspace.timeZone}
              onRead={setReading}
              onShow={(more, sendId) => go({ ...writeHistoryFilters({ ...noFilters, more, sendId }), tab: undefined })}
            />
          </>
        )}
      </Flex>
      {actions.dialogs}
      {shown && (
        <Suspense>
          <MessageReading key={opening} open={reading !== null} onClose={() => setReading(null)} flowId={flowId} node={shown} />
        </Suspense>
      )}
      <ExecutionPanel
        executionId={search.execution ?? null}
        onClose={() => go({ execution: undefined })}
        onShowPath={(id) => go({ tab: "flow", path: id, execution: undefined })}
        zone={workspace.timeZone}
      />
    </Page>
  );
}
