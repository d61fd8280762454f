import { Handle, Position } from "@xyflow/react";

/** Where lines arrive at a card or a head and where they leave it. React Flow draws no line to a node without them. */
export function LineEnds() {
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </>
  );
}
