import type { EngineContext } from "../engine-context.ts";
import { readAsk } from "../enrollment/approval-rows.ts";
import { judgeApproval } from "../enrollment/judge-approval.ts";
import { letBegin } from "../enrollment/let-begin.ts";
import { listPlanned, lockPlanned } from "./planned-send-rows.ts";

/**
 * Begins approved sends whose planned start has come. What was approved is looked at once more: where the audience has moved or the flow
 * was published since, the send waits for approval again and nothing of it begins. Each is one transaction, so a process that dies in
 * between leaves it to the next look.
 */
export async function beginPlannedSends(context: EngineContext): Promise<void> {
  const { db, clock, log } = context;
  for (const of of await listPlanned(db, clock)) {
    try {
      await db.transaction().execute(async (tx) => {
        if (!(await lockPlanned(tx, of, clock))) return;
        const ask = await readAsk(tx, of, clock);
        const change = ask && (await judgeApproval(context, tx, of, ask, { mayRefuse: false }));
        if (!change) await letBegin(context, tx, { ...of, after: null });
      });
    } catch (error) {
      // The others begin all the same, and this one is tried again at the next look.
      log.error({ err: error, ...of }, "a send whose planned start has come could not be begun");
    }
  }
}
