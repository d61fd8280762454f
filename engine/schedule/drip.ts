import { allow } from "../base/drip-rounds.ts";
import type { EngineContext } from "../engine-context.ts";
import { lockDrip, writeNextRound, writePortionEnd, writeRound } from "./drip-rows.ts";
import type { TakenLane, Turn } from "./turn-rows.ts";
import { giveBack } from "./turn-rows.ts";

/**
 * Opens as much of the lane's portion as the drip allows and counts it in the round. When the round has no room, gives the
 * lane back until the next round and returns undefined.
 */
export async function openRound({ db, clock }: EngineContext, turn: Turn, lane: TakenLane): Promise<TakenLane | undefined> {
  return db.transaction().execute(async (tx) => {
    const row = await lockDrip(tx, lane.send_id, clock);
    if (!row?.drip) return lane;
    const allowance = allow(row.drip, row, row.now, row.zone);
    if (!allowance.open) {
      await writeNextRound(tx, lane.send_id, allowance.nextAt);
      const result = {
        sendId: lane.send_id,
        lane: lane.lane,
        from: lane.from_seq,
        upto: null,
        tries: lane.tries - 1,
        failures: lane.failures,
      };
      await giveBack(
        tx,
        turn,
        { lanes: [{ ...result, delayMs: allowance.nextAt - row.now }], wakeUps: [], delayMs: 0, keepTurn: true },
        clock,
      );
      return undefined;
    }
    const upto = Math.min(lane.upto_seq, lane.from_seq + allowance.count);
    const taken = Math.max(0, Math.min(upto, row.enrolled) - lane.from_seq);
    await writeRound(tx, lane.send_id, { at: allowance.at, used: allowance.used + taken });
    await writePortionEnd(tx, lane.send_id, lane.lane, upto);
    return { ...lane, upto_seq: upto };
  });
}
