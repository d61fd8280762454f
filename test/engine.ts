import pino from "pino";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import type { InlineDriver } from "#engine/drivers/inline.ts";
import { createInlineDriver } from "#engine/drivers/inline.ts";
import type { CreateSendInput, Engine, EngineResources } from "#engine/engine.ts";
import { createEngine } from "#engine/engine.ts";
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
}

export const silentLog = pino({ level: process.env.TEST_LOG ?? "silent" });

/** The engine on the inline driver, with providers that count. A second one on the same database is a second worker. */
export async function startTestEngine(db: Db, overrides: Partial<EngineResources> = {}): Promise<TestEngine> {
  const providers = { sms: fakeProvider("sms"), email: fakeProvider("email") };
  const driver = createInlineDriver({ db, log: silentLog });
  const engine = createEngine({
    db,
    nodes: nodeRegistry,
    providerFor: async (_, channel) => providers[channel],
    driver,
    log: silentLog,
    ...overrides,
  });
  await engine.start();
  return {
    engine,
    driver,
    providers,
    run: driver.runUntilIdle,
    async wait(seconds) {
      driver.clock.forward(seconds * 1000);
      return driver.runUntilIdle();
    },
  };
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
