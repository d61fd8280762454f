import { Box, Flex } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { type ExecutionStatus, executionStatuses } from "#contract/executions.ts";
import { channels } from "#contract/messages.ts";
import { Uuid } from "#contract/pagination.ts";
import { Button } from "#ui/button.tsx";
import { SearchField } from "#ui/fields/search-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { momentWords, plural } from "#ui/format.ts";
import { ActionMenu } from "#ui/menu.tsx";
import { type Missed, missedWords, parseMissed } from "#web/entities/executions/missed-words.ts";
import { sendsOfFlowQuery } from "#web/entities/sends/send-queries.ts";
import { sendStateLabels } from "#web/entities/sends/send-words.ts";
import { readChoices } from "#web/lib/read-choice.ts";
import { MoreFilters } from "./more-filters.tsx";
import { type Narrowing, readNarrowing, writeNarrowing } from "./narrowing.ts";

export interface HistoryFilters {
  status: readonly ExecutionStatus[];
  search: string;
  sendId: string | undefined;
  /** Only executions of which such a message did not leave. */
  missed: Missed | undefined;
  more: Narrowing;
}

export const noFilters: HistoryFilters = { status: [], search: "", sendId: undefined, missed: undefined, more: {} };

export const isFiltered = ({ status, search, sendId, missed, more }: HistoryFilters): boolean =>
  search !== "" || status.length > 0 || sendId !== undefined || missed !== undefined || Object.keys(more).length > 0;

interface HistoryAddress extends Narrowing {
  status?: string;
  q?: string;
  send?: string;
  missed?: string;
}

/** Reads the filters from an address. `unreadable` are the parts that name no filter. */
export function readHistoryFilters(address: HistoryAddress): {
  filters: HistoryFilters;
  unreadable: string[];
} {
  const { status, q = "", send, missed } = address;
  const statuses = readChoices(status, executionStatuses);
  const reason = parseMissed(missed);
  const further = readNarrowing(address);
  const isSend = send === undefined || Uuid.safeParse(send).success;
  return {
    filters: { status: statuses.values, search: q, sendId: isSend ? send : undefined, missed: reason, more: further.narrowing },
    unreadable: [
      ...statuses.unreadable,
      ...(isSend ? [] : [send]),
      ...(missed !== undefined && reason === undefined ? [missed] : []),
      ...further.unreadable,
    ],
  };
}

/** The filters as an address holds them; each name is there, so that the address loses what is no filter any more. */
export const writeHistoryFilters = ({ status, search, sendId, missed, more }: HistoryFilters): HistoryAddress => ({
  status: status.join(",") || undefined,
  q: search || undefined,
  send: sendId,
  missed,
  ...writeNarrowing(more),
});

/** The choices of the status filter. A waiting execution is one that runs, so both are found together. */
const statusWords: Record<ExecutionStatus, string> = {
  pending: "Pending or scheduled",
  running: "Running or waiting",
  completed: "Completed",
  failed: "Failed",
  cancelled: "Cancelled",
  partial_failure: "Finished with errors",
};

/** The choices of the filter for messages. A reason that a link led to is one of them too, so that it does not act unseen. */
const missedChoices = (chosen: Missed | undefined): Missed[] => {
  const usual: Missed[] = ["nobody", "captured", "any", ...channels];
  return chosen === undefined || usual.includes(chosen) ? usual : [...usual, chosen];
};

interface HistoryFiltersProps {
  value: HistoryFilters;
  onChange: (filters: HistoryFilters) => void;
  /** The flow whose sends are offered. */
  flowId?: string;
  /** The flow whose steps and versions are offered. */
  stepsOf?: string;
  zone: string;
}

export function HistoryFilterBar({ value, onChange, flowId, stepsOf, zone }: HistoryFiltersProps) {
  const { status, search, sendId, missed } = value;
  const toggle = (one: ExecutionStatus) =>
    onChange({ ...value, status: status.includes(one) ? status.filter((each) => each !== one) : [...status, one] });
  const [first] = status;
  const chosen = status.length === 0 || !first ? "Any status" : status.length === 1 ? statusWords[first] : `${status.length} statuses`;
  return (
    <Flex gap="2" wrap="wrap" flex="1" minW="0">
      <Box width={{ base: "full", sm: "56" }}>
        <SearchField label="Search contacts" value={search} onChange={(text) => onChange({ ...value, search: text })} width="full" />
      </Box>
      <ActionMenu
        placement="bottom-start"
        trigger={
          <Button aria-label={`Status: ${chosen}`} data-active={status.length > 0 || undefined}>
            {chosen}
            <ChevronDown aria-hidden />
          </Button>
        }
        items={[
          ...executionStatuses.map((one) => ({ label: statusWords[one], checked: status.includes(one), onSelect: () => toggle(one) })),
          "separator" as const,
          { label: "Any status", disabled: status.length === 0, onSelect: () => onChange({ ...value, status: [] }) },
        ]}
      />
      <ActionMenu
        placement="bottom-start"
        trigger={
          <Button aria-label={`Messages: ${missed ? missedWords(missed) : "Any messages"}`} data-active={missed !== undefined || undefined}>
            {missed ? missedWords(missed) : "Any messages"}
            <ChevronDown aria-hidden />
          </Button>
        }
        items={[
          ...missedChoices(missed).map((one) => ({
            label: missedWords(one),
            checked: missed === one,
            onSelect: () => onChange({ ...value, missed: missed === one ? undefined : one }),
          })),
          "separator" as const,
          { label: "Any messages", disabled: missed === undefined, onSelect: () => onChange({ ...value, missed: undefined }) },
        ]}
      />
      {flowId && <SendChoice flowId={flowId} value={sendId} onChange={(next) => onChange({ ...value, sendId: next })} zone={zone} />}
      <MoreFilters more={value.more} onChange={(more) => onChange({ ...value, more })} flowId={stepsOf} />
    </Flex>
  );
}

interface SendChoiceProps {
  flowId: string;
  value: string | undefined;
  onChange: (sendId: string | undefined) => void;
  zone: string;
}

export function SendChoice({ flowId, value, onChange, zone }: SendChoiceProps) {
  const sends = useQuery(sendsOfFlowQuery(flowId));
  const now = Date.now();
  const options = (sends.data?.items ?? []).map((send) => ({
    value: send.id,
    label: [
      momentWords(send.createdAt, now, zone),
      plural(send.total, "contact"),
      ...(send.launchedByName ? [send.launchedByName] : []),
      // Its history is empty as long as nobody has approved it.
      ...(send.state === "awaiting_approval" ? [sendStateLabels[send.state]] : []),
    ].join(" · "),
  }));
  // The filter also names an older send that a link led to. It would otherwise act unseen.
  if (value && !options.some((option) => option.value === value)) options.push({ value, label: "One send" });
  return (
    <Box flex="1" minW="40" maxW="60">
      <SelectField
        label="Send"
        hideLabel
        value={value ?? "any"}
        onChange={(next) => onChange(next === "any" ? undefined : next)}
        options={[{ value: "any", label: "All sends" }, ...options]}
      />
    </Box>
  );
}
