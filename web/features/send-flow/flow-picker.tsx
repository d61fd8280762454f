import { Combobox, createListCollection, Flex, Text } from "@chakra-ui/react";
import { useQueries } from "@tanstack/react-query";
import { type Ref, useMemo, useState } from "react";
import type { FlowSummary } from "#contract/flows.ts";
import { inlineList } from "#ui/fields/inline-list.ts";
import { plural } from "#ui/format.ts";
import { flowQuery } from "#web/entities/flows/flow-queries.ts";
import { pickerOrder } from "./picker-order.ts";

interface FlowPickerProps {
  flows: readonly FlowSummary[];
  value: string | null;
  onChange: (flowId: string | null) => void;
  disabled: boolean;
  ref?: Ref<HTMLInputElement>;
}

/** The reasons are read for at most this many flows that cannot start. */
const mostReasons = 20;

/** Chooses a flow by name. Flows that cannot start are listed too, with the reason, so that people do not look for them in vain. */
export function FlowPicker({ flows, value, onChange, disabled, ref }: FlowPickerProps) {
  const [wanted, setWanted] = useState("");
  const { favourites, recent, others } = useMemo(() => {
    const matching = flows.filter((flow) => flow.name.toLocaleLowerCase().includes(wanted));
    return pickerOrder(matching);
  }, [flows, wanted]);
  const collection = useMemo(
    () =>
      createListCollection({
        items: [...favourites, ...recent, ...others],
        itemToString: (flow) => flow.name,
        itemToValue: (flow) => flow.id,
        isItemDisabled: (flow) => !flow.canStart,
      }),
    [favourites, recent, others],
  );
  const reasons = useReasons(flows);
  const item = (flow: FlowSummary) => (
    <Combobox.Item key={flow.id} item={flow} _disabled={{ opacity: 1, cursor: "not-allowed" }}>
      <Flex direction="column" minWidth="0" flex="1">
        <Flex justify="space-between" gap="3" align="baseline">
          <Combobox.ItemText truncate color={flow.canStart ? undefined : "fg.muted"}>
            {flow.name}
          </Combobox.ItemText>
          <Text as="span" textStyle="xs" color="fg.muted" flexShrink="0">
            {plural(flow.stepCount, "step")}
          </Text>
        </Flex>
        {!flow.canStart && (
          <Text textStyle="xs" color="fg.warning">
            Cannot start: {reasons.get(flow.id) ?? "fix its problems first."}
          </Text>
        )}
      </Flex>
      <Combobox.ItemIndicator />
    </Combobox.Item>
  );
  const isSplit = favourites.length + recent.length > 0;
  const group = (label: string, of: readonly FlowSummary[]) =>
    of.length > 0 && (
      <Combobox.ItemGroup>
        <Combobox.ItemGroupLabel textStyle="label" color="fg.muted">
          {label}
        </Combobox.ItemGroupLabel>
        {of.map(item)}
      </Combobox.ItemGroup>
    );
  return (
    <Combobox.Root
      collection={collection}
      value={value === null ? [] : [value]}
      // The input keeps its own text. A controlled input would lose letters in fast typing.
      onInputValueChange={({ inputValue, reason }) => {
        setWanted(reason === "input-change" ? inputValue.trim().toLocaleLowerCase() : "");
        if (reason === "input-change" && inputValue === "") onChange(null);
      }}
      onValueChange={({ value: chosen }) => onChange(chosen[0] ?? null)}
      onOpenChange={({ open }) => !open && setWanted("")}
      openOnClick
      inputBehavior="autohighlight"
      disabled={disabled}
      required
      size="sm"
    >
      <Combobox.Label fontWeight="medium" textStyle="sm">
        Select Flow:{" "}
        <Text as="span" color="fg.error" aria-hidden>
          *
        </Text>
      </Combobox.Label>
      <Combobox.Control>
        <Combobox.Input ref={ref} placeholder="Choose a flow to send" bg="bg.panel" borderColor="border.control" />
        <Combobox.IndicatorGroup>
          <Combobox.Trigger aria-label="Show flows" />
        </Combobox.IndicatorGroup>
      </Combobox.Control>
      <Combobox.Positioner css={inlineList}>
        <Combobox.Content boxShadow="none" borderWidth="1px" maxHeight="64" overflowY="auto">
          {isSplit ? (
            <>
              {group("Favourites", favourites)}
              {group("Recent", recent)}
              {group("All flows", others)}
            </>
          ) : (
            others.map(item)
          )}
          {collection.size === 0 && <Combobox.Empty>No flow has this name.</Combobox.Empty>}
        </Combobox.Content>
      </Combobox.Positioner>
    </Combobox.Root>
  );
}

/** The first error of each flow that cannot start. */
function useReasons(flows: readonly FlowSummary[]): ReadonlyMap<string, string> {
  const blocked = flows.filter((flow) => !flow.canStart).slice(0, mostReasons);
  return useQueries({
    queries: blocked.map((flow) => flowQuery(flow.id)),
    combine: (answers) =>
      new Map(
        answers.flatMap(({ data }) => {
          const first = data?.problems.find((problem) => problem.severity === "error");
          return data && first ? [[data.id, first.message] as const] : [];
        }),
      ),
  });
}
