import { repeat } from "#engine/drivers/repeat.ts";
import { type MailboxReading, readMailboxes } from "../commands/read-mailboxes.ts";

const everyMs = 5_000;
/** Mailboxes that one process reads at the same time. One whose server hardly answers keeps no other workspace waiting. */
const atOnce = 4;

/** Reads mailboxes that are due. Every worker looks; each mailbox is read by one of them. */
export function startMailboxWatch(reading: Omit<MailboxReading, "signal">): { stop(): Promise<void> } {
  const ending = new AbortController();
  const { signal } = ending;
  const readers = Array.from({ length: atOnce }, () =>
    repeat("mailboxes", everyMs, async () => void (await readMailboxes({ ...reading, signal })), reading.log),
  );
  return {
    async stop() {
      ending.abort();
      await Promise.all(readers.map((reader) => reader.stop()));
    },
  };
}
