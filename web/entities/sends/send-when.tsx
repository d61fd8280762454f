import { chakra } from "@chakra-ui/react";
import type { Send } from "#contract/sends.ts";
import { RelativeTime } from "#ui/relative-time.tsx";
import { useSession } from "#web/entities/session/use-session.ts";
import { useNow } from "#web/lib/use-now.ts";
import { beginsWords, isScheduled, type PlannedSend } from "./send-state.ts";

const Line = chakra("span", { base: { truncate: true, minW: "0" } });

/** When a send was sent. While it waits for its start, when it will begin: it was not sent "just now". */
export function SendWhen({ send }: { send: PlannedSend & Pick<Send, "createdAt"> }) {
  const { workspace } = useSession();
  const now = useNow();
  if (!isScheduled(send, now, workspace.timeZone)) return <RelativeTime at={send.createdAt} />;
  const words = `Begins ${beginsWords(send, now, workspace.timeZone)}`;
  return <Line title={words}>{words}</Line>;
}
