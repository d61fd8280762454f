import { Box, Flex, Stack, Text, VisuallyHidden } from "@chakra-ui/react";
import { Copy, GripVertical, Plus, Trash2 } from "lucide-react";
import { type DragEvent, type KeyboardEvent, useRef, useState } from "react";
import { Button } from "#ui/button.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { type NodePanelProps, Place, record } from "../node-panel.tsx";
import { shareWords } from "../test-list/share-words.tsx";
import { TestList } from "../test-list/test-list.tsx";
import { mostBranches, newBranch, withCopy, withMoved } from "./branch-list.tsx";

/** The branches in the order in which they are tried, each with its tests and how many contacts it takes today. */
export function ConditionPanel({ value, set, facts, tests }: NodePanelProps) {
  const list = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<number>();
  const [target, setTarget] = useState<number>();
  const [moved, setMoved] = useState("");
  const branches: unknown[] = Array.isArray(value.branches) ? value.branches : [];
  const nameOf = (index: number) => {
    const { label } = record(branches[index]);
    return typeof label === "string" && label !== "" ? label : `Branch ${index + 1}`;
  };
  const put = (next: unknown[]) => set(["branches"], next, "whole");
  const focusBranch = (id: unknown, what = "input") =>
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-branch="${CSS.escape(String(id))}"] ${what}`)?.focus());

  function move(from: number, to: number) {
    if (facts.disabled || to < 0 || to >= branches.length || to === from) return;
    // What is moved in the page loses the focus, and gets it back.
    const focused = document.activeElement;
    put(withMoved(branches, from, to));
    setMoved(`${nameOf(from)} is now ${to + 1} of ${branches.length}`);
    requestAnimationFrame(() => focused instanceof HTMLElement && focused.isConnected && focused.focus());
  }
  function onKeyDown(event: KeyboardEvent, index: number) {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    event.stopPropagation();
    move(index, event.key === "ArrowUp" ? index - 1 : index + 1);
  }
  const drop = (event: DragEvent, index: number) => {
    event.preventDefault();
    if (dragged !== undefined) move(dragged, index);
    setDragged(undefined);
    setTarget(undefined);
  };
  const add = () => {
    const branch = newBranch(branches);
    put([...branches, branch]);
    focusBranch(branch.id);
  };
  const remove = (index: number) => {
    put(branches.toSpliced(index, 1));
    focusBranch(record(branches[index + 1] ?? branches[index - 1]).id);
  };
  const problem = facts.problemAt(["branches"]);
  return (
    <Stack ref={list} gap="3" role="group" aria-label="Branches">
      {tests?.chooser}
      {branches.map((branch, index) => {
        const { id } = record(branch);
        const name = nameOf(index);
        return (
          <Box
            key={String(id)}
            data-branch={String(id)}
            role="group"
            aria-label={name}
            borderWidth="1px"
            borderColor={target === index && dragged !== index ? "accent.solid" : undefined}
            opacity={dragged === index ? 0.5 : 1}
            rounded="lg"
            p="2.5"
            bg="bg.subtle"
            onKeyDown={(event) => onKeyDown(event, index)}
            onDragOver={(event) => {
              if (dragged === undefined) return;
              event.preventDefault();
              setTarget(index);
            }}
            onDrop={(event) => drop(event, index)}
          >
            <Stack gap="2.5">
              <Flex gap="0.5" align="center">
                <IconButton
                  size="xs"
                  tooltip="title"
                  icon={GripVertical}
                  label={`Move ${name}: drag, or Alt and the arrow keys`}
                  cursor="grab"
                  draggable={!facts.disabled && branches.length > 1}
                  disabled={facts.disabled || branches.length < 2}
                  onDragStart={(event) => {
                    event.dataTransfer.effectAllowed = "move";
                    event.dataTransfer.setData("text/plain", name);
                    setDragged(index);
                  }}
                  onDragEnd={() => {
                    setDragged(undefined);
                    setTarget(undefined);
                  }}
                />
                <Box flex="1" minW="0">
                  <Place at={["branches", index, "label"]}>
                    <TextField
                      label="Name of the branch"
                      hideLabel
                      value={String(record(branch).label ?? "")}
                      placeholder={`Branch ${index + 1}`}
                      maxLength={200}
                      error={facts.problemAt(["branches", index, "label"])}
                      disabled={facts.disabled}
                      onChange={(label) => set(["branches", index, "label"], label)}
                    />
                  </Place>
                </Box>
                <IconButton
                  size="xs"
                  tooltip="title"
                  icon={Copy}
                  label={`Duplicate ${name}`}
                  disabled={facts.disabled || branches.length >= mostBranches}
                  onClick={() => {
                    const next = withCopy(branches, index);
                    put(next);
                    focusBranch(record(next[index + 1]).id);
                  }}
                />
                <IconButton
                  size="xs"
                  tooltip="title"
                  icon={Trash2}
                  label={`Remove ${name}`}
                  disabled={facts.disabled || branches.length < 2}
                  onClick={() => remove(index)}
                />
              </Flex>
              {tests && (
                <Text textStyle="sm" color="fg.muted" data-share={index}>
                  {shareWords(tests, index)}
                </Text>
              )}
              <TestList {...{ set, facts, tests }} at={["branches", index]} value={branch} name={`the tests of ${name}`} />
            </Stack>
          </Box>
        );
      })}
      <Flex role="group" aria-label="Otherwise" borderWidth="1px" rounded="lg" p="2.5" justify="space-between" gap="2" wrap="wrap">
        <Text fontWeight="medium" textStyle="sm">
          Otherwise
        </Text>
        {tests && (
          <Text textStyle="sm" color="fg.muted" data-share="others">
            {shareWords(tests, "others")}
          </Text>
        )}
      </Flex>
      {problem !== undefined && (
        <Text textStyle="sm" color="fg.error">
          {problem}
        </Text>
      )}
      <Box>
        <Button size="xs" icon={Plus} disabled={facts.disabled || branches.length >= mostBranches} onClick={add}>
          Add branch
        </Button>
      </Box>
      <VisuallyHidden role="status">{moved}</VisuallyHidden>
    </Stack>
  );
}
