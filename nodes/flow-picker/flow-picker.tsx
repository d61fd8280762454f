import { Combobox, createListCollection, Flex, Text } from "@chakra-ui/react";
import { useMemo, useState } from "react";
import { FieldFrame } from "#ui/fields/field.tsx";
import { inlineList } from "#ui/fields/inline-list.ts";
import type { FlowChoice } from "../node-panel.tsx";
import { flowState } from "./flow-words.tsx";

interface FlowPickerProps {
  label: string;
  hideLabel?: boolean;
  flows: readonly FlowChoice[];
  status: "pending" | "error" | "ready";
  /** The id of the chosen flow; empty where the field adds one to a list. */
  value: string;
  placeholder: string;
  error: string | undefined;
  disabled: boolean;
  onChange: (flowId: string) => void;
}

/** Chooses a flow by a few letters of its name. Each says whether it can be started. */
export function FlowPicker({ label, hideLabel, flows, status, value, placeholder, error, disabled, onChange }: FlowPickerProps) {
  const [wanted, setWanted] = useState("");
  const collection = useMemo(() => {
    const text = wanted.trim().toLowerCase();
    return createListCollection({
      items: flows.filter(({ name }) => name.toLowerCase().includes(text)),
      itemToString: ({ name }) => name,
      itemToValue: ({ id }) => id,
    });
  }, [flows, wanted]);
  return (
    <FieldFrame label={label} hideLabel={hideLabel} error={error} disabled={disabled}>
      <Combobox.Root
        collection={collection}
        value={value === "" ? [] : [value]}
        disabled={disabled}
        invalid={error !== undefined}
        selectionBehavior={value === "" ? "clear" : "replace"}
        onInputValueChange={({ inputValue, reason }) => setWanted(reason === "input-change" ? inputValue : "")}
        onValueChange={({ value: [id] }) => id !== undefined && id !== value && onChange(id)}
        openOnClick
        inputBehavior="autohighlight"
        size="sm"
      >
        <Combobox.Control>
          <Combobox.Input
            aria-label={label}
            placeholder={placeholder}
            bg="bg.panel"
            borderColor={error === undefined ? "border.control" : "border.error"}
          />
          <Combobox.IndicatorGroup>
            <Combobox.Trigger aria-label="Show flows" />
          </Combobox.IndicatorGroup>
        </Combobox.Control>
        <Combobox.Positioner css={inlineList}>
          <Combobox.Content boxShadow="none" borderWidth="1px" maxHeight="60" overflowY="auto">
            {collection.items.map((flow) => (
              <Combobox.Item key={flow.id} item={flow}>
                <Flex minW="0" flex="1" gap="3" justify="space-between" align="baseline">
                  <Combobox.ItemText truncate>{flow.name}</Combobox.ItemText>
                  <Text as="span" textStyle="xs" color="fg.muted" flexShrink={0}>
                    {flow.isThis ? "This flow" : flowState(flow)}
                  </Text>
                </Flex>
                <Combobox.ItemIndicator />
              </Combobox.Item>
            ))}
            {collection.size === 0 && (
              <Combobox.Empty>
                {status === "error" ? "The flows could not be loaded." : status === "pending" ? "Loading…" : "No flow has this name"}
              </Combobox.Empty>
            )}
          </Combobox.Content>
        </Combobox.Positioner>
      </Combobox.Root>
    </FieldFrame>
  );
}
