import { Box, Flex, Heading } from "@chakra-ui/react";
import { Maximize2, Minimize2, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { FlowNode } from "#contract/flows.ts";
import { useNarrow } from "#ui/data-table/use-narrow.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { SidePanel } from "#ui/side-panel.tsx";
import { stepName } from "../outline/step-name.ts";
import { SavingSign } from "../saving-sign.tsx";
import { useDraft } from "../use-draft.ts";
import { NodePanel } from "./node-panel.tsx";
import { usePanelWidth } from "./use-panel-width.tsx";

type NodeSideProps = Omit<Parameters<typeof NodePanel>[0], "node"> & {
  node: FlowNode | undefined;
  onClose: () => void;
  onRetry: () => void;
};

/** The settings of the selected step: beside the outline where there is room, over the page on a phone. */
export function NodeSide({ node, onClose, ...rest }: NodeSideProps) {
  const isNarrow = useNarrow();
  const saving = useDraft(rest.store, (state) => state.saving);
  const isDraft = useDraft(rest.store, (state) => state.isDraft);
  if (isNarrow) {
    return (
      <SidePanel
        open={node !== undefined}
        onClose={onClose}
        title={node ? stepName(node) : ""}
        size="sm"
        footer={<SavingSign saving={saving} isDraft={isDraft} onRetry={rest.onRetry} onChoose={onClose} />}
      >
        {node && <NodePanel key={node.id} {...rest} node={node} />}
      </SidePanel>
    );
  }
  return node && <Beside key={node.id} node={node} onClose={onClose} {...rest} />;
}

/** Over the whole of the flow, or as wide as somebody has drawn it; usually as there is room. */
function Beside({ node, onClose, ...rest }: Omit<NodeSideProps, "node"> & { node: FlowNode }) {
  const panel = useRef<HTMLDivElement>(null);
  const [isWide, setWide] = useState(false);
  const { width, handle } = usePanelWidth(panel);
  // A person who opens a step wants to change it, unless it was only clicked on: then the keys are for the step.
  const entering = useDraft(rest.store, (state) => state.entering);
  useEffect(() => {
    if (entering?.nodeId === node.id) panel.current?.querySelector<HTMLElement>("input, textarea, select")?.focus();
  }, [entering, node.id]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    if (isWide) setWide(false);
    else onClose();
  };
  const place = isWide
    ? ({ position: "absolute", inset: "0", zIndex: "docked" } as const)
    : {
        position: "relative" as const,
        borderStartWidth: "1px",
        ...(width === null ? { w: { md: "22rem", xl: "26rem" } } : { w: `${width}px` }),
      };
  return (
    <Flex
      ref={panel}
      as="section"
      aria-label={`Settings of ${stepName(node)}`}
      direction="column"
      maxW={isWide ? undefined : "60vw"}
      flexShrink={0}
      minH="0"
      bg="bg.panel"
      onKeyDown={onKeyDown}
      {...place}
    >
      {!isWide && handle}
      <Flex align="center" justify="space-between" gap="2" px="5" py="3" borderBottomWidth="1px">
        <Heading as="h2" textStyle="md" truncate dir="auto">
          {stepName(node)}
        </Heading>
        <Flex gap="1" flexShrink={0}>
          <IconButton
            icon={isWide ? Minimize2 : Maximize2}
            label={isWide ? "As a panel beside the flow" : "As wide as the page"}
            aria-pressed={isWide}
            tooltip="title"
            onClick={() => setWide(!isWide)}
          />
          <IconButton icon={X} label="Close" tooltip="title" onClick={onClose} />
        </Flex>
      </Flex>
      <Box overflowY="auto" flex="1" minH="0" px="5" py="4">
        <Box maxW="60rem" mx="auto">
          <NodePanel node={node} {...rest} />
        </Box>
      </Box>
    </Flex>
  );
}
