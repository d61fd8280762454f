import { Workflow } from "lucide-react";
import type { NodeForm } from "../node-form.tsx";
import type { startFlow } from "./definition.ts";

export const startFlowForm: NodeForm<typeof startFlow> = {
  Icon: Workflow,
  summary: ({ wait, waitDays }) =>
    wait
      ? `Another flow, and waits for its end for up to ${waitDays === 1 ? "a day" : `${waitDays} days`}`
      : "Another flow, beside this one",
};
