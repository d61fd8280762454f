import { Box, Flex, Stack, Text, VisuallyHidden } from "@chakra-ui/react";
import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "#ui/button.tsx";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { type NodePanelProps, Place, record } from "../node-panel.tsx";
import { FieldPicker } from "../test-list/field-picker.tsx";
import { typeOptions } from "../values/type-words.ts";
import { fieldWords } from "../words/field-words.ts";
import { changedField, changeFields, isOperation, operationsFor, withChangedField, withOperation } from "./change-fields.tsx";
import { ChangeValue } from "./change-value.tsx";
import { changeOperations, isColumn } from "./definition.ts";

const mostChanges = 20;
const newChange = { field: "", operation: "set", value: "" };

/** The changes in the order in which they are made, and what becomes of the chosen contact. */
export function UpdateContactPanel(props: NodePanelProps) {
  const { value, set, facts, control, preview } = props;
  const list = useRef<HTMLDivElement>(null);
  const [moved, setMoved] = useState("");
  const changes: unknown[] = Array.isArray(value.changes) ? value.changes : [];
  const put = (next: unknown[]) => set(["changes"], next, "whole");
  const focusRow = (index: number, what = "select") =>
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-change="${index}"] ${what}`)?.focus());
  const move = (from: number, to: number) => {
    put(changes.toSpliced(from, 1).toSpliced(to, 0, changes[from]));
    setMoved(`Change ${from + 1} is now ${to + 1} of ${changes.length}`);
    focusRow(to, `button[aria-label="Move change ${to + 1} ${to < from ? "up" : "down"}"]:not(:disabled), [data-change="${to}"] select`);
  };
  const problem = facts.problemAt(["changes"]);
  return (
    <>
      <Stack ref={list} gap="2" role="group" aria-label="Changes">
        {changes.map((change, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: changes have no ids, and their places are what they are known by
          <Box key={index} data-change={index}>
            <ChangeRow
              {...props}
              index={index}
              change={record(change)}
              onMove={(to) => (to < 0 || to >= changes.length ? undefined : () => move(index, to))}
              onRemove={
                changes.length > 1
                  ? () => {
                      put(changes.toSpliced(index, 1));
                      focusRow(Math.max(0, index - 1));
                    }
                  : undefined
              }
            />
          </Box>
        ))}
        {problem !== undefined && (
          <Text textStyle="sm" color="fg.error">
            {problem}
          </Text>
        )}
        <Box>
          <Button
            size="xs"
            icon={Plus}
            disabled={facts.disabled || changes.length >= mostChanges}
            onClick={() => {
              put([...changes, newChange]);
              focusRow(changes.length);
            }}
          >
            Add change
          </Button>
        </Box>
        <VisuallyHidden role="status">{moved}</VisuallyHidden>
      </Stack>
      {control("onError")}
      {preview}
    </>
  );
}

interface ChangeRowProps extends Pick<NodePanelProps, "set" | "facts"> {
  index: number;
  change: Readonly<Record<string, unknown>>;
  /** Moves it to a place; undefined where there is no such place. */
  onMove: (to: number) => (() => void) | undefined;
  onRemove: (() => void) | undefined;
}

function ChangeRow({ index, change, set, facts, onMove, onRemove }: ChangeRowProps) {
  const at = ["changes", index];
  const fields = changeFields(facts.testFields);
  const field = changedField(change.field, fields);
  const operation = isOperation(change.operation) ? change.operation : "set";
  const { disabled } = facts;
  const name = `change ${index + 1}`;
  const [up, down] = [onMove(index - 1), onMove(index + 1)];
  // What is a number or a yes already is kept as that.
  const asks =
    operation === "set" &&
    !isColumn(field.path) &&
    field.path !== "tags" &&
    typeof change.value !== "number" &&
    typeof change.value !== "boolean";
  return (
    <Box
      role="group"
      aria-label={field.path === "" ? `Change ${index + 1}` : `Change ${index + 1}: ${fieldWords(field.path)}`}
      borderWidth="1px"
      rounded="md"
      p="2"
      bg="bg.panel"
    >
      <Flex gap="1" align="start">
        <Stack gap="1.5" flex="1" minW="0">
          <Place at={[...at, "field"]}>
            <FieldPicker
              value={field.path}
              fields={fields}
              error={facts.problemAt([...at, "field"])}
              disabled={disabled}
              onType={(next) => set([...at, "field"], next)}
              onChange={(next) => set(at, withChangedField(change, changedField(next, fields)), "whole")}
            />
          </Place>
          <Place at={[...at, "operation"]}>
            <SelectField
              label="What to do"
              hideLabel
              value={operation}
              error={facts.problemAt([...at, "operation"])}
              disabled={disabled}
              options={operationsFor(field, operation)}
              onChange={(next) => set(at, withOperation(change, next, field), "whole")}
            />
          </Place>
          {changeOperations[operation] && (
            <Place at={[...at, "value"]}>
              <ChangeValue
                key={`${field.path} ${operation}`}
                {...{ field, operation, facts }}
                value={change.value}
                error={facts.problemAt([...at, "value"])}
                onChange={(next) => set([...at, "value"], next)}
              />
            </Place>
          )}
          <Flex gap="4" rowGap="1" wrap="wrap" align="center">
            {asks && (
              <Place at={[...at, "as"]}>
                <SelectField
                  label="Kept as"
                  hideLabel
                  width="10rem"
                  value={typeOptions.find(({ value }) => value === change.as)?.value ?? "text"}
                  options={typeOptions.map(({ value, label }) => ({ value, label: `kept as ${label.toLowerCase()}` }))}
                  disabled={disabled}
                  onChange={(as) => set([...at, "as"], as === "text" ? undefined : as)}
                />
              </Place>
            )}
            <Place at={[...at, "onlyIfEmpty"]}>
              <Checkbox
                label="Only if it is empty"
                checked={change.onlyIfEmpty === true}
                disabled={disabled}
                onChange={(on) => set([...at, "onlyIfEmpty"], on || undefined)}
              />
            </Place>
          </Flex>
        </Stack>
        <Stack gap="0">
          <IconButton
            size="xs"
            tooltip="title"
            icon={ArrowUp}
            label={`Move ${name} up`}
            disabled={disabled || !up}
            onClick={() => up?.()}
          />
          <IconButton
            size="xs"
            tooltip="title"
            icon={ArrowDown}
            label={`Move ${name} down`}
            disabled={disabled || !down}
            onClick={() => down?.()}
          />
          <IconButton
            size="xs"
            tooltip="title"
            icon={Trash2}
            label={`Remove ${name}`}
            disabled={disabled || !onRemove}
            onClick={() => onRemove?.()}
          />
        </Stack>
      </Flex>
    </Box>
  );
}
