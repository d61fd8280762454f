import { StatusBadge } from "#ui/status-badge.tsx";
import { useSession } from "#web/entities/session/use-session.ts";
import { useNow } from "#web/lib/use-now.ts";
import type { SendOutcome } from "./send-outcome.ts";
import { type PlannedSend, sendBadge } from "./send-state.ts";

/** The state of a send as a badge; it turns from "Scheduled" to "Running" by itself when the start has come. */
export function SendBadge({ send }: { send: SendOutcome & PlannedSend }) {
  const { workspace } = useSession();
  return <StatusBadge {...sendBadge(send, useNow(), workspace.timeZone)} />;
}
