import { type ComponentType, lazy, useState } from "react";
import type { NodeType } from "./definitions.ts";
import type { NodePanel, NodePanelProps } from "./node-panel.tsx";

interface LazyPanel {
  /** The panel once it was fetched. */
  ready: NodePanel | undefined;
  /** The panel that is fetched when it is drawn. */
  Fetched: ComponentType<NodePanelProps>;
  preload: () => void;
}

function panel(fetchPanel: () => Promise<NodePanel>): LazyPanel {
  const load = async () => {
    one.ready = await fetchPanel();
    return { default: one.ready };
  };
  const one: LazyPanel = {
    ready: undefined,
    Fetched: lazy(load),
    // A failure is told where the panel is drawn.
    preload: () => void load().catch(() => {}),
  };
  return one;
}

/**
 * The hand-made panels of node types, each a chunk of its own. The panel of a type that is not here is made from its schema.
 */
const nodePanels: Readonly<Partial<Record<NodeType, LazyPanel>>> = {
  start: panel(async () => (await import("./start/panel.tsx")).StartPanel),
  delay: panel(async () => (await import("./delay/panel.tsx")).DelayPanel),
  time_window: panel(async () => (await import("./time-window/panel.tsx")).TimeWindowPanel),
  condition: panel(async () => (await import("./condition/panel.tsx")).ConditionPanel),
  wait_until: panel(async () => (await import("./wait-until/panel.tsx")).WaitUntilPanel),
  wait_for_reply: panel(async () => (await import("./wait-for-reply/panel.tsx")).WaitForReplyPanel),
  goal: panel(async () => (await import("./goal/panel.tsx")).GoalPanel),
  webhook: panel(async () => (await import("./webhook/panel.tsx")).WebhookPanel),
  split: panel(async () => (await import("./split/panel.tsx")).SplitPanel),
  go_to: panel(async () => (await import("./go-to/panel.tsx")).GoToPanel),
  send_email: panel(async () => (await import("./send-email/panel.tsx")).SendEmailPanel),
  set_variable: panel(async () => (await import("./set-variable/panel.tsx")).SetVariablePanel),
  update_contact: panel(async () => (await import("./update-contact/panel.tsx")).UpdateContactPanel),
  consent: panel(async () => (await import("./consent/panel.tsx")).ConsentPanel),
  start_flow: panel(async () => (await import("./start-flow/panel.tsx")).StartFlowPanel),
  leave_flows: panel(async () => (await import("./leave-flows/panel.tsx")).LeaveFlowsPanel),
  send_sms: panel(async () => (await import("./send-sms/panel.tsx")).SendSmsPanel),
};

/** Fetches all of them, so that they are there when the connection is not. */
export const preloadPanels = (): void => {
  for (const one of Object.values(nodePanels)) one.preload();
};

/** The hand-made panel of a type, if it has one. */
export const findPanel = (type: string): LazyPanel | undefined => (nodePanels as Readonly<Record<string, LazyPanel | undefined>>)[type];

/**
 * Draws a hand-made panel. One that was fetched before is drawn at once, so that the key pressed after a step was added
 * finds its fields. The choice is made once, so that a panel in use is never exchanged for its twin.
 */
export function HandMadePanel({ panel, ...props }: NodePanelProps & { panel: LazyPanel }) {
  const [Panel] = useState(() => panel.ready ?? panel.Fetched);
  return <Panel {...props} />;
}
