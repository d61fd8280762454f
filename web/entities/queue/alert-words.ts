import type { Alert } from "#contract/queue.ts";

const titles: Record<Alert["code"], string> = {
  no_worker: "No worker is running",
  late: "Work is late",
  send_stuck: "A send makes no progress",
  hour_limit: "Limit reached",
  day_limit: "Limit of the day reached",
  mail_guard: "Too many e-mails bounce or are reported as spam",
  sending_held: "Nothing is sent: this is a restored copy",
  provider_down: "A provider keeps failing",
  sender_refused: "A provider refuses the sender",
  channel_refused: "A provider refuses all messages",
  orphans: "Rows without their parent",
  engine: "Trigger.dev does not work",
  unknown_messages: "Messages that may not have arrived",
};

const acts: Record<Alert["who"], string> = {
  operator: "The person who runs this server must act.",
  instance_admin: "An admin of this instance must act.",
  owner: "An owner or admin of this workspace must act.",
  editor: "An editor of this workspace must look.",
};

export const alertTitle = ({ code }: Alert): string => titles[code];
export const alertActs = ({ who }: Alert): string => acts[who];
