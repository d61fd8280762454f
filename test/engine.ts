import pino from "pino";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import type { TestClock } from "#engine/base/clock.ts";
import type { InlineDriver } from "#engine/drivers/inline.ts";
import { createInlineDriver } from "#engine/drivers/inline.ts";
import type { CreateSendInput, Engine, EngineResources } from "#engine/engine.ts";
import { createEngine } from "#engine/engine.ts";
import type { Work } from "#engine/jobs/driver.ts";
import { defaultWorkSizes, type WorkSizes } from "#engine/jobs/work-sizes.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import type { FakeProvider } from "./fake-provider.ts";
import { fakeProvider } from "./fake-provider.ts";

export interface TestEngine {
  engine: Engine;
  driver: InlineDriver;
  providers: Record<Channel, FakeProvider>;
  /** Runs everything that is due now. */
  run(): Promise<number>;
  /** Moves the clock forward and runs what has become due. */
  wait(seconds: number): Promise<number>;
  /** What a worker does every second beside its jobs: it begins planned sends and looks for what was lost. */
  lookAfter(): Promise<void>;
  /** Resolves when every webhook that was handed over has been called and its answer written. */
  callsMade(): Promise<void>;
}

export const silentLog = pino({ level: process.env.TEST_LOG ?? "silent" });

/** Sends are divided as for one worker, however many engines a test has started. */
const oneWorkers: Partial<WorkSizes> = { smallestChunk: defaultWorkSizes.largestChunk };

/**
 * The engine on the inline driver, with providers that count. A second one on the same database is a second worker. Left out, `clock`
 * is the database's.
 */
export async function startTestEngine(
  db: Db,
  overrides: Partial<EngineResources> = {},
  { clock }: { clock?: TestClock } = {},
): Promise<TestEngine> {
  const providers = { sms: fakeProvider("sms"), email: fakeProvider("email") };
  const driver = createInlineDriver({ db, log: silentLog, clock });
  const engine = createEngine({
    db,
    nodes: nodeRegistry,
    providerFor: async (_, channel) => providers[channel],
    driver,
    log: silentLog,
    ...overrides,
    workSizes: { ...oneWorkers, ...overrides.workSizes },
  });
  let work: Work | undefined;
  const begin = driver.start;
  driver.start = async (begun) => {
    work = begun;
    await begin(begun);
  };
  await engine.start();
  return {
    engine,
    driver,
    providers,
    run: driver.runUntilIdle,
    lookAfter: async () => work?.checkWorkers(),
    callsMade: async () => work?.drainCalls(),
    async wait(seconds) {
      driver.clock.forward(seconds * 1000);
      return driver.runUntilIdle();
    },
  };
}

/** Deletes contacts and erases them at once, as an owner does who does not wait for the bin to be emptied. */
export async function eraseAtOnce({ engine }: TestEngine, { workspaceId, ids }: { workspaceId: string; ids: string[] }) {
  const actor = { id: "00000000-0000-7000-8000-000000000001", name: "Tester" };
  const counts = await engine.deleteContacts({ workspaceId, selection: { type: "ids", ids }, actor });
  await engine.eraseContacts({ workspaceId, ids, actor });
  return counts;
}

/** Does what the other workers do when a worker has fallen silent: frees its jobs and ends its turns. */
export async function freeTheDead(db: Db, { driver }: TestEngine): Promise<void> {
  await driver.release(db, [driver.holder() as string]);
  await db.deleteFrom("private.turns").execute();
}

/** A send to these contacts, with the fields that a person does not choose. */
export function sendTo(workspaceId: string, flowId: string, ids: string[], more: Partial<CreateSendInput> = {}): CreateSendInput {
  return {
    workspaceId,
    flowId,
    selection: { type: "ids", ids },
    source: "manual",
    isTest: false,
    launchedBy: null,
    launchedByName: "Test",
    ...more,
  };
}
