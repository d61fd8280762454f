import { Box, Flex, Stack, Text } from "@chakra-ui/react";
import { Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "#ui/button.tsx";
import { TemplateField } from "#ui/fields/template-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { type NodePanelProps, type Path, Place, record } from "../node-panel.tsx";

interface NamedRowsProps extends Pick<NodePanelProps, "value" | "set" | "facts"> {
  at: Path;
  title: string;
  /** What one row is called: "header". */
  one: string;
  /** The setting beside the name. */
  valueKey: "value" | "path";
  isTemplate?: boolean;
  placeholder?: string;
  /** What else a row has. */
  children?: (index: number, row: Readonly<Record<string, unknown>>) => ReactNode;
}

const readAt = (value: unknown, path: Path): unknown => path.reduce<unknown>((inner, part) => record(inner)[part], value);

/** Names with something beside each: headers, fields of a form, values that are kept. */
export function NamedRows({ at, title, one, valueKey, isTemplate, placeholder, value, set, facts, children }: NamedRowsProps) {
  const list = readAt(value, at);
  const rows = (Array.isArray(list) ? list : []).map(record);
  const text = (typed: unknown) => (typeof typed === "string" ? typed : "");
  const problem = facts.problemAt(at);
  const errorAt = (index: number, key: string) => {
    const error = facts.problemAt([...at, index, key]);
    return error === undefined ? {} : { error };
  };
  const label = valueKey === "path" ? "Path in the answer" : "Value";
  return (
    <Place at={at}>
      <Stack gap="3" role="group" aria-label={title}>
        <Text textStyle="sm" fontWeight="medium">
          {title}
        </Text>
        {rows.map((row, index) => {
          const frame = {
            label: `${label} of ${one} ${index + 1}`,
            hideLabel: true,
            value: text(row[valueKey]),
            onChange: (next: string) => set([...at, index, valueKey], next),
            disabled: facts.disabled,
            ...errorAt(index, valueKey),
          };
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no ids, and one that is typed on must not lose its field
            <Stack key={index} gap="1.5" role="group" aria-label={`${one} ${index + 1}`} borderStartWidth="2px" ps="3">
              <Flex gap="1" align="start">
                <Box flex="1" minW="0">
                  <Place at={[...at, index, "name"]}>
                    <TextField
                      label={`Name of ${one} ${index + 1}`}
                      hideLabel
                      placeholder="Name"
                      value={text(row.name)}
                      onChange={(name) => set([...at, index, "name"], name)}
                      disabled={facts.disabled}
                      {...errorAt(index, "name")}
                    />
                  </Place>
                </Box>
                <IconButton
                  icon={Trash2}
                  label={`Remove ${one} ${index + 1}`}
                  tooltip="title"
                  disabled={facts.disabled}
                  onClick={() => set([...at, index], undefined)}
                />
              </Flex>
              <Place at={[...at, index, valueKey]}>
                {isTemplate ? (
                  <TemplateField {...frame} lines={1} fields={facts.mergeFields} />
                ) : (
                  <TextField {...frame} placeholder={placeholder ?? label} mono />
                )}
              </Place>
              {children?.(index, row)}
            </Stack>
          );
        })}
        {problem !== undefined && (
          <Text textStyle="sm" color="fg.error">
            {problem}
          </Text>
        )}
        <Box>
          <Button size="xs" icon={Plus} disabled={facts.disabled} onClick={() => set(at, [...rows, { name: "", [valueKey]: "" }])}>
            Add {one}
          </Button>
        </Box>
      </Stack>
    </Place>
  );
}
