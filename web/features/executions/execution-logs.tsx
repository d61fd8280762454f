import { Box, Flex } from "@chakra-ui/react";
import { ChevronDown } from "lucide-react";
import { type StepStatus, stepStatuses } from "#contract/executions.ts";
import { Button } from "#ui/button.tsx";
import { SearchField } from "#ui/fields/search-field.tsx";
import { upperFirst } from "#ui/format.ts";
import { ActionMenu } from "#ui/menu.tsx";
import { UnreadableFilter } from "#ui/unreadable-filter.tsx";
import { stepExportUrl } from "#web/entities/executions/step-log-queries.ts";
import { useStepNames, useVersionNames } from "#web/entities/flows/use-flow-names.ts";
import { ExportLink } from "./export-link.tsx";
import { FilterBox, OneOrAny, PeriodFields, ReasonChoice, RunsChoice } from "./filter-box.tsx";
import { SendChoice } from "./history-filters.tsx";
import { isLogFiltered, type LogFilters, logScope, noLogFilters } from "./log-filters.ts";
import { LogList, type LogListProps } from "./log-list.tsx";
import { MoreFilterChips } from "./more-filters.tsx";

interface ExecutionLogsProps extends Pick<LogListProps, "onOpen" | "onShowPath" | "zone"> {
  flowId: string;
  filters: LogFilters;
  /** Parts of the address that name no filter. While there are any, nothing is listed. */
  unreadable: readonly string[];
  onFilters: (filters: LogFilters) => void;
}

/** Every step that was taken in a flow, newest first: what was done for whom, how it ended, and why. */
export function ExecutionLogs({ flowId, filters, unreadable, onFilters, zone, ...list }: ExecutionLogsProps) {
  const { status, search, sendId, more } = filters;
  const scope = logScope(filters, flowId, zone);
  const clear = () => onFilters(noLogFilters);
  const change = (part: Partial<LogFilters>) => onFilters({ ...filters, ...part });
  return (
    <Flex direction="column" flex="1" minH="0" minW="0">
      <Flex gap="2" wrap="wrap" px={{ base: "4", md: "6" }} py="2" borderBottomWidth="1px">
        <Box width={{ base: "full", sm: "56" }}>
          <SearchField label="Search contacts" value={search} onChange={(text) => change({ search: text })} width="full" />
        </Box>
        <StatusChoice value={status} onChange={(next) => change({ status: next })} />
        <SendChoice flowId={flowId} value={sendId} onChange={(next) => change({ sendId: next })} zone={zone} />
        <FilterBox label="Filter steps">
          <Fields more={more} onChange={(next) => change({ more: next })} flowId={flowId} />
        </FilterBox>
        <Box flex="1" />
        {unreadable.length === 0 && (
          <ExportLink url={stepExportUrl(scope)} fileName="steps.csv" title="All steps listed here, as a CSV file" />
        )}
        <MoreFilterChips more={more} onChange={(next) => change({ more: next })} onClear={clear} flowId={flowId} zone={zone} of="steps" />
      </Flex>
      {unreadable.length > 0 ? (
        <UnreadableFilter parts={unreadable} clearLabel="Show all steps" onClear={clear} />
      ) : (
        <LogList
          key={JSON.stringify(scope)}
          scope={scope}
          zone={zone}
          clearFilters={isLogFiltered(filters) ? clear : undefined}
          {...list}
        />
      )}
    </Flex>
  );
}

function StatusChoice({ value, onChange }: { value: readonly StepStatus[]; onChange: (value: readonly StepStatus[]) => void }) {
  const [first] = value;
  const chosen = !first ? "Any status" : value.length === 1 ? upperFirst(first) : `${value.length} statuses`;
  const toggle = (one: StepStatus) => onChange(value.includes(one) ? value.filter((each) => each !== one) : [...value, one]);
  return (
    <ActionMenu
      placement="bottom-start"
      trigger={
        <Button aria-label={`Status: ${chosen}`} data-active={value.length > 0 || undefined}>
          {chosen}
          <ChevronDown aria-hidden />
        </Button>
      }
      items={[
        ...stepStatuses.map((one) => ({ label: upperFirst(one), checked: value.includes(one), onSelect: () => toggle(one) })),
        "separator" as const,
        { label: "Any status", disabled: value.length === 0, onSelect: () => onChange([]) },
      ]}
    />
  );
}

interface FieldsProps {
  more: LogFilters["more"];
  onChange: (more: LogFilters["more"]) => void;
  flowId: string;
}

/** Mounted while the box is open, which is when the names are read. */
function Fields({ more, onChange, flowId }: FieldsProps) {
  const steps = useStepNames(flowId);
  const versions = useVersionNames(flowId);
  const set = (change: LogFilters["more"]) =>
    onChange(Object.fromEntries(Object.entries({ ...more, ...change }).filter(([, value]) => value !== undefined)));
  return (
    <>
      <OneOrAny label="Step" any="Any step" value={more.at} onChange={(at) => set({ at })} options={steps} />
      <ReasonChoice value={more.reason} onChange={(reason) => set({ reason })} />
      <OneOrAny label="Version" any="Any version" value={more.version} onChange={(version) => set({ version })} options={versions} />
      <RunsChoice value={more.runs} onChange={(runs) => set({ runs })} />
      <PeriodFields from={more.from} to={more.to} onChange={set} labels={["From", "Until"]} />
    </>
  );
}
