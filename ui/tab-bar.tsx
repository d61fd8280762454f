import { chakra, Flex } from "@chakra-ui/react";
import { type KeyboardEvent, useRef } from "react";
import { formatCount } from "./format.ts";
import { useActiveInView } from "./use-active-in-view.ts";

export interface TabBarProps<Value extends string> {
  /** The accessible name of the tabs. */
  label: string;
  tabs: { value: Value; label: string; count?: number }[];
  value: Value;
  onChange: (value: Value) => void;
  /** The id of the element the tabs fill: give it role="tabpanel". */
  panelId?: string;
}

/** Tabs of a page. The choice belongs to the address (a search parameter), so it is given and told, not kept. */
export function TabBar<Value extends string>({ label, tabs, value, onChange, panelId }: TabBarProps<Value>) {
  const list = useRef<HTMLDivElement>(null);
  useActiveInView(list, "[aria-selected=true]", value);
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.value === value);
    const target = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const index = (target + tabs.length) % tabs.length;
    const next = tabs[index];
    if (next) onChange(next.value);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[index]?.focus();
  };
  return (
    <Flex ref={list} role="tablist" aria-label={label} gap="5" onKeyDown={move} overflowX="auto" mb="-1px">
      {tabs.map((tab) => {
        const selected = tab.value === value;
        return (
          <chakra.button
            key={tab.value}
            type="button"
            role="tab"
            aria-selected={selected}
            aria-controls={panelId}
            tabIndex={selected ? 0 : -1}
            onClick={() => onChange(tab.value)}
            display="inline-flex"
            alignItems="center"
            gap="1.5"
            h="9"
            textStyle="sm"
            fontWeight="500"
            whiteSpace="nowrap"
            cursor="pointer"
            color={selected ? "fg" : "fg.muted"}
            borderBottomWidth="2px"
            borderColor={selected ? "accent.solid" : "transparent"}
            _hover={{ color: "fg" }}
            focusVisibleRing="inside"
          >
            {tab.label}
            {tab.count !== undefined && (
              <chakra.span color="fg.subtle" fontWeight="400" fontVariantNumeric="tabular-nums">
                {formatCount(tab.count)}
              </chakra.span>
            )}
          </chakra.button>
        );
      })}
    </Flex>
  );
}
