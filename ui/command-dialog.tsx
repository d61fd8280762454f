import { Box, Dialog as ChakraDialog, chakra, Flex, Icon, Portal, Spinner, Text, VisuallyHidden } from "@chakra-ui/react";
import { type LucideIcon, Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { FocusReturn } from "./focus-return.tsx";
import { plural } from "./format.ts";
import { Kbd } from "./kbd.tsx";

export interface CommandItem {
  id: string;
  label: string;
  /** Beside the label, quieter: an address, a key. */
  detail?: string;
  icon: LucideIcon;
  onSelect: () => void;
}
export interface CommandGroup {
  heading: string;
  items: CommandItem[];
}

interface CommandDialogProps {
  label: string;
  placeholder: string;
  query: string;
  onQueryChange: (query: string) => void;
  groups: CommandGroup[];
  /** Something is still being looked up. */
  busy: boolean;
  onClose: () => void;
}

/** A field with a list below it. Arrows move, Enter selects and Esc closes; the focus stays in the field. */
export function CommandDialog({ label, placeholder, query, onQueryChange, groups, busy, onClose }: CommandDialogProps) {
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const items = groups.flatMap((group) => group.items);
  const [activeId, setActiveId] = useState<string | undefined>(undefined);
  const active = items.findIndex((item) => item.id === activeId);
  const current = items[active] ?? items[0];
  // A screen reader goes to the active row. If there were one from the beginning, it would not say what is asked.
  const isUntouched = query === "" && activeId === undefined;
  const count = items.length === 0 ? (busy ? "Searching…" : "No results") : plural(items.length, "result");

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new search begins at its best answer
  useEffect(() => setActiveId(undefined), [query]);
  useEffect(() => {
    if (activeId !== undefined)
      list.current?.querySelector(`[id="${CSS.escape(`${listId}-${activeId}`)}"]`)?.scrollIntoView({ block: "nearest" });
  }, [activeId, listId]);

  const onKeyDown = (event: KeyboardEvent) => {
    const from = items.indexOf(current as CommandItem);
    const to = { ArrowDown: from + 1, ArrowUp: from - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined && items.length > 0) {
      event.preventDefault();
      setActiveId(items[(to + items.length) % items.length]?.id);
    } else if (event.key === "Enter" && current) {
      event.preventDefault();
      current.onSelect();
    }
  };

  return (
    <>
      <ChakraDialog.Root
        open
        onOpenChange={(change) => !change.open && onClose()}
        initialFocusEl={() => input.current}
        placement="top"
        size="md"
      >
        <Portal>
          <ChakraDialog.Backdrop />
          <ChakraDialog.Positioner px="3">
            <ChakraDialog.Content data-palette aria-label={label} mt={{ base: "3", md: "24" }} overflow="hidden">
              <Flex align="center" gap="2.5" px="4" borderBottomWidth="1px" color="fg.subtle">
                {busy ? <Spinner size="xs" aria-label="Searching" /> : <Search aria-hidden size={16} />}
                <chakra.input
                  ref={input}
                  role="combobox"
                  aria-label={label}
                  aria-expanded
                  aria-controls={listId}
                  aria-autocomplete="list"
                  aria-activedescendant={current && !isUntouched ? `${listId}-${current.id}` : undefined}
                  placeholder={placeholder}
                  value={query}
                  onChange={(event) => onQueryChange(event.currentTarget.value)}
                  onKeyDown={onKeyDown}
                  autoComplete="off"
                  spellCheck={false}
                  flex="1"
                  minW="0"
                  h="12"
                  bg="transparent"
                  outline="none"
                  color="fg"
                  textStyle="md"
                />
                <Kbd>Esc</Kbd>
                <VisuallyHidden role="status">
                  {query === "" && items[0] ? `${count}. The first is “${items[0].label}”.` : count}
                </VisuallyHidden>
              </Flex>
              <Box ref={list} id={listId} role="listbox" aria-label={label} maxH="min(24rem, 60dvh)" overflowY="auto" p="1.5">
                {items.length === 0 && (
                  // The words beside the field say it aloud.
                  <Text px="3" py="6" textAlign="center" color="fg.muted" textStyle="sm" aria-hidden>
                    {count}
                  </Text>
                )}
                {groups
                  .filter((group) => group.items.length > 0)
                  .map((group) => (
                    // A single group that is called as the list is would be spoken as a second list.
                    <Box key={group.heading} {...(group.heading !== label && { role: "group", "aria-label": group.heading })}>
                      <Box textStyle="label" color="fg.subtle" px="2.5" pt="2" pb="1" aria-hidden lineClamp={2} overflowWrap="anywhere">
                        {group.heading}
                      </Box>
                      {group.items.map((item) => (
                        <CommandRow
                          key={item.id}
                          item={item}
                          id={`${listId}-${item.id}`}
                          isActive={item === current}
                          onPoint={() => setActiveId(item.id)}
                        />
                      ))}
                    </Box>
                  ))}
              </Box>
            </ChakraDialog.Content>
          </ChakraDialog.Positioner>
        </Portal>
      </ChakraDialog.Root>
      <FocusReturn open />
    </>
  );
}

interface CommandRowProps {
  item: CommandItem;
  id: string;
  isActive: boolean;
  onPoint: () => void;
}

function CommandRow({ item, id, isActive, onPoint }: CommandRowProps) {
  const Glyph = item.icon;
  return (
    // The keyboard lives in the field (aria-activedescendant): the rows themselves only take the mouse.
    <Flex
      id={id}
      role="option"
      aria-selected={isActive}
      onMouseMove={isActive ? undefined : onPoint}
      onClick={item.onSelect}
      align="center"
      gap="2.5"
      minH="9"
      px="2.5"
      borderRadius="l1"
      cursor="pointer"
      bg={isActive ? "bg.muted" : undefined}
    >
      <Icon boxSize="4" color="fg.muted" flexShrink={0}>
        <Glyph aria-hidden />
      </Icon>
      <Box minW="0" truncate textStyle="md" dir="auto">
        {item.label}
      </Box>
      {item.detail && (
        <Box ms="auto" color="fg.muted" textStyle="sm" truncate maxW="50%" dir="auto">
          {item.detail}
        </Box>
      )}
    </Flex>
  );
}
