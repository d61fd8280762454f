import { Box, chakra, Flex } from "@chakra-ui/react";
import { Panel } from "@xyflow/react";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { nodeIcon } from "#nodes/describe-node.tsx";
import { Button } from "#ui/button.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { placesAfter } from "../../operations/places.ts";
import { addableTypes } from "../../palette/addable-types.ts";
import { useEditing } from "./editing-context.ts";

/** The types of steps, to be dragged onto a place. A click adds one behind the step that has the focus. */
export function AddShelf() {
  const [isOpen, setOpen] = useState(false);
  const { store, actions, press } = useEditing();
  if (!isOpen) {
    return (
      <Panel position="top-left">
        <Button size="sm" icon={Plus} onClick={() => setOpen(true)}>
          Add a step
        </Button>
      </Panel>
    );
  }
  const addHere = (type: string) => {
    const { content, active } = store.getState();
    const step = content.nodes.find(({ id }) => id === active) ?? content.nodes[0];
    actions.addType(type, step ? placesAfter(content, [step.id]) : []);
  };
  return (
    <Panel position="top-left">
      <Box
        role="group"
        aria-label="Steps to add"
        w="52"
        maxH="60vh"
        overflowY="auto"
        bg="bg.panel"
        borderWidth="1px"
        borderRadius="l2"
        boxShadow="md"
        className="nowheel"
      >
        <Flex align="center" justify="space-between" ps="3" pe="1" py="1" textStyle="xs" color="fg.muted">
          Drag onto a place
          <IconButton size="xs" icon={X} label="Close" tooltip="title" onClick={() => setOpen(false)} />
        </Flex>
        {addableTypes().map(({ type, label, description }) => {
          const Icon = nodeIcon(type);
          return (
            <Item
              key={type}
              type="button"
              title={description}
              onPointerDown={(event) => press(event, () => ({ kind: "type", type, name: label }))}
              onClick={() => addHere(type)}
            >
              <Icon aria-hidden size={16} /> {label}
            </Item>
          );
        })}
      </Box>
    </Panel>
  );
}

const Item = chakra("button", {
  base: {
    display: "flex",
    alignItems: "center",
    gap: "2.5",
    width: "full",
    px: "3",
    minH: "8",
    textStyle: "sm",
    textAlign: "start",
    cursor: "grab",
    touchAction: "none",
    focusVisibleRing: "inside",
    _hover: { bg: "bg.muted" },
  },
});
