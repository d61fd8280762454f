import { Box, Flex } from "@chakra-ui/react";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { sendEvidenceRoutes } from "#contract/routes/send-evidence.ts";
import { isSendGoing } from "#contract/sends.ts";
import { Page } from "#ui/page.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { StatusBadge } from "#ui/status-badge.tsx";
import { TabBar } from "#ui/tab-bar.tsx";
import { CurrentChannelTroubles } from "#web/entities/queue/channel-trouble.tsx";
import { sendBadge } from "#web/entities/sends/send-state.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { Missing } from "#web/entities/workspace/missing.tsx";
import { EnrollmentHistory } from "#web/features/executions/enrollment-history.tsx";
import { ExecutionPanel } from "#web/features/executions/execution-panel.tsx";
import { ExportLink } from "#web/features/executions/export-link.tsx";
import { readHistoryFilters, writeHistoryFilters } from "#web/features/executions/history-filters.tsx";
import { ApprovedBy } from "#web/features/sends/approval-comment.tsx";
import { ApprovalPanel } from "#web/features/sends/approval-panel.tsx";
import { NobodyEnrolled } from "#web/features/sends/nobody-enrolled.tsx";
import { SendActions } from "#web/features/sends/send-actions.tsx";
import { SendCanaryState } from "#web/features/sends/send-canary-state.tsx";
import { SendChart } from "#web/features/sends/send-chart.tsx";
import { SendClicks } from "#web/features/sends/send-clicks.tsx";
import { SendForecast } from "#web/features/sends/send-forecast.tsx";
import { SendHealing } from "#web/features/sends/send-healing.tsx";
import { SendProgress } from "#web/features/sends/send-progress.tsx";
import { SendSituation } from "#web/features/sends/send-situation.tsx";
import { SendTerms } from "#web/features/sends/send-terms.tsx";
import { SkipList } from "#web/features/sends/skip-list.tsx";
import { useLiveSend } from "#web/features/sends/use-live-send.ts";
import { useSendControls } from "#web/features/sends/use-send-controls.tsx";
import { urlOf } from "#web/lib/api.ts";
import { useNow } from "#web/lib/use-now.ts";

const ProofTab = lazy(async () => ({ default: (await import("./proof-tab.tsx")).ProofTab }));

const panelId = "send-tab";

export function SendPage() {
  const { sendId } = useParams({ from: "/member/sends/$sendId" });
  const search = useSearch({ from: "/member/sends/$sendId" });
  const navigate = useNavigate();
  const { workspace, can } = useSession();
  const zone = workspace.timeZone;
  const { send, tell, error, retry, retrying, interrupted } = useLiveSend(sendId);
  const controls = useSendControls({ zone, onChanged: tell });
  const now = useNow(2000);
  const mayAct = can("editor");
  const go = (change: Partial<typeof search>, replace = false) =>
    void navigate({ to: "/sends/$sendId", params: { sendId }, search: { ...search, ...change }, replace });
  const parent = <Link to="/sends">Sends</Link>;

  if (!send) {
    return (
      <Page title="Send" parent={parent}>
        {error ? (
          <Missing kind="send" id={sendId} title="This send could not be loaded" error={error} onRetry={retry} retrying={retrying} />
        ) : (
          <SkeletonRows label="Loading the send" />
        )}
      </Page>
    );
  }
  const tab =
    search.tab === "skipped" || search.tab === "chart" || search.tab === "proof" || (search.tab === "forecast" && send.forecastId !== null)
      ? search.tab
      : "enrolled";
  // A test send keeps its messages here, and a provider in trouble does not hold it up.
  const isGoing = !send.isTest && isSendGoing(send.state);
  const { status, label } = sendBadge(send, now, zone);
  return (
    <Page
      title={send.flowName}
      parent={parent}
      badge={<StatusBadge status={status} label={send.isTest && status !== "captured" ? `Test · ${label}` : label} />}
      actions={
        <>
          {can("admin") && (
            <ExportLink
              url={urlOf(sendEvidenceRoutes, "sendEvidence", { params: { id: send.id } })}
              fileName={`evidence-${send.id}.zip`}
              title="Everything on record about this send, with sums to check it by, as a ZIP file"
              label="Evidence"
            />
          )}
          {mayAct && <SendActions send={send} controls={controls} />}
        </>
      }
      scroll={false}
    >
      {/* On a phone what stands above is taller than the screen: the page scrolls, and what its tab shows has room of its own. */}
      <Flex direction="column" flex="1" minH="0" overflowY={{ base: send.state === "awaiting_approval" ? "hidden" : "auto", md: "hidden" }}>
        {send.canary && send.state !== "awaiting_approval" && (
          <SendCanaryState send={send} canary={send.canary} controls={mayAct ? controls : null} now={now} zone={zone} />
        )}
        <SendSituation send={send} controls={mayAct ? controls : null} now={now} zone={zone} />
        {isGoing && (
          <Box px={{ base: "4", md: "6" }} pt="3">
            <CurrentChannelTroubles />
          </Box>
        )}
        {/* Nobody of a send that waits is enrolled, so there is no progress to show. */}
        {send.state !== "awaiting_approval" && (
          <SendProgress
            send={send}
            interrupted={interrupted}
            now={now}
            zone={zone}
            onShowMissed={(missed) => go({ tab: undefined, status: undefined, q: undefined, missed })}
          />
        )}
        <SendHealing send={send} mayAct={mayAct} />
        <SendClicks sendId={sendId} />
        {send.approval === "approved" && <ApprovedBy send={send} />}
        <SendTerms sendId={send.id} />
        {send.state === "awaiting_approval" ? (
          <ApprovalPanel send={send} now={now} zone={zone} onChanged={tell} />
        ) : (
          <>
            <Flex px={{ base: "4", md: "6" }} borderBottomWidth="1px">
              <TabBar
                label="Parts of the send"
                tabs={[
                  { value: "enrolled", label: "Enrolled", count: send.enrolled },
                  { value: "skipped", label: "Not enrolled", count: send.notEnrolled },
                  { value: "chart", label: "Over time" },
                  { value: "proof", label: "Proof" },
                  ...(send.forecastId === null ? [] : [{ value: "forecast" as const, label: "Forecast" }]),
                ]}
                value={tab}
                onChange={(next) => go({ tab: next === "enrolled" ? undefined : next })}
                panelId={panelId}
              />
            </Flex>
            <Flex
              id={panelId}
              role="tabpanel"
              direction="column"
              flex={{ base: "none", md: "1" }}
              height={{ base: "80dvh", md: "auto" }}
              minH="0"
            >
              {tab === "enrolled" ? (
                <EnrollmentHistory
                  sendId={sendId}
                  zone={zone}
                  {...readHistoryFilters(search)}
                  onFilters={(next) => {
                    const { send: _, ...address } = writeHistoryFilters(next);
                    go(address, true);
                  }}
                  stepsOf={send.flowId}
                  whenEmpty={<NobodyEnrolled send={send} onShowNotEnrolled={() => go({ tab: "skipped" })} />}
                  onOpen={(execution) => go({ execution: execution.id }, search.execution !== undefined)}
                />
              ) : tab === "skipped" ? (
                <SkipList sendId={sendId} notEnrolled={send.notEnrolled} />
              ) : tab === "chart" ? (
                <SendChart send={send} />
              ) : tab === "proof" ? (
                <Box flex="1" minH="0" overflowY="auto" px={{ base: "4", md: "6" }} py="4">
                  <Suspense fallback={<SkeletonRows rows={6} columns={["30%", "25%", "20%"]} label="Loading the record of messages" />}>
                    <ProofTab of={{ kind: "send", id: send.id }} zone={zone} />
                  </Suspense>
                </Box>
              ) : (
                <SendForecast send={send} zone={zone} />
              )}
            </Flex>
          </>
        )}
      </Flex>
      <ExecutionPanel
        executionId={search.execution ?? null}
        onClose={() => go({ execution: undefined })}
        onShowPath={(id) => void navigate({ to: "/flows/$flowId", params: { flowId: send.flowId }, search: { tab: "flow", path: id } })}
        zone={zone}
      />
      {controls.dialogs}
    </Page>
  );
}
