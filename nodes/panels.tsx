import { type LazyExoticComponent, lazy } from "react";
import type { NodeType } from "./definitions.ts";
import type { NodePanel } from "./node-panel.tsx";

type LazyPanel = LazyExoticComponent<NodePanel> & { preload: () => void };

const panel = (load: () => Promise<NodePanel>): LazyPanel =>
  Object.assign(
    lazy(async () => ({ default: await load() })),
    // A failure is told where the panel is drawn.
    { preload: () => void load().catch(() => {}) },
  );

/**
 * The hand-made panels of node types, each a chunk of its own. The panel of a type that is not here is made from its schema.
 */
export const nodePanels: Readonly<Partial<Record<NodeType, LazyPanel>>> = {
  split: panel(async () => (await import("./split/panel.tsx")).SplitPanel),
  go_to: panel(async () => (await import("./go-to/panel.tsx")).GoToPanel),
  send_sms: panel(async () => (await import("./send-sms/panel.tsx")).SendSmsPanel),
};

/** Fetches all of them, so that they are there when the connection is not. */
export const preloadPanels = (): void => {
  for (const one of Object.values(nodePanels)) one.preload();
};
