import type { Send, SendState, Source } from "#contract/sends.ts";

const sourceWords: Record<Source, string> = {
  manual: "Manual send",
  bulk: "Bulk send",
  scheduled: "Scheduled send",
  api: "API call",
  webhook: "Webhook",
  flow: "Another flow",
  trigger_workflow_task: "Trigger.dev task",
};

/** Names the origin of a send: "Manual send (Contacts page)". */
export const originWords = (send: Pick<Send, "source" | "launchedFrom">): string =>
  send.launchedFrom ? `${sourceWords[send.source]} (${send.launchedFrom})` : sourceWords[send.source];

export const sendStateLabels: Record<SendState, string> = {
  enrolling: "Enrolling",
  canary: "Trying with a few",
  running: "Running",
  paused: "Paused",
  stopped: "Stopped",
  undone: "Undone",
  done: "Done",
  awaiting_approval: "Awaiting approval",
};
