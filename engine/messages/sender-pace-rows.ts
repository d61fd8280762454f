import { sql } from "kysely";
import type { Provider, SenderPace } from "#channels/channel.ts";
import { countParts } from "#channels/count-parts.ts";
import type { Db, Tx } from "#db/client.ts";
import { textArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import type { LimitedChannel } from "./channel-limiter-rows.ts";
import { giveBackSlot, type PaceAsk, readSenderState, type SenderState, type Slot, spendSlot, takeSlots } from "./sender-pace.ts";

/** A message that asks for a moment of its sender. */
export interface SenderAsk extends PaceAsk {
  sender: string;
  pace: SenderPace;
}

/**
 * Gives out moments of the senders of a batch, in order, for all workers together: the row of a sender is locked while its moments
 * are given out. It costs a transaction of a few statements for the batch.
 */
export async function takeSenderSlots(db: Db, place: LimitedChannel, asks: readonly SenderAsk[], clock: Clock): Promise<Slot[]> {
  const slots: Slot[] = [];
  await changeSenders(db, place, asks, clock, (sender, state, now) => {
    const own = asks.flatMap((ask, index) => (ask.sender === sender ? [{ ask, index }] : []));
    const [first] = own;
    if (!first) return state;
    const taken = takeSlots(
      state,
      first.ask.pace,
      own.map(({ ask }) => ask),
      now,
    );
    own.forEach(({ index }, n) => {
      slots[index] = taken.slots[n] as Slot;
    });
    return taken.state;
  });
  return slots;
}

/** Reads how far the moments of the senders of a channel are given out, and takes none. */
export async function readSenderStates(db: Db, { workspaceId, channel }: LimitedChannel): Promise<ReadonlyMap<string, SenderState>> {
  const { rows } = await sql<{ sender: string; state: unknown }>`
    select sender, state from private.sender_paces where workspace_id = ${workspaceId} and channel = ${channel}`.execute(db);
  return new Map(
    rows.flatMap(({ sender, state }) => {
      const known = readSenderState(state);
      return known ? [[sender, known] as const] : [];
    }),
  );
}

/** Takes back the moments of messages that do not leave after all. */
export async function giveBackSlots(db: Db, place: LimitedChannel, asks: readonly SenderAsk[], clock: Clock): Promise<void> {
  await changeSenders(db, place, asks, clock, (sender, state) =>
    asks.reduce((left, ask) => (ask.sender === sender && left ? giveBackSlot(left, ask.pace, ask.parts) : left), state),
  );
}

/** Counts a message that a person sends by hand, so that what flows send leaves room for it. */
export async function spendSenderSlot(db: Db, { workspaceId, channel, provider, sender, text }: HandMessage, clock: Clock): Promise<void> {
  if (!provider.paceOf) return;
  const pace = provider.paceOf(sender);
  const parts = countParts[channel](text) ?? 1;
  await changeSenders(db, { workspaceId, channel }, [{ sender }], clock, (_, state, now) => spendSlot(state, pace, parts, now));
}

export interface HandMessage extends LimitedChannel {
  provider: Provider;
  sender: string;
  text: string;
}

type Change = (sender: string, state: SenderState | undefined, now: number) => SenderState | undefined;

async function changeSenders(
  db: Db,
  place: LimitedChannel,
  asks: readonly { sender: string }[],
  clock: Clock,
  change: Change,
): Promise<void> {
  // Every worker locks in the same order.
  const senders = [...new Set(asks.map(({ sender }) => sender))].sort();
  if (senders.length === 0) return;
  await db.transaction().execute(async (tx) => {
    const rows = await lockSenders(tx, place, senders, clock);
    const changed = rows.flatMap(({ sender, state, now }) => {
      const next = change(sender, readSenderState(state), now);
      return next ? [{ sender, state: JSON.stringify(next) }] : [];
    });
    await sql`update private.sender_paces p set state = i.state::jsonb
      from unnest(${textArray(changed.map(({ sender }) => sender))}::text[], ${textArray(changed.map(({ state }) => state))}::text[]) as i (sender, state)
      where p.workspace_id = ${place.workspaceId} and p.channel = ${place.channel} and p.sender = i.sender`.execute(tx);
  });
}

interface SenderRow {
  sender: string;
  state: unknown;
  /** Milliseconds since 1970. */
  now: number;
}

async function lockSenders(
  tx: Tx,
  { workspaceId, channel }: LimitedChannel,
  senders: readonly string[],
  clock: Clock,
): Promise<SenderRow[]> {
  const list = sql`${textArray(senders)}::text[]`;
  const lock = () =>
    sql<SenderRow>`select sender, state, (extract(epoch from ${clock.now}) * 1000)::float8 as now from private.sender_paces
      where workspace_id = ${workspaceId} and channel = ${channel} and sender = any(${list}) order by sender for update`.execute(tx);
  const known = await lock();
  if (known.rows.length === senders.length) return known.rows;
  await sql`insert into private.sender_paces (workspace_id, channel, sender) select ${workspaceId}, ${channel}, s from unnest(${list}) as s
    order by s on conflict do nothing`.execute(tx);
  return (await lock()).rows;
}
