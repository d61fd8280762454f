import type { Db } from "#db/client.ts";
import { readFence } from "#db/queries/send-fence.ts";

/** Milliseconds for which an answer is used. Restoring a database takes longer than that. */
const goodForMs = 1_000;

/** Tells whether the data is a copy that no owner has allowed to send yet. It asks the database at most once a second. */
export function createSendFence(db: Db): { isUp(): Promise<boolean> } {
  let askedAt = Number.NEGATIVE_INFINITY;
  let answer: Promise<boolean> | undefined;
  return {
    isUp() {
      if (answer && performance.now() - askedAt < goodForMs) return answer;
      askedAt = performance.now();
      const asked = readFence(db).then((since) => since !== null);
      answer = asked;
      // If the question fails, so does the turn, and the next turn asks again.
      asked.catch(() => {
        if (answer === asked) answer = undefined;
      });
      return asked;
    },
  };
}
