import { Flex } from "@chakra-ui/react";
import { RotateCcw } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Execution } from "#contract/executions.ts";
import { Button } from "#ui/button.tsx";
import { UnreadableFilter } from "#ui/unreadable-filter.tsx";
import { exportUrl } from "#web/entities/executions/execution-queries.ts";
import { RetryDialog, type RetryTarget } from "#web/entities/sends/retry-dialog.tsx";
import { useSession } from "#web/entities/session/use-session.ts";
import { ExportLink } from "./export-link.tsx";
import { HistoryFilterBar, type HistoryFilters, isFiltered, noFilters } from "./history-filters.tsx";
import { HistoryList } from "./history-list.tsx";
import { MoreFilterChips } from "./more-filters.tsx";
import { narrowingQuery } from "./narrowing.ts";

export interface EnrollmentHistoryProps {
  flowId?: string;
  /** The flow whose steps and versions the filters offer. */
  stepsOf?: string;
  /** The history is limited to this send, which the page has named already. */
  sendId?: string;
  filters: HistoryFilters;
  /** Parts of the address that name no filter. While there are any, nothing is listed. */
  unreadable?: readonly string[];
  onFilters: (filters: HistoryFilters) => void;
  onOpen: (execution: Execution) => void;
  /** The zone of the workspace. */
  zone: string;
  /** Shown when nobody has ever been enrolled. */
  whenEmpty?: ReactNode;
}

/** Lists everybody who was sent through a flow, newest first, and keeps the rows up to date while they are read. */
export function EnrollmentHistory({
  flowId,
  stepsOf = flowId,
  sendId,
  filters,
  unreadable = [],
  onFilters,
  onOpen,
  zone,
  whenEmpty,
}: EnrollmentHistoryProps) {
  const { status, search, missed, more } = filters;
  const scope = { flowId, sendId: sendId ?? filters.sendId, status, search, missed, narrowing: narrowingQuery(more, zone) };
  const filtered = isFiltered(filters);
  const clear = () => onFilters(noFilters);
  const { can } = useSession();
  const [retrying, setRetrying] = useState<RetryTarget | null>(null);
  return (
    <Flex direction="column" flex="1" minH="0" minW="0">
      <Flex gap="2" wrap="wrap" px={{ base: "4", md: "6" }} py="2" borderBottomWidth="1px">
        <HistoryFilterBar value={filters} onChange={onFilters} flowId={sendId ? undefined : flowId} stepsOf={stepsOf} zone={zone} />
        {filters.sendId && unreadable.length === 0 && can("editor") && (
          <Button icon={RotateCcw} onClick={() => setRetrying({ kind: "send", id: filters.sendId ?? "", name: "this send" })}>
            Retry failed
          </Button>
        )}
        {unreadable.length === 0 && (
          <ExportLink url={exportUrl(scope)} fileName="enrollments.csv" title="All enrollments listed here, as a CSV file" />
        )}
        <MoreFilterChips
          more={more}
          onChange={(next) => onFilters({ ...filters, more: next })}
          onClear={clear}
          flowId={stepsOf}
          zone={zone}
        />
      </Flex>
      {unreadable.length > 0 ? (
        <UnreadableFilter parts={unreadable} clearLabel="Show all enrollments" onClear={clear} />
      ) : (
        <HistoryList
          key={JSON.stringify(scope)}
          scope={scope}
          onOpen={onOpen}
          zone={zone}
          whenEmpty={filtered ? undefined : whenEmpty}
          clearFilters={filtered ? clear : undefined}
        />
      )}
      <RetryDialog target={retrying} onClose={() => setRetrying(null)} />
    </Flex>
  );
}
