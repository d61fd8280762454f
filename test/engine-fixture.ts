import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { onBreakPoint } from "#engine/base/break-point.ts";
import type { EngineResources } from "#engine/engine.ts";
import { createTestDb, type TestDb } from "./db.ts";
import { startTestEngine, type TestEngine } from "./engine.ts";
import { buildWorkspace } from "./factories.ts";
import { expectTotalsToAddUp } from "./totals.ts";

// The set-up that almost every test of the engine begins with. The exports are live bindings: the hooks below set them before each test.

/** The database of this test file. */
export let db: TestDb;
/** The workspace of this test; a new one for each. */
export let workspaceId: string;
/** The engine of this test, on the inline driver; a new one for each. */
export let sluice: TestEngine;

/** A database for the file. After each test no break point is left set, and the totals of every send must add up. */
export function setUpTestDb(): void {
  beforeAll(async () => {
    db = await createTestDb();
  });
  afterEach(async () => {
    onBreakPoint(undefined);
    await expectTotalsToAddUp(db.owner);
  });
  afterAll(() => db.drop());
}

/** The same, and a workspace for each test. */
export function setUpWorkspace(values: { timeZone?: string } = {}): void {
  setUpTestDb();
  beforeEach(async () => {
    workspaceId = await buildWorkspace(db.owner, values);
  });
}

/** The same, and an engine for each test. */
export function setUpEngine(values: { timeZone?: string } = {}): void {
  setUpWorkspace(values);
  beforeEach(() => restartEngine());
}

/** Another engine takes the place of the one in use, as after a restart. */
export async function restartEngine(
  overrides: Partial<EngineResources> = {},
  options: Parameters<typeof startTestEngine>[2] = {},
): Promise<void> {
  sluice = await startTestEngine(db.owner, overrides, options);
}

/** Another workspace takes the place of the one in use. */
export async function changeWorkspace(): Promise<void> {
  workspaceId = await buildWorkspace(db.owner);
}
