import type { Channel } from "#contract/messages.ts";
import { channels } from "#contract/messages.ts";
import { PassWork } from "#contract/work-budget.ts";
import { EngineRefusal } from "../base/refusal.ts";
import { readSpelling } from "../effects/decide-change.ts";
import type { EngineContext } from "../engine-context.ts";
import type { ChunkExecution } from "../execution/chunk.ts";
import { ofIds, readExecutions } from "../execution/read-rows.ts";
import type { ForecastFacts } from "../forecast/facts.ts";
import { namesOfProviders } from "../forecast/provider-names.ts";
import { asReader } from "../forecast/reader-rows.ts";
import type { Stage } from "../forecast/stage.ts";
import { walkOfOne } from "../forecast/walk-together.ts";
import { type KnownOfContact, passCall, startWalk, type Walked } from "../forecast/walked.ts";
import { findConsented } from "../messages/consented-rows.ts";
import { readCountedMessages } from "../messages/contact-cap-rows.ts";
import { readGateFacts } from "../messages/gate.ts";
import { readWroteLately } from "../messages/wrote-lately-rows.ts";
import { addOutputs, addReached, addReplies, addVisits, addWaiting } from "../pass/load-memory.ts";
import { loadSends, toExecution } from "../pass/read-chunk.ts";
import { type RestRow, readOnly, readRests } from "./plan-contact-rows.ts";

interface Whose {
  workspaceId: string;
  contactIds: readonly string[];
}

/** An execution that goes on, with the place at which it rests. */
export interface Standing {
  rest: RestRow;
  /** Undefined where it has ended since its place was read, or beyond the limit. */
  execution: ChunkExecution | undefined;
}

/** Reads what contacts are in the middle of, whoever goes on first at the head. More than `limit` executions are told by their places only. */
export async function readStanding(
  context: EngineContext,
  { workspaceId, contactIds, limit, only = () => true }: Whose & { limit: number; only?: (rest: RestRow) => boolean },
): Promise<{ standing: Standing[]; now: number }> {
  const { clock } = context;
  return readOnly(context.db, async (tx) => {
    const rests = (await readRests(tx, { workspaceId, contactIds, limit: limit + 1 }, clock)).filter(only);
    const rows = await readExecutions(tx, ofIds(rests.slice(0, limit).map(({ id }) => id)), clock, { asleep: true });
    const { sends, time } = await loadSends(tx, [...new Set(rows.map(({ send_id }) => send_id))], clock);
    const flows = await context.flows.load(tx, [...new Set(rows.map(({ flow_version_id }) => flow_version_id))]);
    const executions = rows.flatMap((row) => {
      const send = sends.get(row.send_id);
      const flow = flows.get(row.flow_version_id) ?? { problem: "The flow version was deleted." };
      return send ? [toExecution(row, send, { flow, beganAt: time(), work: new PassWork() })] : [];
    });
    await addVisits(tx, executions);
    await addOutputs(tx, executions);
    await addWaiting(tx, executions);
    await addReached(tx, executions);
    await addReplies(tx, executions);
    const byId = new Map(executions.map((execution) => [execution.id, execution]));
    return { standing: rests.map((rest) => ({ rest, execution: byId.get(rest.id) })), now: time() };
  });
}

/** What the gate asks beside the executions themselves: of the workspace, and of each contact. It is read as the role of a forecast. */
export async function readGateOf(
  context: EngineContext,
  { workspaceId, contactIds }: Whose,
): Promise<{ facts: ForecastFacts; knownOf(contactId: string): KnownOfContact }> {
  const { clock } = context;
  const providers = await namesOfProviders(context, workspaceId);
  return asReader(context.db, workspaceId, async (tx) => {
    const { whole, had } = await readCountedMessages(tx, { workspaceId, contactIds, days: 7 }, clock);
    const consented = await findConsented(tx, { workspaceId, channel: "sms", contactIds });
    const wrote = await readWroteLately(tx, { workspaceId, channel: "sms", contactIds }, clock);
    const lastSenders: readonly (readonly [Channel, string])[] = [];
    return {
      facts: {
        gate: await readGateFacts(tx, { workspaceId, channels }),
        providers,
        links: context.links,
        spellStatus: await readSpelling(tx, workspaceId),
        cap: whole,
        book: undefined,
        limits: undefined,
        keepsTexts: false,
      },
      knownOf: (id) => ({ had: had.get(id) ?? [], consented: consented(id), wroteAt: wrote.get(id), lastSenders }),
    };
  });
}

interface WalkOn extends Pick<Stage, "facts" | "pace"> {
  workspaceId: string;
  /** What one contact is in the middle of. */
  all: readonly { rest: RestRow; execution: ChunkExecution }[];
  known: KnownOfContact;
  now: number;
  /** Nobody looks at what follows so many steps, or this moment, in milliseconds since 1970. */
  mostSteps?: number;
  until?: number;
}

/** A test sends nothing, and what is paused, held behind the few of its send or about to be ended does not go on. */
export const goesOn = ({ is_test, is_paused, is_held, is_leaving }: RestRow): boolean => !is_test && !is_paused && !is_held && !is_leaving;

/** Whether it is known what follows. What follows another flow is known when that has ended. */
export const isWalkable = ({ flow }: ChunkExecution, { waiting_for }: RestRow): boolean =>
  flow.problem === undefined && waiting_for !== "child";

/**
 * Walks executions of one contact on from where they rest, by the engine's own code, on the contact as it is now and side by side, so that
 * a limit which they reach together holds the later one back. A walk that takes too long is given up (`isCut`). They are answered in the
 * order in which they were given.
 */
export async function walkStanding(context: EngineContext, { workspaceId, all, known, now, ...given }: WalkOn): Promise<Walked[]> {
  const walks = all.map(({ rest, execution }) => {
    const walked = startWalk(execution, Math.max(now, rest.until?.getTime() ?? now), known);
    if (rest.waiting_for === "call") passCall(walked);
    return walked;
  });
  const over = new Set<Walked>();
  const sink = { refused: () => {}, walked: (walked: Walked) => void over.add(walked) };
  try {
    await walkOfOne({ context, audience: { workspaceId }, sink, ...given }, walks);
  } catch (error) {
    if (!isTooLong(error)) throw error;
    // What was found so far is told. These flows go on, and how is not known.
    for (const walked of walks) if (!over.has(walked)) walked.isCut = true;
  }
  return walks;
}

const isTooLong = (error: unknown) => error instanceof EngineRefusal && error.code === "forecast_too_large";
