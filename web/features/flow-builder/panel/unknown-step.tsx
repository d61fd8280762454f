import { Box } from "@chakra-ui/react";
import { Replace } from "lucide-react";
import type { FlowNode } from "#contract/flows.ts";
import { Button } from "#ui/button.tsx";
import { CodeBlock } from "#ui/code-block.tsx";
import { Notice } from "#ui/notice.tsx";

interface UnknownStepProps {
  node: FlowNode;
  /** Left out for those who may not edit. */
  onReplace: (() => void) | undefined;
}

/** Stands where the settings would be: a step of a type that this version does not know is shown as it came, and can be replaced. */
export function UnknownStep({ node, onReplace }: UnknownStepProps) {
  return (
    <Box>
      <Notice status="error">
        This version does not know steps of the type “{node.type}”. It is kept as it is, and the flow cannot be published with it: replace
        or delete the step.
      </Notice>
      {onReplace && (
        <Button mt="3" icon={Replace} onClick={onReplace}>
          Replace with…
        </Button>
      )}
      <Box mt="3">
        <CodeBlock code={JSON.stringify(node.data, null, 2)} label="What came with it" />
      </Box>
    </Box>
  );
}
