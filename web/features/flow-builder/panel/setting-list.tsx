import { Box, Flex, Stack, Text } from "@chakra-ui/react";
import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { type PanelFacts, type Path, record } from "#nodes/node-panel.tsx";
import { Button } from "#ui/button.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { type ConfigSchema, leastValue } from "./config-schema.ts";
import { wordsOfKey } from "./config-words.ts";

const one: Record<string, string> = {
  branches: "branch",
  tests: "test",
  changes: "change",
  shares: "share",
  headers: "header",
  fields: "field",
  values: "value",
};

interface SettingListProps {
  schema: ConfigSchema;
  item: ConfigSchema;
  path: Path;
  value: unknown;
  onChange: (value: unknown) => void;
  facts: PanelFacts;
  /** Draws the settings of one item. */
  children: (item: { path: Path; value: unknown; onChange: (value: unknown) => void }) => ReactNode;
}

/** A list of objects: each can be changed, moved and taken away, as far as the schema allows. */
export function SettingList({ schema, item, path, value, onChange, facts, children }: SettingListProps) {
  const items: unknown[] = Array.isArray(value) ? value : [];
  const word = one[String(path.at(-1))] ?? "item";
  const put = (index: number, next: unknown) => onChange(items.map((each, at) => (at === index ? next : each)));
  const move = (index: number, to: number) => {
    const next = items.filter((_, at) => at !== index);
    next.splice(to, 0, items[index]);
    onChange(next);
  };
  const problem = facts.problemAt(path);
  return (
    <Stack gap="3" role="group" aria-label={wordsOfKey(path)}>
      <Text textStyle="sm" fontWeight="medium">
        {wordsOfKey(path)}
      </Text>
      {problem && (
        <Text textStyle="sm" color="fg.error">
          {problem}
        </Text>
      )}
      {items.map((each, index) => {
        const id = record(each).id;
        const name = `${word} ${index + 1}`;
        return (
          <Box key={typeof id === "string" ? id : index} borderWidth="1px" rounded="md" p="3" role="group" aria-label={name}>
            <Flex justify="space-between" align="center" mb="2">
              <Text textStyle="sm" color="fg.muted">
                {name[0]?.toUpperCase()}
                {name.slice(1)}
              </Text>
              <Flex>
                <IconButton
                  size="xs"
                  tooltip="title"
                  icon={ArrowUp}
                  label={`Move ${name} up`}
                  disabled={facts.disabled || index === 0}
                  onClick={() => move(index, index - 1)}
                />
                <IconButton
                  size="xs"
                  tooltip="title"
                  icon={ArrowDown}
                  label={`Move ${name} down`}
                  disabled={facts.disabled || index === items.length - 1}
                  onClick={() => move(index, index + 1)}
                />
                <IconButton
                  size="xs"
                  tooltip="title"
                  icon={Trash2}
                  label={`Remove ${name}`}
                  disabled={facts.disabled || items.length <= (schema.minItems ?? 0)}
                  onClick={() => onChange(items.filter((_, at) => at !== index))}
                />
              </Flex>
            </Flex>
            {children({ path: [...path, index], value: each, onChange: (next) => put(index, next) })}
          </Box>
        );
      })}
      <Box>
        <Button
          size="xs"
          icon={Plus}
          disabled={facts.disabled || items.length >= (schema.maxItems ?? Number.POSITIVE_INFINITY)}
          onClick={() => onChange([...items, leastValue(item)])}
        >
          Add {word}
        </Button>
      </Box>
    </Stack>
  );
}
