import { Box, Flex, Stack, Text } from "@chakra-ui/react";
import { Group, Plus, Trash2 } from "lucide-react";
import { useRef } from "react";
import { type MatchWay, testLimits } from "#contract/field-tests.ts";
import { Button } from "#ui/button.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { type Path, Place, record } from "../node-panel.tsx";
import { type ListProps, TestRow } from "./test-row.tsx";

const ways: { value: MatchWay; label: string }[] = [
  { value: "all", label: "All of these" },
  { value: "any", label: "Any of these" },
  { value: "none", label: "None of these" },
];

interface TestListProps extends ListProps {
  /** Where the group stands, which has the keys `match` and `tests`. */
  at: Path;
  value: unknown;
  /** What fits: "the branch “New customers”". */
  name: string;
  depth?: number;
  onRemove?: () => void;
}

const newTest = { field: "", operator: "is", value: "" };

/** A group of tests, and of groups of them, as deep as they may stand in each other. */
export function TestList({ at, value, name, depth = 1, onRemove, ...list }: TestListProps) {
  const box = useRef<HTMLDivElement>(null);
  const group = record(value);
  const tests: unknown[] = Array.isArray(group.tests) ? group.tests : [];
  const { set, facts } = list;
  const isFull = tests.length >= testLimits.inGroup;
  const problem = facts.problemAt([...at, "tests"]);
  const focusLater = (find: (root: HTMLElement) => HTMLElement | null | undefined) =>
    requestAnimationFrame(() => box.current && find(box.current)?.focus());
  const add = (one: unknown) => {
    set([...at, "tests", tests.length], one, "whole");
    focusLater((root) => [...root.querySelectorAll<HTMLElement>(`[data-item="${[...at, "tests", tests.length].join(".")}"] select`)][0]);
  };
  const remove = (index: number) => {
    set([...at, "tests", index], undefined, "whole");
    // A person who removes a test with the keyboard goes on in this group.
    focusLater((root) => root.querySelector<HTMLElement>("select"));
  };
  return (
    <Box ref={box} role="group" aria-label={name}>
      <Stack gap="2">
        <Flex gap="1" align="center">
          <Box flex="1" minW="0">
            <Place at={[...at, "match"]}>
              <SelectField
                label={`How the tests of ${name} count`}
                hideLabel
                width="10rem"
                value={ways.some(({ value: way }) => way === group.match) ? (group.match as MatchWay) : "all"}
                options={ways}
                disabled={facts.disabled}
                error={facts.problemAt([...at, "match"])}
                onChange={(match) => set([...at, "match"], match)}
              />
            </Place>
          </Box>
          {onRemove && (
            <IconButton size="xs" tooltip="title" icon={Trash2} label={`Remove ${name}`} disabled={facts.disabled} onClick={onRemove} />
          )}
        </Flex>
        {tests.map((test, index) => {
          const place = [...at, "tests", index];
          const isGroup = Array.isArray(record(test).tests);
          const inner = `${isGroup ? "group" : "test"} ${index + 1}${depth > 1 ? ` of ${name}` : ""}`;
          const common = { ...list, at: place, value: test, name: inner };
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: tests have no ids of their own, and their places are what they are known by
            <Box key={index} data-item={place.join(".")}>
              {isGroup ? (
                <Box borderStartWidth="3px" borderColor="border.control" ps="2.5">
                  <TestList {...common} depth={depth + 1} onRemove={() => remove(index)} />
                </Box>
              ) : (
                <TestRow {...common} onRemove={tests.length > 1 ? () => remove(index) : undefined} />
              )}
            </Box>
          );
        })}
        {problem !== undefined && (
          <Text textStyle="sm" color="fg.error">
            {problem}
          </Text>
        )}
        <Flex gap="2" wrap="wrap">
          <Button size="xs" icon={Plus} disabled={facts.disabled || isFull} onClick={() => add(newTest)}>
            Add test
          </Button>
          {depth < testLimits.depth && (
            <Button
              size="xs"
              tone="ghost"
              icon={Group}
              disabled={facts.disabled || isFull}
              onClick={() => add({ match: depth === 1 ? "any" : "none", tests: [newTest] })}
            >
              Add group
            </Button>
          )}
        </Flex>
      </Stack>
    </Box>
  );
}
