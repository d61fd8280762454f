import { LogOut } from "lucide-react";
import type { NodeForm } from "../node-form.tsx";
import type { leaveFlows } from "./definition.ts";

export const leaveFlowsForm: NodeForm<typeof leaveFlows> = {
  Icon: LogOut,
  summary: ({ flows }) =>
    flows.type === "all_others" ? "All others" : flows.flowIds.length === 1 ? "One flow" : `${flows.flowIds.length} flows`,
};
