import { Flex, Text } from "@chakra-ui/react";
import { Copy, CopyPlus, CornerDownRight, Power, Trash2, X } from "lucide-react";
import { useMemo } from "react";
import { Button } from "#ui/button.tsx";
import { FloatingBar } from "#ui/floating-bar.tsx";
import { plural } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";
import type { BuilderActions } from "./actions.ts";
import type { DraftStore } from "./draft/draft-store.ts";
import { isOnePiece, partOf } from "./operations/part.ts";
import { useDraft } from "./use-draft.ts";

/** What can be done with several steps together. It is there while more than one is selected. */
export function SelectionBar({ store, actions }: { store: DraftStore; actions: BuilderActions }) {
  const marked = useDraft(store, (state) => state.marked);
  return marked.length > 1 && <Bar {...{ store, actions, marked }} />;
}

function Bar({ store, actions, marked }: { store: DraftStore; actions: BuilderActions; marked: readonly string[] }) {
  const content = useDraft(store, (state) => state.content);
  const isMovable = useMemo(() => {
    const part = partOf(content, marked);
    return part !== undefined && isOnePiece(part);
  }, [content, marked]);
  const clear = () => {
    store.getState().mark([]);
    const { active, reveal } = store.getState();
    if (active !== null) reveal(active);
  };
  return (
    <FloatingBar label="Selected steps">
      <Flex align="center" gap="1" p="1.5" wrap="wrap">
        <Text textStyle="sm" fontWeight="medium" px="2" whiteSpace="nowrap" role="status">
          {plural(marked.length, "step")} selected
        </Text>
        {/* The event of the browser writes the clipboard, as the key does (use-clipboard.ts). */}
        <Button size="xs" icon={Copy} tone="ghost" onClick={() => document.execCommand("copy")}>
          Copy
        </Button>
        <Button size="xs" icon={CopyPlus} tone="ghost" onClick={() => actions.duplicate(marked)}>
          Duplicate
        </Button>
        <Button
          size="xs"
          icon={CornerDownRight}
          tone="ghost"
          disabled={!isMovable}
          title={isMovable ? undefined : "Only steps that follow each other can be moved together"}
          onClick={() => actions.move(marked)}
        >
          Move to…
        </Button>
        <Button size="xs" icon={Power} tone="ghost" onClick={() => actions.switchOff(marked)}>
          Switch off or on
        </Button>
        <Button size="xs" icon={Trash2} tone="ghost" onClick={() => actions.remove(marked)}>
          Delete
        </Button>
        <IconButton size="xs" icon={X} label="Select nothing" tooltip="title" onClick={clear} />
      </Flex>
    </FloatingBar>
  );
}
