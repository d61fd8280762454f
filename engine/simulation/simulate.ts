import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { Contact } from "#contract/contacts.ts";
import { type Channel, channels, forEachChannel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { ScriptedAnswer, simulationEnds } from "#contract/simulations.ts";
import { simulationLimits } from "#contract/simulations.ts";
import type { Db } from "#db/client.ts";
import { type ContactFields, updateContact } from "#db/queries/contact-writes.ts";
import { inUndoneTransaction } from "#db/undone-transaction.ts";
import { createVirtualClock, type VirtualClock } from "../base/clock.ts";
import { createMemoryDriver, type MemoryDriver } from "../drivers/memory.ts";
import type { WebhookClient } from "../effects/webhook-calls.ts";
import type { Engine } from "../engine.ts";
import { createEngine } from "../engine.ts";
import { readVariables } from "../execution/variables.ts";
import type { Variables } from "../flow/node-executor.ts";
import type { NodeRegistry } from "../flow/node-registry.ts";
import { buildStage, type Stage, type StageInput } from "./build-stage.ts";
import { withIds } from "./ids.ts";
import { createPlaces } from "./places.ts";
import type { EndedExecution, StepRow } from "./simulation-rows.ts";
import {
  optOut,
  readAddress,
  readContact,
  readExecution,
  readPlace,
  readStanding,
  readSteps,
  readVersion,
  wakeWatchers,
} from "./simulation-rows.ts";
import { drawAsReally, recordingProvider, toAnswer } from "./stand-ins.ts";

/** What happens to the contact, in milliseconds since 1970. */
export type ScriptedEvent = { at: number } & (
  | { type: "stop"; channel: Channel | "all" }
  | { type: "reply"; channel: Channel; text: string }
  | { type: "change"; fields: ContactFields }
);

export interface SimulateInput extends StageInput {
  startAt: Date;
  triggerData?: Record<string, unknown> | undefined;
  events: readonly ScriptedEvent[];
  answers: Readonly<Record<string, ScriptedAnswer>>;
  seed: string;
  /** Who asks; the workspace itself where it is left out. */
  person?: string | undefined;
}

export interface MadeCall {
  nodeId: string;
  at: Date;
  method: string;
  url: string;
  body: string | null;
  answer: ScriptedAnswer;
}

export interface SimulationResult {
  end: (typeof simulationEnds)[number];
  endedAt: Date;
  /** Why the contact was not let in; null where it was. */
  notEnrolled: Reason | null;
  execution: EndedExecution | undefined;
  /** As it is at the end. */
  contact: Contact;
  variables: Variables;
  steps: (StepRow & { flow_name: string })[];
  calls: MadeCall[];
  /** How many of the events came before the end. */
  eventsSeen: number;
}

export type Simulate = (input: SimulateInput) => Promise<SimulationResult>;

const dayMs = 24 * 3600 * 1000;

interface SimulatorOptions {
  db: Db;
  nodes: NodeRegistry;
  log: Logger;
  /** How many steps and seconds a simulation may take; what the API promises where it is left out. */
  limits?: { steps: number; seconds: number };
  /** Milliseconds that have passed, since whenever. */
  elapsed?: () => number;
  /** For how many milliseconds a simulation waits for its turn. */
  waitMs?: number;
}

const now = () => performance.now();

/**
 * Simulates a flow for one contact by the engine itself: in a copied workspace of this one contact, on a virtual clock, in a
 * transaction that is rolled back. No row that a worker needs is locked, nothing is sent or called, and nothing stays.
 */
export function createSimulator({
  db,
  nodes,
  log,
  limits = simulationLimits,
  elapsed = now,
  waitMs = simulationLimits.waitSeconds * 1_000,
}: SimulatorOptions): Simulate {
  const withinMs = limits.seconds * 1_000;
  const places = createPlaces({ atOnce: simulationLimits.atOnce, waitMs });
  return async (input) => {
    const leave = await places.enter({ workspaceId: input.workspaceId, person: input.person ?? input.workspaceId });
    const deadline = elapsed() + withinMs;
    const isInTime = () => elapsed() < deadline;
    try {
      return await inUndoneTransaction(db, { withinMs }, async (undone) => {
        const stage = await buildStage(undone, input);
        return run({ db: undone, nodes, log, stage, input, isInTime, mostSteps: limits.steps });
      });
    } finally {
      leave();
    }
  };
}

interface Run {
  db: Db;
  nodes: NodeRegistry;
  log: Logger;
  stage: Stage;
  input: SimulateInput;
  isInTime: () => boolean;
  mostSteps: number;
}

async function run({ db, nodes, log, stage, input, isInTime, mostSteps }: Run): Promise<SimulationResult> {
  const clock = createVirtualClock(input.startAt);
  const driver = createMemoryDriver(clock);
  const calls: MadeCall[] = [];
  const providers = forEachChannel(recordingProvider);
  const engine = createEngine({
    db,
    nodes: drawAsReally(nodes, { originals: stage.originals, seed: input.seed }),
    providerFor: async (_, channel) => providers[channel],
    callWebhook: answerByScript({ db, clock, answers: input.answers, calls }),
    driver,
    log: log.child({ simulation: true }),
    simulatesIn: stage.workspaceId,
  });
  await engine.start();
  try {
    const { executionId, skipped } = await enrol(engine, stage, input);
    const walked = await walkThrough({ db, clock, driver, engine, stage, input, isInTime, mostSteps });
    const steps = await readSteps(db, stage.workspaceId, mostSteps);
    const execution = executionId === null ? undefined : await readExecution(db, executionId);
    const named = steps.map((step) => ({ ...step, flow_name: stage.flowNames.get(stage.originals.get(step.flow_id) ?? "") ?? "" }));
    return {
      ...walked,
      endedAt: new Date(clock.time()),
      notEnrolled: skipped[0]?.reason ?? null,
      execution,
      contact: await readContact(db, stage.contactId),
      variables: withIds(readVariables(execution?.variables) ?? {}, stage.originals),
      // Times are made dates again, which they are not where ids were replaced in their text.
      steps: named.map(({ wake_at, started_at, completed_at, ...step }) => ({
        ...withIds(step, stage.originals),
        wake_at,
        started_at,
        completed_at,
      })),
      calls: calls.map((call) => ({ ...withIds(call, stage.originals), at: call.at })),
    };
  } finally {
    await engine.stop();
  }
}

const enrol = (engine: Engine, stage: Stage, { triggerData }: SimulateInput) =>
  engine.createSend({
    workspaceId: stage.workspaceId,
    flowId: stage.flowId,
    selection: { type: "ids", ids: [stage.contactId] },
    source: "manual",
    isTest: false,
    standIns: true,
    ...(triggerData && { triggerData }),
    launchedBy: null,
    launchedByName: null,
  });

/** Lets the engine work until it is idle, moves the clock to what comes next, and so on until nothing is left. */
async function walkThrough({
  db,
  clock,
  driver,
  engine,
  stage,
  input,
  isInTime,
  mostSteps,
}: Pick<Run, "db" | "stage" | "input" | "isInTime" | "mostSteps"> & { clock: VirtualClock; driver: MemoryDriver; engine: Engine }): Promise<
  Pick<SimulationResult, "end" | "eventsSeen">
> {
  const { workspaceId, contactId } = stage;
  const latest = input.startAt.getTime() + simulationLimits.days * dayMs;
  const events = [...input.events].sort((a, b) => a.at - b.at);
  let eventsSeen = 0;
  let version = await readVersion(db, contactId);

  for (;;) {
    await driver.runUntilIdle(isInTime);
    const present = await readVersion(db, contactId);
    if (present !== version) {
      version = present;
      await wakeWatchers(db, workspaceId, clock);
      continue;
    }
    const { steps, open, nextAt } = await readStanding(db, workspaceId);
    if (open === 0) return { end: "over", eventsSeen };
    if (steps >= mostSteps) return { end: "too_many_steps", eventsSeen };
    if (!isInTime()) return { end: "took_too_long", eventsSeen };
    const next = Math.min(
      nextAt ?? Number.POSITIVE_INFINITY,
      driver.nextAt() ?? Number.POSITIVE_INFINITY,
      events[eventsSeen]?.at ?? Number.POSITIVE_INFINITY,
    );
    if (next === Number.POSITIVE_INFINITY) return { end: "waiting", eventsSeen };
    if (next > latest) return { end: "too_many_days", eventsSeen };
    // Something that is due and was left alone is asked for again a little later, so that the time always moves.
    clock.moveTo(Math.max(next, clock.time() + 1));
    for (let event = events[eventsSeen]; event && event.at <= clock.time(); event = events[eventsSeen]) {
      await happen(db, { event, workspaceId, contactId, clock, engine });
      eventsSeen += 1;
    }
  }
}

async function happen(
  db: Db,
  {
    event,
    workspaceId,
    contactId,
    clock,
    engine,
  }: { event: ScriptedEvent; workspaceId: string; contactId: string; clock: VirtualClock; engine: Engine },
): Promise<void> {
  switch (event.type) {
    case "stop":
      await optOut(db, contactId, event.channel === "all" ? channels : [event.channel], clock);
      return;
    case "change":
      await updateContact(db, { workspaceId, id: contactId, fields: event.fields });
      return;
    case "reply": {
      const from = await readAddress(db, contactId, event.channel);
      // A contact without an address cannot write.
      if (from === null) return;
      const message = { kind: "received", providerMessageId: randomUUID(), from, to: "simulation", text: event.text, files: 0 } as const;
      await engine.takeInbound({ workspaceId, channel: event.channel, provider: "simulation", events: [message] });
      await engine.inboundIdle();
    }
  }
}

const unscripted: ScriptedAnswer = { type: "success", status: 200 };

/** Answers the webhook calls of a simulation from its script and keeps what would have been called. */
function answerByScript({
  db,
  clock,
  answers,
  calls,
}: {
  db: Db;
  clock: VirtualClock;
  answers: Readonly<Record<string, ScriptedAnswer>>;
  calls: MadeCall[];
}): WebhookClient {
  return async (_, request, { idempotencyKey }) => {
    const nodeId = (await readPlace(db, idempotencyKey.slice(0, idempotencyKey.indexOf(":")))) ?? "";
    const answer = (Object.hasOwn(answers, nodeId) && answers[nodeId]) || unscripted;
    const { method, url, body } = request;
    calls.push({ nodeId, at: new Date(clock.time()), method, url, body: body ?? null, answer });
    return toAnswer(answer, request);
  };
}
