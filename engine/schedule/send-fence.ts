import type { Db } from "#db/client.ts";
import { readFence } from "#db/queries/send-fence.ts";

/** A turn begins only with an answer that is no older. Putting a database back to another time takes longer than that. */
const goodForMs = 1_000;

/** Whether the data is a copy that nobody has allowed to send yet. Asked for at most once a second. */
export function createSendFence(db: Db): { isUp(): Promise<boolean> } {
  let askedAt = Number.NEGATIVE_INFINITY;
  let answer: Promise<boolean> | undefined;
  return {
    isUp() {
      if (answer && performance.now() - askedAt < goodForMs) return answer;
      askedAt = performance.now();
      const asked = readFence(db).then((since) => since !== null);
      answer = asked;
      // What could not be asked is not known: the turn fails, and the next one asks again.
      asked.catch(() => {
        if (answer === asked) answer = undefined;
      });
      return asked;
    },
  };
}
