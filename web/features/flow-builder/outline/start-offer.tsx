import { Box } from "@chakra-ui/react";
import { Play } from "lucide-react";
import type { FlowNode } from "#contract/flows.ts";
import { findDefinition } from "#nodes/definitions.ts";
import { Button } from "#ui/button.tsx";
import { Notice } from "#ui/notice.tsx";

export const isStart = ({ type }: Pick<FlowNode, "type">): boolean => findDefinition(type)?.category === "entry";

/** Stands above the steps of a flow that has no start, as one that was imported may: without it nobody can enter. */
export const StartOffer = ({ onAdd }: { onAdd: () => void }) => (
  <Box px={{ base: "3", md: "4" }} pt="3">
    <Notice
      status="warning"
      title="This flow has no start"
      action={
        <Button size="xs" icon={Play} onClick={onAdd}>
          Add the start
        </Button>
      }
    >
      Nobody can enter it before it has one.
    </Notice>
  </Box>
);
