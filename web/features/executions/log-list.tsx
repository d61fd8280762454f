import { Flex } from "@chakra-ui/react";
import { ArrowUp, History, Route, SearchX, SquareArrowOutUpRight } from "lucide-react";
import { useMemo } from "react";
import type { LoggedStep } from "#contract/executions.ts";
import { Button } from "#ui/button.tsx";
import { useRowMenu } from "#ui/data-table/row-menu.tsx";
import { useNarrow } from "#ui/data-table/use-narrow.ts";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { formatCount } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import type { StepLogScope } from "#web/entities/executions/step-log-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { LogRow, logColumns, rowLabel } from "./log-columns.tsx";
import { StaleNote } from "./stale-note.tsx";
import { useExecutionControls } from "./use-execution-controls.tsx";
import { useStepLog } from "./use-step-log.ts";

export interface LogListProps {
  scope: StepLogScope;
  zone: string;
  /** Opens the record of the enrollment, where the step stands with what it was given and what it answered. */
  onOpen: (executionId: string) => void;
  onShowPath: (executionId: string) => void;
  /** Set when a filter is active. */
  clearFilters?: () => void;
}

const rowId = ({ id }: LoggedStep) => id;
const executionOf = ({ executionId, executionStatus, contactId, contactName, flowName }: LoggedStep) => ({
  id: executionId,
  status: executionStatus,
  contactId,
  contactName,
  flowName,
  currentNodeLabel: null,
});

export function LogList({ scope, zone, onOpen, onShowPath, clearFilters }: LogListProps) {
  const log = useStepLog(scope);
  const narrow = useNarrow();
  const columns = useMemo(() => logColumns(zone), [zone]);
  const { can } = useSession();
  const controls = useExecutionControls();
  const menu = useRowMenu<LoggedStep>(rowLabel, (step) => [
    { label: "Open", icon: SquareArrowOutUpRight, onSelect: () => onOpen(step.executionId) },
    { label: "Show path", icon: Route, onSelect: () => onShowPath(step.executionId) },
    ...(can("editor") ? controls.items(executionOf(step)) : []),
  ]);
  const { fresh, more, stale } = log;
  return (
    <Flex direction="column" flex="1" minH="0" position="relative">
      <DataTable
        label="Execution logs"
        columns={columns}
        rows={log.rows}
        rowId={rowId}
        rowLabel={rowLabel}
        loading={log.loading ? "first" : null}
        error={
          log.error ? (
            <LoadError title="The logs could not be loaded" error={log.error} onRetry={log.retry} retrying={log.retrying} />
          ) : undefined
        }
        empty={<NothingHere clearFilters={clearFilters} />}
        more={{
          has: more.has,
          load: more.load,
          error: more.error ? <LoadError title="More could not be loaded" error={more.error} onRetry={more.retry} /> : undefined,
        }}
        onOpen={(step) => onOpen(step.executionId)}
        rowActions={menu.button}
        compactRow={(step) => <LogRow step={step} zone={zone} />}
        rememberAs={narrow ? undefined : "execution-logs"}
        listKey={String(log.generation)}
      />
      {/* Over the rows, not above them: a line that comes and goes would move what is being read. */}
      <Flex position="absolute" top="11" insetX="0" justify="center" gap="2" pointerEvents="none" zIndex="3" aria-live="polite">
        {fresh.count > 0 && !log.error && (
          <Button tone="primary" size="xs" icon={ArrowUp} borderRadius="full" pointerEvents="auto" boxShadow="md" onClick={log.showNewest}>
            {formatCount(fresh.count)}
            {fresh.isMore ? "+" : ""} new
          </Button>
        )}
        {stale && !log.error && <StaleNote {...stale} zone={zone} />}
      </Flex>
      {menu.menu}
      {controls.dialogs}
    </Flex>
  );
}

function NothingHere({ clearFilters }: { clearFilters?: () => void }) {
  return clearFilters ? (
    <EmptyState icon={SearchX} title="No step matches" action={<Button onClick={clearFilters}>Clear filters</Button>}>
      Others are hidden by the filters above.
    </EmptyState>
  ) : (
    <EmptyState icon={History} title="No step has been taken yet">
      Send this flow to contacts, and every step that is done for one of them appears here.
    </EmptyState>
  );
}
