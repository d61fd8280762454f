import { Box, chakra, Flex, Text } from "@chakra-ui/react";
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { Button } from "../button.tsx";
import type { MergeFieldOption, MergeFields } from "./merge-fields.ts";

interface MergeFieldListProps {
  listId: string;
  fields: MergeFields;
  /** The options that fit, in the order in which they are offered. */
  found: readonly MergeFieldOption[];
  query: string;
  search: RefObject<HTMLInputElement | null>;
  onQueryChange: (query: string) => void;
  onChoose: (option: MergeFieldOption) => void;
  onEscape: () => void;
  /** Shown where nothing fits. */
  empty: ReactNode;
}

/** A search with the fields below it. Arrows move, Enter chooses; the focus stays in the search. */
export function MergeFieldList(props: MergeFieldListProps) {
  const { listId, fields, found, query, search, onQueryChange, onChoose, onEscape, empty } = props;
  const list = useRef<HTMLDivElement>(null);
  const [activePath, setActivePath] = useState<string | undefined>(undefined);
  const groups = Map.groupBy(found, ({ group }) => group);
  const ordered = [...groups.values()].flat();
  const current = ordered.find(({ path }) => path === activePath) ?? ordered[0];
  const idOf = ({ path }: MergeFieldOption) => `${listId}-${path}`;

  // It also comes back from the question for a default.
  useEffect(() => search.current?.focus({ preventScroll: true }), [search]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new search begins at its best answer
  useEffect(() => setActivePath(undefined), [query]);
  useEffect(() => {
    if (activePath !== undefined) list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [activePath]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const from = current ? ordered.indexOf(current) : -1;
    const to = { ArrowDown: from + 1, ArrowUp: from - 1 }[event.key];
    if (to !== undefined && ordered.length > 0) setActivePath(ordered[(to + ordered.length) % ordered.length]?.path);
    else if ((event.key === "Enter" || event.key === "Tab") && current) onChoose(current);
    else if (event.key === "Escape") onEscape();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <chakra.input
        ref={search}
        role="combobox"
        aria-label="Which field"
        aria-expanded
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={current && idOf(current)}
        placeholder="Search fields"
        value={query}
        onChange={(event) => onQueryChange(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        autoComplete="off"
        spellCheck={false}
        w="full"
        h="10"
        px="3"
        bg="transparent"
        outline="none"
        color="fg"
        textStyle="sm"
        borderBottomWidth="1px"
      />
      <Box ref={list} id={listId} role="listbox" aria-label="Fields" maxH="min(20rem, 50dvh)" overflowY="auto" p="1">
        {fields.status === "pending" && (
          <Text px="3" py="4" textStyle="sm" color="fg.muted" role="status">
            Loading the fields…
          </Text>
        )}
        {fields.status === "error" && (
          <Flex px="3" py="3" gap="3" align="center" textStyle="sm" color="fg.error">
            The custom fields could not be loaded.
            <Button size="xs" onClick={fields.retry}>
              Try again
            </Button>
          </Flex>
        )}
        {[...groups].map(([group, options]) => (
          <Box key={group} role="group" aria-label={group}>
            <Box textStyle="label" color="fg.subtle" px="2.5" pt="2" pb="1" aria-hidden>
              {group}
            </Box>
            {options.map((option) => (
              <Row
                key={option.path}
                id={idOf(option)}
                option={option}
                isActive={option === current}
                onPoint={() => setActivePath(option.path)}
                onSelect={() => onChoose(option)}
              />
            ))}
          </Box>
        ))}
        {found.length === 0 && fields.status !== "pending" && empty}
      </Box>
      {fields.counted && found.length > 0 && (
        <Text px="3" py="2" textStyle="xs" color="fg.muted" borderTopWidth="1px">
          {fields.counted}
        </Text>
      )}
    </>
  );
}

interface RowProps {
  id: string;
  option: MergeFieldOption;
  isActive: boolean;
  onPoint: () => void;
  onSelect: () => void;
}

function Row({ id, option: { label, path, value, missing, note }, isActive, onPoint, onSelect }: RowProps) {
  return (
    // The keyboard lives in the search (aria-activedescendant): the rows themselves only take the mouse.
    <Box
      id={id}
      role="option"
      aria-selected={isActive}
      onMouseMove={isActive ? undefined : onPoint}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onSelect}
      px="2.5"
      py="1.5"
      borderRadius="l1"
      cursor="pointer"
      bg={isActive ? "bg.muted" : undefined}
    >
      <Flex gap="3" align="baseline" justify="space-between" minW="0">
        <Box as="span" textStyle="sm" truncate flexShrink={1}>
          {label}
        </Box>
        {value !== undefined && (
          <Box as="span" textStyle="sm" color="fg.muted" truncate maxW="50%" flexShrink={2} dir="auto">
            {value}
          </Box>
        )}
      </Flex>
      <Flex gap="3" align="baseline" justify="space-between" textStyle="xs" color="fg.muted" minW="0">
        <Box as="span" fontFamily="mono" truncate>
          {path}
        </Box>
        <Box as="span" flexShrink={0} color={missing === undefined ? undefined : "fg.warning"}>
          {note ?? missing}
        </Box>
      </Flex>
    </Box>
  );
}
