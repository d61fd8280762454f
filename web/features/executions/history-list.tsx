import { Flex } from "@chakra-ui/react";
import { ArrowUp, History, SearchX, SquareArrowOutUpRight } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import type { Execution } from "#contract/executions.ts";
import { Button } from "#ui/button.tsx";
import { useRowMenu } from "#ui/data-table/row-menu.tsx";
import { useNarrow } from "#ui/data-table/use-narrow.ts";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { formatCount } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import type { HistoryScope } from "#web/entities/executions/execution-keys.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { useNow } from "#web/lib/use-now.ts";
import { HistoryRow, historyColumns } from "./history-columns.tsx";
import { StaleNote } from "./stale-note.tsx";
import { useExecutionControls } from "./use-execution-controls.tsx";
import { useHistory } from "./use-history.ts";

interface HistoryListProps {
  scope: HistoryScope;
  onOpen: (execution: Execution) => void;
  zone: string;
  whenEmpty?: ReactNode;
  /** Set when a filter is active. An empty list then means that nobody matches, not that nobody was enrolled. */
  clearFilters?: () => void;
}

const rowId = (execution: Execution) => execution.id;
const rowLabel = (execution: Execution) => (execution.contactId === null ? "Deleted contact" : (execution.contactName ?? "No name"));

export function HistoryList({ scope, onOpen, zone, whenEmpty, clearFilters }: HistoryListProps) {
  const history = useHistory(scope);
  const now = useNow();
  const narrow = useNarrow();
  const columns = useMemo(() => historyColumns(now, zone), [now, zone]);
  const { can } = useSession();
  const controls = useExecutionControls();
  const menu = useRowMenu<Execution>(rowLabel, (execution) => [
    { label: "Open", icon: SquareArrowOutUpRight, onSelect: () => onOpen(execution) },
    ...controls.items(execution),
  ]);
  const { fresh, more, stale } = history;
  return (
    <Flex direction="column" flex="1" minH="0" position="relative">
      <DataTable
        label="Enrollment history"
        columns={columns}
        rows={history.rows}
        rowId={rowId}
        rowLabel={rowLabel}
        loading={history.loading ? "first" : null}
        error={
          history.error ? (
            <LoadError title="The history could not be loaded" error={history.error} onRetry={history.retry} retrying={history.retrying} />
          ) : undefined
        }
        empty={<NobodyHere clearFilters={clearFilters} whenEmpty={whenEmpty} />}
        more={{
          has: more.has,
          load: more.load,
          error: more.error ? <LoadError title="More could not be loaded" error={more.error} onRetry={more.retry} /> : undefined,
        }}
        onOpen={onOpen}
        rowActions={can("editor") ? menu.button : undefined}
        compactRow={(execution) => <HistoryRow execution={execution} now={now} zone={zone} />}
        rememberAs={narrow ? undefined : "enrollment-history"}
        listKey={String(history.generation)}
      />
      {/* Over the rows, not above them: a line that comes and goes would move what is being read. */}
      <Flex position="absolute" top="11" insetX="0" justify="center" gap="2" pointerEvents="none" zIndex="3" aria-live="polite">
        {fresh.count > 0 && !history.error && (
          <Button
            tone="primary"
            size="xs"
            icon={ArrowUp}
            borderRadius="full"
            pointerEvents="auto"
            boxShadow="md"
            onClick={history.showNewest}
          >
            {formatCount(fresh.count)}
            {fresh.isMore ? "+" : ""} new
          </Button>
        )}
        {stale && !history.error && <StaleNote {...stale} zone={zone} />}
      </Flex>
      {menu.menu}
      {controls.dialogs}
    </Flex>
  );
}

function NobodyHere({ clearFilters, whenEmpty }: { clearFilters?: () => void; whenEmpty?: ReactNode }) {
  return clearFilters ? (
    <EmptyState icon={SearchX} title="No enrollment matches" action={<Button onClick={clearFilters}>Clear filters</Button>}>
      Others are hidden by the filters above.
    </EmptyState>
  ) : (
    (whenEmpty ?? (
      <EmptyState icon={History} title="Nobody has been enrolled yet">
        Send this flow to contacts, and every one of them appears here with each step that was done.
      </EmptyState>
    ))
  );
}
