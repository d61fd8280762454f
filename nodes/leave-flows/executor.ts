import type { NodeExecutor } from "#engine/flow/node-executor.ts";
import { leaveFlows as leave } from "#engine/flow/node-executor.ts";
import type { leaveFlows } from "./definition.ts";

export const executeLeaveFlows: NodeExecutor<typeof leaveFlows> = ({ config: { flows } }) =>
  leave(flows.type === "these" ? [...new Set(flows.flowIds.map((id) => id.toLowerCase()))].sort() : null);
