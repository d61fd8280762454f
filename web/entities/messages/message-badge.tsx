import { staysHere } from "#channels/stays-here.ts";
import type { Message } from "#contract/messages.ts";
import { StatusBadge } from "#ui/status-badge.tsx";

/** Whether a message was only kept on this machine, because of test mode or because its send is a test. */
export const isKeptHere = ({ provider }: Pick<Message, "provider">): boolean => staysHere(provider);

/** How a message stands. What a provider took that sends nothing is not shown as sent. */
export function MessageBadge({ message }: { message: Pick<Message, "channel" | "provider" | "status"> }) {
  return <StatusBadge status={message.status === "sent" && isKeptHere(message) ? "captured" : message.status} />;
}
